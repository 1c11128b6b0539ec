import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MINUTE_MS } from '../core/calendar/period.ts';
import type { RunRecord, ShardReport, StandingHold } from '../core/facts.ts';
import { isInstant } from './state-items.ts';
import type { Item } from './state-records.ts';

/** A record has at most some hundred holds. */
const LARGEST_BYTES = 2 ** 20;

/** A hold as it is stored: times in whole minutes. */
type Row = readonly [group: string, table: string, kind: string, reason: string, since: number, seen: number];

/** The record of a job, with its holds compressed, because DynamoDB charges writes by the kilobyte. */
export function runItem({ succeededAt, watched, holds, shard }: RunRecord): Item {
  const rows = holds.map(({ group, table, kind, reason, since, seen }): Row => {
    const minute = (time: number): number => Math.floor(time / MINUTE_MS);
    return [group, table, kind, reason, minute(since), minute(seen)];
  });
  return {
    ...(succeededAt !== undefined && { SucceededAt: numberOf(succeededAt) }),
    ...(watched && { WatchedSince: numberOf(watched.since), WatchedUntil: numberOf(watched.until) }),
    ...(shard && reportItem(shard)),
    ...(rows.length > 0 && { Holds: { B: deflateRawSync(JSON.stringify(rows)) } }),
  };
}

const reportItem = ({ tick, throughput, short }: ShardReport): Item => ({
  Tick: numberOf(tick),
  Short: { BOOL: short },
  ...(throughput && { ReadUnits: numberOf(throughput.read), WriteUnits: numberOf(throughput.write) }),
});

/** What a run of a shard has reported; undefined if the record is not of a shard, or invalid. */
function reportFrom({ Tick, Short, ReadUnits, WriteUnits }: Item): ShardReport | undefined {
  const [tick, read, write] = [Tick, ReadUnits, WriteUnits].map((one) => Number(one?.N));
  if (!isInstant(tick!)) return undefined;
  const isKnown = read! >= 0 && write! >= 0;
  return {
    tick: tick!,
    short: Short?.BOOL === true,
    ...(isKnown && { throughput: { read: read!, write: write! } }),
  };
}

const numberOf = (time: number) => ({ N: String(Math.floor(time)) });

/** A record by its job. What is invalid is left out. */
export function runFrom(item: Item): [job: string, record: RunRecord] {
  const { Id, SucceededAt, WatchedSince, WatchedUntil, Holds } = item;
  const shard = reportFrom(item);
  const [succeededAt, since, until] = [SucceededAt, WatchedSince, WatchedUntil].map((one) => Number(one?.N));
  const record = {
    ...(isInstant(succeededAt!) && { succeededAt }),
    ...(isInstant(since!) && isInstant(until!) && { watched: { since, until } }),
    holds: holdsFrom(Holds?.B),
    ...(shard && { shard }),
  };
  return [Id?.S ?? '', record as RunRecord];
}

function holdsFrom(compressed: Uint8Array | undefined): StandingHold[] {
  if (!compressed) return [];
  try {
    const rows = JSON.parse(
      inflateRawSync(compressed, { maxOutputLength: LARGEST_BYTES }).toString(),
    ) as Row[];
    return rows.filter(isRow).map(([group, table, kind, reason, since, seen]) => ({
      ...{ group, table, kind, reason },
      ...{ since: since * MINUTE_MS, seen: seen * MINUTE_MS },
    }));
  } catch {
    return [];
  }
}

const isRow = (row: unknown): row is Row =>
  Array.isArray(row) &&
  row.length === 6 &&
  row.slice(0, 4).every((one) => typeof one === 'string') &&
  row.slice(4).every((one) => Number.isInteger(one) && isInstant(Number(one) * MINUTE_MS));
