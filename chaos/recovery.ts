import { DAY_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Ledger } from './ledger.ts';
import type { Run } from './run.ts';
import { capped, failuresOf } from './run-text.ts';

/** A history without further faults. */
interface FaultFree {
  readonly config: Config;
  readonly ledger: Ledger;
  pass(durationMs: number): Promise<void>;
  invoke(job: Job, eventTime?: number): Promise<Run>;
  compare(): Promise<void>;
}

/** By then, the lease of a crashed run has expired. */
const LEASE_EXPIRES_MS = 6 * MINUTE_MS;
/** By then, a new or changed table is ACTIVE. */
const SETTLES_MS = 2 * MINUTE_MS;
/** Long enough to schedule and complete the deletion of expired tables. */
const DAYS = 3;

/** After one run of each job, a second run must do nothing. Every expired table must be deleted or held. */
export async function recover(history: FaultFree): Promise<void> {
  await history.pass(LEASE_EXPIRES_MS);
  for (let day = 0; day < DAYS; day += 1) {
    const runs: Run[] = [];
    for (const job of ['rotate', 'scale', 'purge'] as const) {
      runs.push(await history.invoke(job));
      await history.pass(SETTLES_MS);
    }
    await history.compare();
    for (const run of runs) {
      checkRecovery(run, history);
      checkFixedPoint(run, await history.invoke(run.job, run.eventTime), history);
    }
    await history.pass(DAY_MS);
  }
}

function checkRecovery({ job, outcome }: Run, { ledger }: FaultFree): void {
  const failures = outcome?.kind === 'summary' ? failuresOf(outcome.summary) : [JSON.stringify(outcome)];
  ledger.check(failures.length === 0, 'recovery', `${job} fails without faults: ${failures.join(' ')}`);
}

/** The tables that a run backed up or exported, which the next run deletes. */
const saved = ({ outcome }: Run): Set<string> =>
  new Set(
    outcome?.kind === 'summary'
      ? outcome.summary.results.flatMap(({ action }) =>
          ['back-up', 'archive'].includes(action.kind) ? [action.table] : [],
        )
      : [],
  );

/** The tables of which a run of purge turned point-in-time recovery on, and which the next run exports. */
const exportable = ({ job, outcome }: Run): Set<string> =>
  new Set(
    job === 'purge' && outcome?.kind === 'summary'
      ? outcome.summary.results.flatMap(({ action }) => (action.kind === 'recovery' ? [action.table] : []))
      : [],
  );

/** The tables whose deletion a run canceled because they were used after their backup. They need another backup. */
function usedAfterBackup({ outcome }: Run): Set<string> {
  if (outcome?.kind !== 'summary') return new Set();
  const { results, holds } = outcome.summary;
  const used = new Set(holds.flatMap(({ table, reason }) => (reason === 'in-use' ? [table] : [])));
  return new Set(
    results.flatMap(({ action: { kind, table } }) =>
      kind === 'cancel-deletion' && used.has(table) ? [table] : [],
    ),
  );
}

function checkFixedPoint(first: Run, { job, outcome }: Run, { config, ledger }: FaultFree): void {
  if (capped(first)) return;
  if (outcome?.kind !== 'summary') return ledger.check(false, 'second run', JSON.stringify(outcome));
  const { results, holds } = outcome.summary;
  const again = usedAfterBackup(first);
  const next = exportable(first);
  const left = results
    .filter(({ action }) => !(action.kind === 'delete' && saved(first).has(action.table)))
    .filter(({ action }) => !(action.kind === 'schedule-deletion' && again.has(action.table)))
    .filter(({ action }) => !(action.kind === 'archive' && next.has(action.table)))
    .map(({ action }) => `${action.kind} ${action.table}`);
  ledger.check(left.length === 0, 'second run', `a second run of ${job} requests ${left.join(', ')}`);
  if (job !== 'purge') return;
  // Every expired table is deleted, or a hold says why not.
  const held = new Set(holds.map(({ table }) => table));
  for (const name of ledger.expired(config, first.eventTime))
    ledger.check(
      held.has(name) || again.has(name) || next.has(name),
      'purge',
      `${name} is expired, and no hold says why it is not deleted`,
    );
}
