import { HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import {
  type Dimension,
  LATE_MS,
  type MetricSeries,
  type Minute,
  minutesFrom,
  queryFor,
  type Source,
  type Window,
} from '../capacity/demand.ts';
import { partsOf } from '../capacity/history.ts';
import type { Learned } from '../capacity/remembered.ts';
import { mayHaveThrottled, type Served, seeksHotPartitions } from '../capacity/series.ts';
import { demandOf, LANDING_MS } from '../capacity/throttles.ts';
import type { Table } from '../fleet.ts';
import type { Capacity } from '../observed.ts';
import { anyThrottled, busiest, curable, noHotPartition } from './hot-partition.ts';

/** One dimension of a group's current table, or of one of its indexes. */
export interface Subject {
  readonly table: Table;
  readonly capacity: Capacity;
  readonly dimension: Dimension;
  /** When the table was made, epoch milliseconds. */
  readonly createdAt: number;
}

/** What a look brought: minutes that follow on what is known, and what else was seen of them. */
export interface Look {
  readonly minutes: readonly Minute[];
  readonly served: Served;
  /** End of the newest minute that had a datapoint, epoch milliseconds. */
  readonly heardAt: number;
  /** Requests a minute that a hot partition has had throttled, which no capacity cures. */
  readonly hot: number;
}

/** What is learned of a group begins so long ago: a day, and what it takes to tell its level. */
export const HISTORY_MS = 26 * HOUR_MS;
/** Without any datapoint demand is taken to be nothing for so long. */
const SILENCE_MS = HOUR_MS;

/**
 * What there is to learn up to `to`. The group is one series: each minute is that of the table which was current in
 * it, deleted ones included. undefined as long as something has yet to be read.
 */
export function look(
  source: Source,
  subject: Subject,
  known: Learned | undefined,
  to: number,
): Look | { readonly error: string } | undefined {
  const window = { from: Math.max(known?.learnedTo ?? 0, to - HISTORY_MS), to };
  const read = (of: 'consumed' | 'throttled' | 'hotPartition', within = window): MetricSeries | undefined =>
    stitched(source, subject, of, within);
  const consumed = read('consumed');
  if (!consumed || 'error' in consumed) return consumed;
  const heard = [...consumed.sums.keys()];
  const from = known ? window.from : beginning(subject, heard, window);
  const heardAt = Math.max(known?.heardAt ?? from, ...heard.map((at) => at + MINUTE_MS));
  const end = Math.min(to, Math.max(heardAt, to - LATE_MS));
  const seen = (throttled: MetricSeries | undefined, hot: MetricSeries | undefined) => {
    if (!throttled || 'error' in throttled) return throttled;
    if (!hot || 'error' in hot) return hot;
    const minutes = minutesFrom(consumed.sums, curable(throttled.sums, hot.sums), from, end);
    return {
      minutes,
      served: servedBy(subject, known, minutes),
      heardAt,
      hot: busiest(hot.sums, lately.from),
    };
  };
  const lately = { from: to - HOUR_MS, to };
  const calm = minutesFrom(consumed.sums, new Map(), from, end);
  if (known && !mayHaveThrottled(calm, servedBy(subject, known, calm)))
    return seen(noHotPartition, seeksHotPartitions(known) ? read('hotPartition', lately) : noHotPartition);
  const throttled = read('throttled');
  return seen(throttled, anyThrottled(throttled) ? read('hotPartition') : noHotPartition);
}

/** A group without metrics from before has no history, and not one of no demand. */
function beginning({ createdAt }: Subject, heard: readonly number[], { from, to }: Window): number {
  const made = Math.ceil(createdAt / MINUTE_MS) * MINUTE_MS;
  return Math.max(from, heard.length > 0 ? Math.min(...heard) : Math.max(made, to - SILENCE_MS));
}

/** A metric over the tables of a group, each while it was current; undefined as long as it has yet to be read. */
export function stitched(
  source: Source,
  { table: { spec }, capacity, dimension }: Pick<Subject, 'table' | 'capacity' | 'dimension'>,
  of: 'consumed' | 'throttled' | 'hotPartition',
  window: Window,
): MetricSeries | undefined {
  const sums = new Map<number, number>();
  const parts: (MetricSeries | undefined)[] = [];
  for (const { table, ...own } of partsOf(spec, window)) {
    const part = source(queryFor(table, capacity.index, dimension, of), own);
    parts.push(part);
    if (part && 'sums' in part)
      for (const [at, sum] of part.sums) if (at >= own.from && at < own.to) sums.set(at, sum);
  }
  if (parts.some((part) => part === undefined)) return undefined;
  return parts.find((part) => part && 'error' in part) ?? { sums };
}

/**
 * Capacity of each minute, from what stands now and what was seen at the last look. Where nothing was seen, it is
 * taken to have sufficed, so that nothing is concluded from it.
 */
function servedBy(subject: Subject, known: Learned | undefined, minutes: readonly Minute[]): Served {
  const { table, capacity, dimension } = subject;
  const { lastIncrease = 0, lastDecrease = 0 } = capacity;
  const since = Math.max(table.period.start, lastIncrease + LANDING_MS, lastDecrease + LANDING_MS);
  const units = capacity[dimension];
  if (known) return (at) => (at >= since ? units : known.capacity);
  const demand = new Map(minutes.map((minute) => [minute.at, demandOf(minute)]));
  return (at) => (at >= since ? units : Math.max(units, demand.get(at) ?? 0));
}
