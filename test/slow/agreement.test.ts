/** An abandoned run in the simulator and a killed process leave the same state. */
import { expect, test } from 'vitest';
import { embeddedSystem } from '../../chaos/embedded.ts';
import { Ledger } from '../../chaos/ledger.ts';
import type { Crash, Effect, Observer, Run } from '../../chaos/run.ts';
import { simulatedSystem } from '../../chaos/simulated.ts';
import type { System } from '../../chaos/system.ts';
import { filesOf, runnerOf, START, sharedLambdas } from '../chaos/runs.ts';
import { DAY, HOUR } from '../support/specs.ts';

const files = filesOf({ BillingMode: 'PAY_PER_REQUEST' });
const lambdas = sharedLambdas();

type Open = (start: number, observer: Observer) => Promise<System>;
const simulated: Open = async (start, observer) => simulatedSystem(start, observer);
const embedded: Open = (start, observer) => embeddedSystem(start, observer, lambdas());

/** Runs rotate and purge for three days. The last run can crash. Returns the state, and whether the next run gets a lease. */
async function outcomeOf(open: Open, last: Run['job'], crash?: Crash) {
  let system: System | undefined;
  const ledger = new Ledger(() => system!.now());
  const effects: { kind: Effect['kind']; atCall: number }[] = [];
  system = await open(START, {
    requested: (effect, run) => ledger.requested(effect, run),
    done(effect, run, instant) {
      effects.push({ kind: effect.kind, atCall: run.calls });
      ledger.done(effect, run, instant);
    },
    rejected: (effect, run, message) => ledger.rejected(effect, run, message),
  });
  system.edit(files);
  const invoke = runnerOf(system, ledger, files);
  for (let day = 0; day < 2; day += 1) {
    for (const job of ['rotate', 'purge'] as const) {
      await invoke(job);
      await system.pass(HOUR);
    }
    await system.pass(DAY);
  }
  if (last === 'purge') await invoke('rotate');
  await system.pass(HOUR);
  effects.length = 0;
  const run = await invoke(last, crash && { crash });
  const { tables, scheduledDeletions } = await system.actualState();
  const { outcome } = await invoke(last);
  const next = outcome?.kind === 'summary' ? outcome.summary.outcome : outcome;
  await system.close();
  const left = {
    how: run.outcome?.kind,
    tables: [...tables].sort(),
    scheduledDeletions,
    next,
    effects: [...effects],
  };
  return { ...left, violations: ledger.violations };
}

/** The changes, except records of the history, which the wire does not show one by one. */
const kinds = ({ effects }: Awaited<ReturnType<typeof outcomeOf>>): string[] =>
  effects.map(({ kind }) => kind).filter((kind) => kind !== 'history');

test.each(['rotate', 'purge'] as const)(
  '%s leaves the same state in the simulator and the process, whichever change is its last',
  async (job) => {
    const [here, there] = [await outcomeOf(simulated, job), await outcomeOf(embedded, job)];
    expect(kinds(here).length).toBeGreaterThan(0);
    expect(kinds(there)).toEqual(kinds(here));
    const changes = here.effects.filter(({ kind }) => kind !== 'history');
    for (const [place, { atCall }] of changes.entries()) {
      for (const performed of [true, false]) {
        const abandoned = await outcomeOf(simulated, job, { atCall, performed });
        const killed = await outcomeOf(embedded, job, { atChange: place + 1, performed });
        expect(abandoned).toMatchObject({ how: 'crashed', next: 'skipped', violations: [] });
        expect({ ...killed, effects: kinds(killed) }).toEqual({ ...abandoned, effects: kinds(abandoned) });
      }
    }
  },
);
