import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Ledger } from './ledger.ts';
import type { Run } from './run.ts';
import { capped, troublesOf } from './words.ts';

/** A history whose faults have stopped. */
interface Quiet {
  readonly config: Config;
  readonly ledger: Ledger;
  pass(durationMs: number): Promise<void>;
  invoke(job: Job, eventTime?: number): Promise<Run>;
  compare(): Promise<void>;
}

/** A crashed run's lease stands for its deadline and the grace of the last call. */
const LEASE_LAPSES_MS = 6 * MINUTE_MS;
/** A new table, or a changed one, is ACTIVE by then. */
const SETTLES_MS = 2 * MINUTE_MS;
/** Long enough for two looks at what has expired. */
const DAYS = 3;

/** One run of each job has to reach what a second one leaves alone, and purge must come through. */
export async function recover(quiet: Quiet): Promise<void> {
  await quiet.pass(LEASE_LAPSES_MS);
  for (let day = 0; day < DAYS; day += 1) {
    const runs: Run[] = [];
    for (const job of ['rotate', 'scale', 'purge'] as const) {
      runs.push(await quiet.invoke(job));
      await quiet.pass(SETTLES_MS);
    }
    await quiet.compare();
    for (const run of runs) {
      checkRecovery(run, quiet);
      checkFixedPoint(run, await quiet.invoke(run.job, run.eventTime), quiet);
    }
    await quiet.pass(DAY_MS);
  }
}

function checkRecovery({ job, outcome }: Run, { ledger }: Quiet): void {
  const troubles = outcome?.kind === 'summary' ? troublesOf(outcome.summary) : [JSON.stringify(outcome)];
  ledger.check(troubles.length === 0, 'recovery', `${job} fails without any fault: ${troubles.join(' ')}`);
}

/** What a run has backed up goes by the next one. */
const secured = ({ outcome }: Run): Set<string> =>
  new Set(
    outcome?.kind === 'summary'
      ? outcome.summary.results.flatMap(({ action }) => (action.kind === 'back-up' ? [action.table] : []))
      : [],
  );

function checkFixedPoint(first: Run, { job, outcome }: Run, { config, ledger }: Quiet): void {
  if (capped(first)) return;
  if (outcome?.kind !== 'summary') return ledger.check(false, 'fixed point', JSON.stringify(outcome));
  const { results, holds } = outcome.summary;
  const left = results
    .filter(({ action }) => !(action.kind === 'delete' && secured(first).has(action.table)))
    .map(({ action }) => `${action.kind} ${action.table}`);
  ledger.check(left.length === 0, 'fixed point', `${job} again wants to ${left.join(', ')}`);
  if (job !== 'purge') return;
  // Every expired table is on its way, or held for a reason that is told.
  const told = new Set(holds.map(({ table }) => table));
  for (const name of ledger.expired(config, first.eventTime))
    ledger.check(told.has(name), 'purge', `${name} is expired, and nobody says why it stays`);
}
