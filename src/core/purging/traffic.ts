import { sayInstant } from '../calendar/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { type Demand, type Dimension, dimensions, isPossible, sayDimension } from '../capacity/demand.ts';
import type { Need } from '../facts.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { type Answer, holding, needing } from '../outcome.ts';
import { dueAt } from '../phase.ts';
import type { Objection } from '../plan.ts';
import { STREAM_KEEPS_MS } from '../streams.ts';
import { missingSince } from './missing-data.ts';

export const minuteOf = (instant: number): number => Math.floor(instant / MINUTE_MS) * MINUTE_MS;

/** A backup is certain to contain every write up to one minute before its request (CreateBackup). */
const BACKUP_SKEW_MS = MINUTE_MS;

/** The metrics of a minute are complete one minute after it ended. */
const newestMinute = (now: number): number => minuteOf(now) - MINUTE_MS;

/** Whole minutes that cover every need. */
export const trafficWindow = (needs: readonly Need[], now: number): { from: number; to: number } => ({
  from: minuteOf(
    Math.min(newestMinute(now), ...needs.flatMap((need) => (need.fact === 'traffic' ? need.from : []))),
  ),
  to: newestMinute(now),
});

/** What earlier runs have done. Times are epoch milliseconds. */
export interface Earlier {
  /** The earliest instant whose items a backup or an export has. */
  readonly savedAt?: number;
  /** If it is given, an idle table needs proof that CloudWatch has delivered metrics since then. */
  readonly scheduledAt?: number;
  /** The region of a replica, whose applications count too. Without it, the traffic is that of the table. */
  readonly region?: string | undefined;
  /** When a person confirmed the teardown with this table. It is due from then on, if its retention ends later. */
  readonly listedAt?: number | undefined;
}

/**
 * Why a table may not be deleted: an application still reads or writes it. Traffic counts only after the table became
 * due, and only within `Purge.TrafficHours` or since the final backup or the export, because later writes would be lost. If the
 * traffic is unknown, the deletion is held, and so it is if CloudWatch might have missed the traffic, or if the stream of the
 * table still has changes for consumers.
 */
export function trafficObjection(
  observed: Observed,
  table: Table,
  now: number,
  { savedAt = Infinity, scheduledAt, listedAt = Infinity, region }: Earlier = {},
): Answer<Objection | undefined> {
  const { spec, period, name } = table;
  const { trafficMs } = spec.settings.purge;
  const watched = trafficMs > 0;
  const since = Math.min(watched ? now - trafficMs : Infinity, savedAt - BACKUP_SKEW_MS);
  const due = Math.min(dueAt(spec, period), listedAt);
  const from = Math.max(since, due);
  const recordsFrom = scheduledAt === undefined ? Infinity : streamFrom(table, now);
  const earliest = Math.min(from, recordsFrom);
  if (earliest >= newestMinute(now)) return { value: undefined };
  const traffic = observed.get('traffic', name, region);
  if (!traffic) {
    const need = { fact: 'traffic', table: name, from: earliest, ...(region && { region }) } as const;
    return { pending: needing(need) };
  }
  const where = region === undefined ? '' : ` in ${region}`;
  const error =
    'error' in traffic
      ? traffic.error
      : (traffic.value.find((one) => one.error)?.error ?? invalidValue(traffic.value));
  if (error !== undefined || !('value' in traffic)) {
    const message = `Could not read whether the table is still in use${where}, so it is not deleted: ${error}.`;
    return { pending: holding({ kind: 'delete', reason: 'metrics-unknown', message }) };
  }
  // Even if reads do not count, writes since the backup or the export would be lost.
  const used = useOf(traffic.value, from, watched ? dimensions : ['write']);
  if (!used)
    return unlessInStream(traffic.value, recordsFrom) ?? unlessMissing(observed, table, now, scheduledAt);
  const hours = Math.ceil((now - from) / HOUR_MS);
  const window = hours === 1 ? 'hour' : `${hours} hours`;
  const message = `The table has been due since ${sayInstant(due)}, but is still in use${where}: ${used} in the last ${window}.`;
  return { value: { reason: 'in-use', message } };
}

/** From when on the stream of a table still has changes for its consumers. Infinity without consumers. */
const streamFrom = ({ spec }: Table, now: number): number =>
  spec.consumers.length > 0 ? minuteOf(now - STREAM_KEEPS_MS) : Infinity;

/** Holds the deletion of a table whose stream still has changes. The waiting period goes on meanwhile. */
function unlessInStream(demand: Demand, from: number): Answer<undefined> | undefined {
  const last = lastMinute(demand, from, ['write']);
  if (last === undefined) return undefined;
  const message = `The table was last written at ${sayInstant(last)}. Its stream has changes for Consumers until ${sayInstant(last + STREAM_KEEPS_MS)}, so the table stays until then.`;
  return { pending: holding({ kind: 'delete', reason: 'stream-records', message }) };
}

const minutesOf = (demand: Demand, dimension: Dimension, from: number) =>
  demand
    .flatMap((resource) => resource[dimension] ?? [])
    .filter(({ at, consumed, throttled }) => at >= from && consumed + throttled > 0);

/** The last minute with traffic in one of the dimensions; undefined without traffic. */
function lastMinute(demand: Demand, from: number, counted: readonly Dimension[]): number | undefined {
  const minutes = counted.flatMap((dimension) => minutesOf(demand, dimension, from).map(({ at }) => at));
  return minutes.length > 0 ? Math.max(...minutes) : undefined;
}

/** Holds the deletion of a table that seems idle if CloudWatch has delivered no metrics since it was scheduled. */
function unlessMissing(
  observed: Observed,
  { spec }: Table,
  now: number,
  scheduledAt: number | undefined,
): Answer<undefined> {
  if (scheduledAt === undefined) return { value: undefined };
  const window = { from: minuteOf(scheduledAt), to: newestMinute(now) };
  const since = missingSince(observed, spec.environment, window);
  if ('pending' in since) return since;
  if (since.value === undefined) return { value: undefined };
  const message = `CloudWatch has no data for the state table since ${sayInstant(since.value)}, so the table might still be in use. It is deleted after data arrives.`;
  const urgent = now - since.value > DAY_MS;
  return {
    pending: holding({ kind: 'delete', reason: 'missing-data', message, ...(urgent && { urgent }) }),
  };
}

/** The first value that is not a number of units or requests, in words; undefined if all are. */
function invalidValue(demand: Demand): string | undefined {
  for (const resource of demand)
    for (const dimension of dimensions)
      for (const { at, consumed, throttled } of resource[dimension] ?? []) {
        const wrong = [consumed, throttled].find((rate) => !isPossible(rate));
        if (wrong !== undefined)
          return `CloudWatch returned the invalid value ${wrong * 60} for ${sayDimension(dimension, resource.index)} at ${sayInstant(at)}`;
      }
  return undefined;
}

/** `120 units read and 3 units written (most recently at 2026-11-21 11:04 UTC)`; undefined if there was no traffic. */
function useOf(demand: Demand, from: number, counted: readonly Dimension[]): string | undefined {
  const last = lastMinute(demand, from, counted);
  if (last === undefined) return undefined;
  const units = (dimension: Dimension): string => {
    const minutes = minutesOf(demand, dimension, from);
    const count = Math.ceil(minutes.reduce((sum, { consumed }) => sum + consumed * 60, 0));
    return `${count} ${count === 1 ? 'unit' : 'units'}`;
  };
  return `${units('read')} read and ${units('write')} written (most recently at ${sayInstant(last)})`;
}
