import { attemptOn, unraisedSince } from '../../attempts.ts';
import { demandWindow, minutesFrom } from '../../capacity/demand.ts';
import { type Refused, refusalsIn } from '../../capacity/refusals.ts';
import {
  type Answer,
  allOf,
  combined,
  type HoldBody,
  holding,
  nothing,
  type Outcome,
} from '../../outcome.ts';
import { withRefused } from '../../shortage.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { anyThrottled, hotPartitionHold, withoutHotPartitions } from './hot-partition.ts';
import { tableMetrics } from './metrics.ts';

/** Which throttled requests: those beyond the capacity of a table or index, or those of a hot partition. */
type Beyond = 'capacity' | 'partition';

/**
 * The requests that a current table throttles now, at its present capacity; undefined if it throttles none. Metrics cost
 * money, so ask only if something shows that requests might be throttled.
 */
function refusedBy(
  context: TableContext,
  dimension: DimensionContext,
  beyond: Beyond = 'capacity',
): Answer<Refused | undefined> {
  const { table, state, now } = context;
  if (table.phase !== 'active') return { value: undefined };
  const window = demandWindow(now);
  const read = tableMetrics(context, dimension);
  const throttled = read('throttled', window);
  if ('pending' in throttled) return throttled;
  if (!anyThrottled(throttled)) return { value: undefined };
  const all = allOf([read('consumed', window), read('hotPartition', window)]);
  if ('pending' in all) return all;
  const throttles = throttled.value;
  const [sums, hotThrottles] = all.value;
  const counted = beyond === 'partition' ? hotThrottles : withoutHotPartitions(throttles, hotThrottles);
  const { capacity } = dimension;
  const attempt = attemptOn(context.observed, table.name, capacity, dimension.dimension);
  const raised = beyond === 'partition' ? 0 : unraisedSince(attempt, capacity);
  const since = Math.max(table.period.start, state.createdAt, raised);
  const minutes = minutesFrom(sums, counted, window.from, window.to).filter(({ at }) => at >= since);
  return { value: refusalsIn(minutes) };
}

/**
 * Holds something that throttled requests of some dimensions wait for, with the figures of the worst of them. It is urgent
 * if they last.
 */
export function holdingWhileRefused(
  context: TableContext,
  dimensions: readonly DimensionContext[],
  hold: HoldBody,
): Outcome {
  const all = allOf(dimensions.map((dimension) => refusedBy(context, dimension)));
  if ('pending' in all) return combined(holding(hold), all.pending);
  const [worst] = all.value
    .flatMap((refused, i) => (refused ? [{ refused, of: dimensions[i]! }] : []))
    .sort((one, other) => other.refused.requests - one.refused.requests);
  if (!worst) return holding(hold);
  return holding(figured(context, worst.of, hold, worst.refused));
}

/**
 * Reports requests of a dimension that are throttled now: by the hold with their cause, which is asked only then, and those of
 * a hot partition by a hold of their own.
 */
export function reportingRefused(
  context: TableContext,
  dimension: DimensionContext,
  causing: () => Answer<HoldBody>,
): Outcome {
  const all = allOf([refusedBy(context, dimension), refusedBy(context, dimension, 'partition')]);
  if ('pending' in all) return all.pending;
  const [refused, hot] = all.value;
  const hold = refused && causing();
  if (hold && 'pending' in hold) return hold.pending;
  return combined(
    hold ? holding(figured(context, dimension, hold.value, refused)) : nothing,
    hot ? hotPartition(context, dimension, hot.requests / hot.minutes) : nothing,
  );
}

/** Reports throttled requests of a hot partition; `requests` in one minute. */
export function hotPartition(context: TableContext, dimension: DimensionContext, requests: number): Outcome {
  if (requests === 0) return nothing;
  const hold = hotPartitionHold(dimension, requests);
  const hot = refusedBy(context, dimension, 'partition');
  if ('pending' in hot) return combined(holding(hold), hot.pending);
  return holding(hot.value ? figured(context, dimension, hold, hot.value) : hold);
}

const figured = (
  { table }: TableContext,
  { dimension, resource }: DimensionContext,
  hold: HoldBody,
  refused: Refused,
): HoldBody => withRefused(hold, refused, table, dimension, resource.index);
