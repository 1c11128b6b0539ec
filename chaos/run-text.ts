import { iso } from '../src/core/calendar/instant.ts';
import { needsAttention } from '../src/core/failing-holds.ts';
import type { Summary } from '../src/jobs/run.ts';
import type { Files } from './operator.ts';
import type { Run } from './run.ts';

/** Whether a run did not get the lease. It is skipped, or fails if no run has finished for long. */
export const gotNoLease = ({ job }: Run, { message }: Summary): boolean =>
  message.startsWith(`Another ${job} run is in progress`);

/** Whether a cap held some deletions, so that the next run continues. */
export const capped = ({ outcome }: Run): boolean =>
  outcome?.kind === 'summary' && outcome.summary.holds.some(({ reason }) => reason === 'cap');

/** The failures of a run without faults. An unmanaged table with a name of the group is not a failure of the run. */
export function failuresOf({ outcome, message, results, holds }: Summary): string[] {
  if (outcome === 'done') return [];
  const failed = results.filter((result) => result.outcome === 'failed' || result.outcome === 'skipped');
  const others = holds.filter((hold) => needsAttention(hold) && hold.urgent !== true);
  const failures = [...failed.map(({ error }) => String(error)), ...others.map((hold) => hold.message)];
  return failures.length > 0 || outcome === 'skipped' ? [message, ...failures] : [];
}

export const describeGroup = ({
  TableName,
  RotationScheme,
  PurgeRotation = '-1',
}: Files['tables'][number]): string => `${TableName} ${RotationScheme} ${PurgeRotation}`;

export function describeRun({ id, outcome, faults, crash, eventTime, began, skewMs }: Run): string {
  const event = eventTime === began ? '' : ` for an event of ${iso(eventTime).slice(0, 16)}`;
  const skew =
    skewMs === 0 ? '' : ` with its clock ${Math.abs(skewMs) / 1000} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  const count = faults.injected === 0 ? '' : ` ${faults.injected} faults`;
  const head = `${id}${event}${skew}${count}:`;
  if (outcome?.kind === 'crashed')
    return `${head} died ${crash?.performed ? 'after' : 'before'} call ${crash?.atCall}`;
  if (outcome?.kind === 'error') return `${head} ${outcome.name}: ${outcome.message}`;
  const { summary } = outcome!;
  const results = summary.results.map(({ action, outcome: how }) => `${action.kind} ${action.table} ${how}`);
  if (summary.outcome === 'failed' && results.length === 0 && summary.holds.length === 0)
    return `${head} failed: ${summary.message}`;
  return `${head} ${summary.outcome} ${results.join(', ')} [${[...new Set(summary.holds.map(({ reason }) => reason))].join(', ')}]`;
}
