/** The export of a table to S3 before it is deleted. */
import { addressOf, archivePrefix, type Export, summaryKey } from '../archives.ts';
import { ask } from '../ask.ts';
import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS, HOUR_MS } from '../calendar/period.ts';
import { GB } from '../cost.ts';
import type { ArchivedExport, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, holding, type Outcome } from '../outcome.ts';
import type { Objection } from '../plan.ts';
import type { Prices } from '../prices.ts';

/** AWS does not say how long an export takes: 20 minutes for 21 GB in its example. After this, the run fails visibly. */
const OVERDUE_MS = DAY_MS;
/** Exports of one table that failed since its deletion was scheduled, before purge starts no more. */
const TRIES = 3;
/** How many items an export may lack. DescribeTable counts them about every six hours, and time to live deletes some meanwhile. */
const MISSING_PERCENT = 1;
const COUNTED_EVERY_MS = 6 * HOUR_MS;

/** Whether a table needs an export before it is deleted, and which ones exist. */
interface Archives {
  readonly required: boolean;
  readonly completed?: ArchivedExport | undefined;
  readonly inProgress?: Export | undefined;
  /** Those that FAILED, oldest first. */
  readonly failed?: readonly Export[];
  /** The ClientToken of the next one. */
  readonly token?: string;
}

/**
 * `<TableId>.<period>.<instant of scheduling>.<try>`: a call that is repeated within 8 hours starts no second export, and later its
 * export is found by this token. After a new waiting period, the table might have other items, so it is exported again.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
 */
function archiveToken({ period }: Table, id: string, scheduledAt: number, attempt: number): string {
  const compact = (instant: number): string => iso(instant).replace(/[-:]|\.\d+/g, '');
  const of = Number.isFinite(period.start) ? compact(period.start) : 'none';
  return `${id}.${of}.${compact(scheduledAt)}.${attempt}`;
}

/** The exports of exactly this table that purge started for the deletion scheduled at `scheduledAt`. */
export function archivesOf(
  observed: Observed,
  table: Table,
  { id }: TableState,
  scheduledAt: number,
): Answer<Archives> {
  const place = table.spec.settings.purge.archive;
  if (!place) return { value: { required: false } };
  const exports = ask(observed, table, 'exports');
  if ('pending' in exports) return exports;
  const first = archiveToken(table, id, scheduledAt, 1).slice(0, -1);
  const own = exports.value
    .filter(({ tableId, token }) => tableId === id && token.startsWith(first))
    .sort((a, b) => a.startedAt - b.startedAt);
  // An operator can change the place while the export is in progress.
  const here = own.filter(
    ({ bucket, prefix, format }) =>
      bucket === place.bucket && prefix === archivePrefix(place, table.name) && format === place.format,
  );
  return {
    value: {
      required: true,
      completed: here.findLast(({ status }) => status === 'COMPLETED'),
      inProgress: here.findLast(({ status }) => status === 'IN_PROGRESS'),
      failed: here.filter(({ status }) => status === 'FAILED'),
      token: archiveToken(table, id, scheduledAt, own.length + 1),
    },
  };
}

interface Unarchived {
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  readonly archives: Archives;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  readonly now: number;
  readonly prices: Prices;
}

