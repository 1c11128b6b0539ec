import { HOUR_MS, MINUTE_MS } from '../../calendar/period.ts';
import { stepped } from '../../calendar/rotation.ts';
import { LATE_MS, type Minute, minutesFrom, type Window } from '../../capacity/demand.ts';
import type { Learner, Served } from '../../capacity/method.ts';
import type { Learned } from '../../capacity/remembered.ts';
import { hiddenThrottleAt, seeksThrottles } from '../../capacity/series.ts';
import { demandOf, EARLIER_CAPACITY_MS } from '../../capacity/throttles.ts';
import { tableOf } from '../../fleet.ts';
import { type Answer, allOf } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { anyThrottled, most, noThrottles, withoutHotPartitions } from './hot-partition.ts';
import { groupMetrics, type MetricReader, type Sums } from './metrics.ts';

/** Minutes of a group's demand, and what else the metrics showed. */
export interface GroupSample {
  readonly minutes: readonly Minute[];
  /** What was known before these minutes. If it is not the newest, minutes are learned again, now with their throttles. */
  readonly before: Learned | undefined;
  readonly served: Served;
  /** End of the newest minute that had a datapoint, epoch milliseconds. */
  readonly dataUntil: number;
  /** The most requests that a hot partition throttled in one minute of the last hour. */
  readonly hotRequests: number;
  /** Whether the throttles of all minutes are known. */
  readonly checked: boolean;
  /** Start of the newest minute with throttled requests although consumption was low, epoch milliseconds. */
  readonly throttledAt?: number;
  /** Start of the newest minute with throttled requests, also those of a hot partition, epoch milliseconds. */
  readonly refusedAt?: number;
}

/** The history that a method starts with: a day, and the time to learn the level of demand. */
export const HISTORY_MS = 26 * HOUR_MS;
/** A new table without datapoints is assumed to have had no demand for at most this long. */
const LONGEST_IDLE_START_MS = HOUR_MS;

/**
 * A group's demand up to `to`, epoch milliseconds, as one series: each minute is from the table that was current in it.
 * Metrics cost money, so throttles are read if a decision is `seeking` them, if the method expects some, now and then for all
 * minutes since the last time, and for each minute once there are any at low consumption.
 */
export function sampleGroup<Memory>(
  context: TableContext,
  dimension: DimensionContext,
  learner: Learner<Memory>,
  known: Learned | undefined,
  to: number,
  seeking = false,
): Answer<GroupSample> {
  const read = groupMetrics(context, dimension);
  const window = { from: Math.max(known?.learnedTo ?? 0, to - HISTORY_MS), to };
  const consumed = read('consumed', window);
  if ('pending' in consumed) return consumed;
  const from = known ? window.from : historyStart(context, consumed.value, window);
  const latest = Math.max(0, ...consumed.value.keys());
  const dataUntil = Math.max(known?.dataUntil ?? from, latest > 0 ? latest + MINUTE_MS : 0);
  const span = { from, to: Math.min(to, Math.max(dataUntil, to - LATE_MS)) };
  const servedBy = (before: Learned | undefined, minutes: readonly Minute[]): Served =>
    capacityOf(context, dimension, before, minutes);

  const unthrottled = minutesFrom(consumed.value, new Map(), span.from, span.to);
  if (known && !seeking && isCalm(context, learner, known, unthrottled, servedBy(known, unthrottled), to))
    return {
      value: {
        minutes: unthrottled,
        before: known,
        served: servedBy(known, unthrottled),
        dataUntil,
        hotRequests: 0,
        checked: false,
        ...(known.throttledAt !== undefined && { throttledAt: known.throttledAt }),
        ...(known.refusedAt !== undefined && { refusedAt: known.refusedAt }),
      },
    };
  const throttles = throttlesSince(read, known, window);
  if ('pending' in throttles) return throttles;
  const { all, hot } = throttles.value;
  const unchecked = [...all].some(([at, sum]) => sum > 0 && at < window.from);
  const before = unchecked ? withChecked(known) : known;
  const relearned = before === known ? consumed : read('consumed', { from: before!.learnedTo, to });
  if ('pending' in relearned) return relearned;
  const start = before === known ? span.from : before!.learnedTo;
  const minutes = minutesFrom(relearned.value, withoutHotPartitions(all, hot), start, span.to);
  const served = servedBy(before, minutes);
  const throttledAt = hiddenThrottleAt(minutes, served, (at) => (all.get(at) ?? 0) > 0) ?? known?.throttledAt;
  const refusedAt = newestOf(all) ?? known?.refusedAt;
  return {
    value: {
      minutes,
      before,
      served,
      dataUntil,
      hotRequests: most(hot, to - HOUR_MS),
      checked: true,
      ...(throttledAt !== undefined && { throttledAt }),
      ...(refusedAt !== undefined && { refusedAt }),
    },
  };
}

/** Start of the newest minute with throttled requests; undefined without any. */
const newestOf = (throttles: Sums): number | undefined => {
  const refused = [...throttles].filter(([, sum]) => sum > 0).map(([at]) => at);
  return refused.length > 0 ? Math.max(...refused) : undefined;
};

/** Whether the throttles of these minutes need not be read now. */
function isCalm<Memory>(
  context: TableContext,
  learner: Learner<Memory>,
  known: Learned,
  minutes: readonly Minute[],
  served: Served,
  to: number,
): boolean {
  if (learner.mayHaveThrottled(known.memory as Memory, minutes, served)) return false;
  const { checked, learnedTo, throttledAt } = known;
  const seen = { checkedTo: checked?.learnedTo ?? learnedTo, throttledAt };
  return !seeksThrottles(known, seen, to, outdatedTables(context));
}

/** More outdated tables than this do not let throttles be read more often. */
const COUNTED_TABLES = 8;

/** How many outdated tables of a group are sampled, and cost less if they are idle. */
function outdatedTables({ table: { spec, period }, state, observed: { names }, now }: TableContext): number {
  if (spec.scheme === 'none' || spec.outdated.billingMode || state.billingMode === 'PAY_PER_REQUEST')
    return 0;
  const earlier = Array.from({ length: COUNTED_TABLES }, (_, i) =>
    tableOf(spec, stepped(spec, period.start, -1 - i), now),
  );
  return earlier.filter(({ name, phase }) => phase === 'outdated' && names.has(name)).length;
}

/** The throttles of the window, and of the earlier minutes whose throttles were not read. */
function throttlesSince(
  read: MetricReader,
  known: Learned | undefined,
  { from, to }: Window,
): Answer<{ readonly all: Sums; readonly hot: Sums }> {
  const window = { from: Math.min(from, known?.checked?.learnedTo ?? from), to };
  const throttled = read('throttled', window);
  const hot = anyThrottled(throttled) ? read('hotPartition', window) : noThrottles;
  const both = allOf([throttled, hot]);
  if ('pending' in both) return both;
  const [all, hotThrottles] = both.value;
  return { value: { all, hot: hotThrottles } };
}

/** What was known before the minutes whose throttles were not read. */
const withChecked = (known: Learned | undefined): Learned | undefined =>
  known?.checked ? { ...known, ...known.checked } : known;

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
