/** A run that is abandoned in the simulator and a process that is killed leave the same world behind. */
import { expect, test } from 'vitest';
import { embeddedStage } from '../../chaos/embedded.ts';
import { Ledger } from '../../chaos/ledger.ts';
import type { Crash, Effect, Run, Witness } from '../../chaos/run.ts';
import { simulatedStage } from '../../chaos/simulated.ts';
import type { Stage } from '../../chaos/stage.ts';
import { DAY, HOUR } from '../support/specs.ts';
import { filesOf, runnerOf, START, sharedLambdas } from './runs.ts';

const files = filesOf({ BillingMode: 'PAY_PER_REQUEST' });
const lambdas = sharedLambdas();

type Open = (start: number, witness: Witness) => Promise<Stage>;
const simulated: Open = async (start, witness) => simulatedStage(start, witness);
const embedded: Open = (start, witness) => embeddedStage(start, witness, lambdas());

/** Three days of rotate and purge; the last of these runs may die. What is left, and whether the next gets a lease. */
async function story(open: Open, last: Run['job'], crash?: Crash) {
  let stage: Stage | undefined;
  const ledger = new Ledger(() => stage!.now());
  const effects: { kind: Effect['kind']; atCall: number }[] = [];
  stage = await open(START, {
    wanted: (effect, run) => ledger.wanted(effect, run),
    done(effect, run, instant) {
      effects.push({ kind: effect.kind, atCall: run.calls });
      ledger.done(effect, run, instant);
    },
    refused: (effect, run, message) => ledger.refused(effect, run, message),
  });
  stage.edit(files);
  const invoke = runnerOf(stage, ledger, files);
  for (let day = 0; day < 2; day += 1) {
    for (const job of ['rotate', 'purge'] as const) {
      await invoke(job);
      await stage.pass(HOUR);
    }
    await stage.pass(DAY);
  }
  if (last === 'purge') await invoke('rotate');
  await stage.pass(HOUR);
  effects.length = 0;
  const run = await invoke(last, crash && { crash });
  const { tables, scheduledDeletions } = await stage.truth();
  const { outcome } = await invoke(last);
  const next = outcome?.kind === 'summary' ? outcome.summary.outcome : outcome;
  await stage.close();
  const left = {
    how: run.outcome?.kind,
    tables: [...tables].sort(),
    scheduledDeletions,
    next,
    effects: [...effects],
  };
  return { ...left, violations: ledger.violations };
}

const TRIES = 5;

/** How often a table is asked whether a change has landed is chance, and shifts the numbers of the calls after it. */
async function killedAt(job: Run['job'], place: number, performed: boolean) {
  for (let tried = 1; ; tried += 1) {
    const { atCall } = (await story(embedded, job)).effects[place]!;
    const killed = await story(embedded, job, { atCall, performed });
    if (killed.effects.length === place + (performed ? 1 : 0) || tried === TRIES) return killed;
  }
}

const kinds = ({ effects }: Awaited<ReturnType<typeof story>>): string[] => effects.map(({ kind }) => kind);

test.each(['rotate', 'purge'] as const)(
  '%s: whatever change is its last',
  { timeout: 300_000 },
  async (job) => {
    const [here, there] = [await story(simulated, job), await story(embedded, job)];
    expect(kinds(here).length).toBeGreaterThan(0);
    expect(kinds(there)).toEqual(kinds(here));
    for (const [place, { atCall }] of here.effects.entries()) {
      for (const performed of [true, false]) {
        const abandoned = await story(simulated, job, { atCall, performed });
        const killed = await killedAt(job, place, performed);
        expect(abandoned).toMatchObject({ how: 'crashed', next: 'skipped', violations: [] });
        expect({ ...killed, effects: kinds(killed) }).toEqual({ ...abandoned, effects: kinds(abandoned) });
      }
    }
  },
);