/** Starts the export, or holds the deletion until the one that was started is COMPLETED. */
export function archive(unarchived: Unarchived): Outcome {
  const { table, state, archives, scheduledAt, now, prices } = unarchived;
  const { inProgress, failed = [], token = '' } = archives;
  if (inProgress) {
    const message = `The export to S3 that was started at ${sayInstant(inProgress.startedAt)} is still IN_PROGRESS. The table is deleted after it is COMPLETED.`;
    const urgent = now - inProgress.startedAt > OVERDUE_MS;
    return holding({ kind: 'delete', reason: 'archive-pending', message, ...(urgent && { urgent }) });
  }
  const last = failed.at(-1);
  const why = last ? ` (${last.failure ?? 'AWS gives no reason'})` : '';
  if (failed.length >= TRIES) {
    const message = `${TRIES} exports to S3 FAILED, the last one at ${sayInstant(last?.startedAt ?? now)}${why}. Correct the cause, and run \`turntable cancel-deletion\` for ${table.name}: purge then starts a new waiting period, and exports it again.`;
    return holding({ kind: 'delete', reason: 'archive-failed', message, urgent: true });
  }
  const unrecoverable = recoveryOn(unarchived);
  if (unrecoverable) return unrecoverable;
  const place = table.spec.settings.purge.archive!;
  const prefix = archivePrefix(place, table.name);
  const again = last ? `The export of ${sayInstant(last.startedAt)} FAILED${why}. ` : '';
  return acting({
    kind: 'archive',
    reason: 'archive',
    message: `${again}The deletion was scheduled at ${sayInstant(scheduledAt)} and the waiting period has ended. ${sayExport(table, state, prices)} The table is deleted after the export is COMPLETED.`,
    createdAt: iso(state.createdAt),
    token,
    bucket: place.bucket,
    prefix,
    format: place.format,
  });
}

/** Turns point-in-time recovery on if it is off, as the spec says: DynamoDB exports nothing without it. */
function recoveryOn({ observed, table }: Unarchived): Outcome | undefined {
  const recovery = ask(observed, table, 'recovery');
  if ('pending' in recovery) return recovery.pending;
  if (recovery.value.enabled) return undefined;
  const { RecoveryPeriodInDays: days } = table.spec.properties.PointInTimeRecoverySpecification ?? {};
  return acting({
    kind: 'recovery',
    reason: 'settings-differ',
    message:
      'The spec enables point-in-time recovery, which DynamoDB needs to export the table before it is deleted.',
    enabled: true,
    ...(days !== undefined && { days: Number(days) }),
  });
}

/** Where a table is exported to before it is deleted, and what that costs at most: one sentence. */
export function sayExport({ spec, name }: Table, { sizeBytes }: TableState, { archive: of }: Prices): string {
  const place = spec.settings.purge.archive;
  if (!place) return '';
  const usd = ((sizeBytes / GB) * of.exported).toFixed(2);
  return `The export to s3://${place.bucket}/${archivePrefix(place, name)}/ costs about USD ${usd} once, and its objects cost what S3 charges.`;
}

/** Why a completed export is not the archive of this table; undefined if it is. */
export function archiveObjection(
  archived: ArchivedExport,
  { id, itemCount }: Pick<TableState, 'id' | 'itemCount'>,
  now: number,
): (Objection & { readonly urgent?: boolean }) | undefined {
  const { manifest } = archived;
  const reason = 'archive-failed';
  const remedy =
    'The table stays. To export it again after a new waiting period, run `turntable cancel-deletion`.';
  if (manifest && 'error' in manifest)
    return { reason: 'unreadable', message: `Could not read the manifest of the export: ${manifest.error}` };
  const found = manifest?.value;
  if (!found || found.exportArn !== archived.arn || found.tableId !== id) {
    const what = found ? 'is of another export' : 'is missing or incomplete';
    const message = `The export of ${sayInstant(archived.exportTime)} is COMPLETED, but its manifest s3://${archived.bucket}/${summaryKey(archived)} ${what}. ${remedy}`;
    return { reason, message, urgent: true };
  }
  if (found.itemCount >= itemCount * (1 - MISSING_PERCENT / 100)) return undefined;
  const message = `The export of ${sayInstant(archived.exportTime)} has ${found.itemCount} items, and DynamoDB counts ${itemCount} in the table, about every six hours. ${remedy}`;
  return { reason, message, ...(now - archived.exportTime > COUNTED_EVERY_MS && { urgent: true }) };
}

/** Where the items of a table are, for the message of its deletion. */
export const sayArchived = (archived: ArchivedExport): string => {
  const { manifest } = archived;
  const count = manifest && 'value' in manifest ? manifest.value?.itemCount : undefined;
  return ` The export of ${sayInstant(archived.exportTime)} is COMPLETED with ${count} items: ${addressOf(archived)}.`;
};
