import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { LATE_MS, type Minute, minutesFrom, type Window } from '../../capacity/demand.ts';
import type { Learned } from '../../capacity/remembered.ts';
import { mayHaveThrottled, type Served, seeksHotPartitions } from '../../capacity/series.ts';
import { demandOf, EARLIER_CAPACITY_MS } from '../../capacity/throttles.ts';
import { type Answer, allOf } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { anyThrottled, most, noHotPartition, withoutHotPartitions } from './hot-partition.ts';
import { groupMetrics, type Sums } from './metrics.ts';

/** Minutes of a group's demand that follow the known ones, and what else the metrics showed. */
export interface GroupSample {
  readonly minutes: readonly Minute[];
  readonly served: Served;
  /** End of the newest minute that had a datapoint, epoch milliseconds. */
  readonly dataUntil: number;
  /** The most requests that a hot partition throttled in one minute of the last hour. */
  readonly hotRequests: number;
}

/** The history that a method starts with: a day, and the time to learn the level of demand. */
export const HISTORY_MS = 26 * HOUR_MS;
/** A new table without datapoints is assumed to have had no demand for at most this long. */
const LONGEST_IDLE_START_MS = HOUR_MS;

/**
 * A group's demand up to `to`, epoch milliseconds, as one series: each minute is from the table that was current in it.
 * Metrics cost money, so throttles are read only if capacity was nearly used up, and now and then to find hot
 * partitions.
 */
export function sampleGroup(
  context: TableContext,
  dimension: DimensionContext,
  known: Learned | undefined,
  to: number,
): Answer<GroupSample> {
  const read = groupMetrics(context, dimension);
  const window = { from: Math.max(known?.learnedTo ?? 0, to - HISTORY_MS), to };
  const lastHour = { from: to - HOUR_MS, to };
  const consumed = read('consumed', window);
  if ('pending' in consumed) return consumed;
  const { value: sums } = consumed;
  const from = known ? window.from : historyStart(context, sums, window);
  const dataUntil = Math.max(known?.dataUntil ?? from, ...[...sums.keys()].map((at) => at + MINUTE_MS));
  const end = Math.min(to, Math.max(dataUntil, to - LATE_MS));
  const servedBy = (minutes: readonly Minute[]): Served => capacityOf(context, dimension, known, minutes);

  const unthrottled = minutesFrom(sums, new Map(), from, end);
  const calm = known !== undefined && !mayHaveThrottled(unthrottled, servedBy(unthrottled));
  const throttled = calm ? { value: new Map<number, number>() } : read('throttled', window);
  const hotWindow = calm ? seeksHotPartitions(known) && lastHour : anyThrottled(throttled) && window;
  const hot = hotWindow ? read('hotPartition', hotWindow) : noHotPartition;
  const all = allOf([throttled, hot]);
  if ('pending' in all) return all;
  const [throttles, hotThrottles] = all.value;
  const minutes = minutesFrom(sums, withoutHotPartitions(throttles, hotThrottles), from, end);
  return {
    value: { minutes, served: servedBy(minutes), dataUntil, hotRequests: most(hotThrottles, lastHour.from) },
  };
}

/** The start of a history. Before the first datapoint of a group, demand is unknown and not zero. */
function historyStart({ state }: TableContext, sums: Sums, { from, to }: Window): number {
  const created = Math.ceil(state.createdAt / MINUTE_MS) * MINUTE_MS;
  const first = sums.size > 0 ? Math.min(...sums.keys()) : Math.max(created, to - LONGEST_IDLE_START_MS);
  return Math.max(from, first);
}

/**
 * The capacity that served each minute: the present one since its last change, and before that the capacity of the
 * previous sample. Without a previous sample, capacity is assumed to have been sufficient, so that nothing is concluded
 * from it.
 */
function capacityOf(
  { table }: TableContext,
  { capacity, dimension }: DimensionContext,
  known: Learned | undefined,
  minutes: readonly Minute[],
): Served {
  const { lastIncrease = 0, lastDecrease = 0 } = capacity;
  const changed = Math.max(lastIncrease, lastDecrease) + EARLIER_CAPACITY_MS;
  const since = Math.max(table.period.start, changed);
  const units = capacity[dimension];
  if (known) return (at) => (at >= since ? units : known.capacity);
  const demand = new Map(minutes.map((minute) => [minute.at, demandOf(minute)]));
  return (at) => (at >= since ? units : Math.max(units, demand.get(at) ?? 0));
}
