/** A scheduled deletion: whether it is still valid, when its waiting period ends, and its two actions. Times are epoch milliseconds. */
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import type { Backup, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { KEEP_TAG } from '../guards/ownership.ts';
import { suspendedAfter } from '../guards/suspensions.ts';
import type { Observed } from '../observed.ts';
import { acting, type Outcome } from '../outcome.ts';
import { expiresAt } from '../phase.ts';

/** If purge did not delete a table for this long after its waiting period, much may have changed since. */
const VALID_MS = 7 * DAY_MS;

export const waitingPeriodEnd = ({ spec }: Table, scheduledAt: number): number =>
  scheduledAt + spec.settings.purge.waitingPeriodMs;

/**
 * When the deletion of this table was scheduled; undefined if it was not, or if the record is not valid: it is for an
 * earlier table of the same name, is too old or dated in the future, or purging has been suspended since.
 */
export function validSince(
  observed: Observed,
  table: Table,
  { createdAt }: TableState,
  now: number,
): number | undefined {
  const scheduled = observed.scheduledDeletions.get(table.name);
  if (!scheduled || scheduled.inFuture || scheduled.createdAt !== createdAt) return undefined;
  const { scheduledAt } = scheduled;
  // A run for an earlier instant does not replace the schedule, or the waiting period would end too early.
  if (now > waitingPeriodEnd(table, scheduledAt) + VALID_MS) return undefined;
  return suspendedAfter(observed, scheduledAt) ? undefined : scheduledAt;
}

const retentionEnded = ({ spec, period }: Table): string =>
  `Retention ended at ${sayInstant(expiresAt(spec, period))}`;

export function scheduleDeletion(table: Table, state: TableState, now: number): Outcome {
  return acting({
    kind: 'schedule-deletion',
    reason: 'expired',
    createdAt: iso(state.createdAt),
    ...rescheduled(table, now),
  });
}

/** The parts of the action that depend on when the waiting period starts. */
export const rescheduled = (table: Table, scheduledAt: number) => ({
  message: `${retentionEnded(table)}, and the waiting period ends at ${sayInstant(waitingPeriodEnd(table, scheduledAt))}. To keep the table, add the tag ${KEEP_TAG}.`,
  scheduledAt: iso(scheduledAt),
});

export function deletion(table: Table, state: TableState, scheduledAt: number, backup?: Backup): Outcome {
  const saved = backup ? ` The final backup of ${sayInstant(backup.createdAt)} is AVAILABLE.` : '';
  return acting({
    kind: 'delete',
    reason: 'still-expired',
    message: `${retentionEnded(table)}. The deletion was scheduled at ${sayInstant(scheduledAt)} and the waiting period has ended.${saved}`,
    createdAt: iso(state.createdAt),
    scheduledAt: iso(scheduledAt),
    ...(state.deletionProtected && { unprotect: true }),
    ...(backup && { backup: backup.arn }),
  });
}
