/** Whether a scheduled deletion is still valid, and when its waiting period ends. Times are epoch milliseconds. */
import { DAY_MS } from '../calendar/period.ts';
import type { Table } from '../fleet.ts';
import { suspendedAfter } from '../guards/suspensions.ts';
import type { Observed, TableState } from '../observed.ts';

/** If purge did not delete a table for this long after its waiting period, much may have changed since. */
const VALID_MS = 7 * DAY_MS;

export const waitingPeriodEnd = ({ spec }: Table, scheduledAt: number): number =>
  scheduledAt + spec.settings.purge.waitingPeriodMs;

/**
 * When the deletion of this table was scheduled; undefined if it was not, or if that is not valid any longer: it was
 * for an earlier table of the same name, is too old, or purging has been suspended since.
 */
export function validSince(
  observed: Observed,
  table: Table,
  { createdAt }: TableState,
  now: number,
): number | undefined {
  const scheduled = observed.scheduledDeletions.get(table.name);
  if (!scheduled || scheduled.createdAt !== createdAt) return undefined;
  const { scheduledAt } = scheduled;
  // A run for an earlier instant keeps the schedule: replacing it would move the end of the waiting period forward.
  if (now > waitingPeriodEnd(table, scheduledAt) + VALID_MS) return undefined;
  return suspendedAfter(observed, scheduledAt) ? undefined : scheduledAt;
}
