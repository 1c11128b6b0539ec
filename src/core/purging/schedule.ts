/** A scheduled deletion: whether it is still valid, when its waiting period ends, and its two actions. Times are epoch milliseconds. */
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import { undoTeardownCommand } from '../commands.ts';
import type { ArchivedExport, Backup, Closing, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { sayClosed } from '../guards/closing.ts';
import { KEEP_TAG } from '../guards/ownership.ts';
import { suspendedAfter } from '../guards/suspensions.ts';
import type { Observed } from '../observed.ts';
import { acting, type Outcome } from '../outcome.ts';
import { expiresAt } from '../phase.ts';
import type { Prices } from '../prices.ts';
import { withoutFinalDot } from '../text.ts';
import { sayArchived, sayExport } from './archive.ts';

/** If purge did not delete a table for this long after its waiting period, much may have changed since. */
const VALID_MS = 7 * DAY_MS;

/** What lets purge delete a table before its retention ends, and also if it is the current or the last one of its group. */
export interface Permit {
  readonly closing: Closing;
  /** When a person confirmed the plan with the table, epoch milliseconds. */
  readonly listedAt: number;
}

export const waitingPeriodEnd = ({ spec }: Table, scheduledAt: number): number =>
  scheduledAt + spec.settings.purge.waitingPeriodMs;

/**
 * When the deletion of this table was scheduled; undefined if it was not, or if the record is not valid: it is for an
 * earlier table of the same name, is too old or dated in the future, or purging has been suspended since. One because of a closed
 * environment is valid only while the same closing lists the table, even if the retention of the table has ended since.
 */
export function validSince(
  observed: Observed,
  table: Table,
  { createdAt }: TableState,
  now: number,
  permit?: Permit,
): number | undefined {
  const scheduled = observed.scheduledDeletions.get(table.name);
  if (!scheduled || scheduled.inFuture || scheduled.createdAt !== createdAt) return undefined;
  const { scheduledAt, closedAt } = scheduled;
  if (closedAt !== undefined && closedAt !== permit?.closing.since) return undefined;
  if (permit && table.phase !== 'expired' && scheduledAt < permit.listedAt) return undefined;
  // A run for an earlier instant does not replace the schedule, or the waiting period would end too early.
  if (now > waitingPeriodEnd(table, scheduledAt) + VALID_MS) return undefined;
  return suspendedAfter(observed, scheduledAt) ? undefined : scheduledAt;
}

/** Why a table is due: its retention has ended, or the environment is closed. A sentence without its final period. */
export const sayDue = ({ spec, period, phase }: Table, closing: Closing | undefined): string =>
  closing && phase !== 'expired'
    ? withoutFinalDot(sayClosed(closing))
    : `Retention ended at ${sayInstant(expiresAt(spec, period))}`;

/** The closing because of which a table is due before its retention ends. */
const closingOf = ({ phase }: Table, closing: Closing | undefined): Closing | undefined =>
  phase === 'expired' ? undefined : closing;

export function scheduleDeletion(
  table: Table,
  state: TableState,
  closing: Closing | undefined,
  prices: Prices,
  now: number,
): Outcome {
  const closed = closingOf(table, closing);
  const { message, scheduledAt } = rescheduled(table, now, closing);
  const exported = sayExport(table, state, prices);
  return acting({
    kind: 'schedule-deletion',
    reason: closed ? 'closed' : 'expired',
    createdAt: iso(state.createdAt),
    message: exported === '' ? message : `${message} ${exported}`,
    scheduledAt,
    ...(closed && { closedAt: iso(closed.since), notify: true }),
  });
}

/** ` The replica in eu-west-1 is removed first.`, or nothing. */
function sayReplicas({ spec: { replicas } }: Table): string {
  const regions = replicas.map(({ region }) => region).join(', ');
  if (replicas.length === 0) return '';
  return replicas.length === 1
    ? ` The replica in ${regions} is removed first.`
    : ` The replicas in ${regions} are removed first.`;
}

/** The parts of the action that depend on when the waiting period starts. */
export function rescheduled(table: Table, scheduledAt: number, closing: Closing | undefined) {
  const undo = closingOf(table, closing)
    ? ` To open the environment again, run ${undoTeardownCommand(table.spec.environment)}.`
    : '';
  return {
    message: `${sayDue(table, closing)}, and the waiting period ends at ${sayInstant(waitingPeriodEnd(table, scheduledAt))}.${sayReplicas(table)} To keep the table, add the tag ${KEEP_TAG}.${undo}`,
    scheduledAt: iso(scheduledAt),
  };
}

/** Why a step of the deletion is taken. */
export const deletionReason = (table: Table, closing: Closing | undefined): 'closed' | 'still-expired' =>
  closingOf(table, closing) ? 'closed' : 'still-expired';

/** A step that is decided for one table. */
interface Due {
  readonly table: Table;
  readonly state: TableState;
  /** The closing that lists the table, whether or not its retention has ended too. */
  readonly closing: Closing | undefined;
}

/** What was saved of a table by earlier runs. */
export interface Saved {
  readonly backup?: Backup | undefined;
  readonly archive?: ArchivedExport | undefined;
}

export function deletion(
  { table, state, closing }: Due,
  scheduledAt: number,
  { backup, archive }: Saved,
): Outcome {
  const saved = backup ? ` The final backup of ${sayInstant(backup.createdAt)} is AVAILABLE.` : '';
  const archived = archive ? sayArchived(archive) : '';
  return acting({
    kind: 'delete',
    reason: deletionReason(table, closing),
    message: `${sayDue(table, closing)}. The deletion was scheduled at ${sayInstant(scheduledAt)} and the waiting period has ended.${saved}${archived}`,
    createdAt: iso(state.createdAt),
    scheduledAt: iso(scheduledAt),
    ...(state.deletionProtected && { unprotect: true }),
    ...(backup && { backup: backup.arn }),
    ...(archive && { archive: archive.arn }),
    ...(closing && { closedAt: iso(closing.since) }),
  });
}
