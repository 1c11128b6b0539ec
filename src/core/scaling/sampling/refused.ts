import { attemptOn, unraisedSince } from '../../attempts.ts';
import { demandWindow, minutesFrom } from '../../capacity/demand.ts';
import { type Refused, type RefusedNow, refusalsAt, refusalsIn } from '../../capacity/refusals.ts';
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
import { capitalized, withoutFinalDot } from '../../text.ts';
import type { DimensionContext } from './dimension-context.ts';
import { anyThrottled, hotPartitionHold, withoutHotPartitions } from './hot-partition.ts';
import { tableMetrics } from './metrics.ts';

/** Which throttled requests: those beyond the capacity of a table or index, or those of a hot partition. */
type Beyond = 'capacity' | 'partition';

/**
 * The requests that a table throttles now, at its present capacity or although it was raised; undefined if it
 * throttles none. Metrics cost money, so ask only if something shows that requests might be throttled.
 */
function refusedBy(
  context: TableContext,
  dimension: DimensionContext,
  beyond: Beyond = 'capacity',
): Answer<RefusedNow | undefined> {
  const { table, state, now } = context;
  if (table.phase === 'upcoming') return { value: undefined };
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
  const since = Math.max(table.period.start, state.createdAt);
  const minutes = minutesFrom(sums, counted, window.from, window.to).filter(({ at }) => at >= since);
  const serving = {
    provisioned: capacity[dimension.dimension],
    since: beyond === 'partition' ? 0 : unraisedSince(attempt, capacity),
    ...(attempt?.raised && { raised: attempt.raised }),
  };
  return { value: refusalsAt(serving, minutes) };
}

/**
 * The requests that a table throttled in its newest minutes, including those of a hot partition, at any capacity; undefined
 * without throttled requests. If there are some, nothing is lowered. So ask before each decrease.
 */
export function refusedLately(
  context: TableContext,
  dimension: DimensionContext,
): Answer<Refused | undefined> {
  const window = demandWindow(context.now);
  const read = tableMetrics(context, dimension);
  const throttled = read('throttled', window);
  if ('pending' in throttled) return throttled;
  if (!anyThrottled(throttled)) return { value: undefined };
  const consumed = read('consumed', window);
  if ('pending' in consumed) return consumed;
  return { value: refusalsIn(minutesFrom(consumed.value, throttled.value, window.from, window.to)) };
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
  const cause = refused && causing();
  if (cause && 'pending' in cause) return cause.pending;
  const isVain = refused?.inVain === true && cause?.value.reason === 'throttled';
  return combined(
    cause
      ? holding(figured(context, dimension, isVain ? vainHold(dimension) : cause.value, refused))
      : nothing,
    hot ? hotPartition(context, dimension, hot.requests / hot.minutes) : nothing,
  );
}

/**
 * The outcome of a decision, with what is throttled although more capacity does not help: by a hot partition, `hotRequests`
 * in one minute, or, if the sample has `throttled` requests, although the dimension was raised.
 */
export function withThrottles(
  context: TableContext,
  dimension: DimensionContext,
  outcome: Outcome,
  { throttled, hotRequests }: { readonly throttled: boolean; readonly hotRequests: number },
): Outcome {
  const isHeld = outcome.holds.some(({ kind }) => kind === 'raise');
  return combined(
    outcome,
    hotPartition(context, dimension, hotRequests),
    throttled && !isHeld ? raisedInVain(context, dimension) : nothing,
  );
}

/** Reports requests of a dimension that are throttled although it was raised, also if it is raised again. */
function raisedInVain(context: TableContext, dimension: DimensionContext): Outcome {
  const answer = refusedBy(context, dimension);
  if ('pending' in answer) return answer.pending;
  if (!answer.value?.inVain) return nothing;
  return holding(figured(context, dimension, vainHold(dimension), answer.value));
}

function vainHold({ name, capacity, dimension }: DimensionContext): HoldBody {
  const message = `${capitalized(name)} are throttled, and raises to ${capacity[dimension]} have not ended that.`;
  return { kind: 'raise', reason: 'throttled', message };
}

/** Reports throttled requests of a hot partition; `requests` in one minute. */
export function hotPartition(context: TableContext, dimension: DimensionContext, requests: number): Outcome {
  if (requests === 0) return nothing;
  const hold = hotPartitionHold(dimension, requests);
  const hot = refusedBy(context, dimension, 'partition');
  if ('pending' in hot) return combined(holding(hold), hot.pending);
  return holding(hot.value ? figured(context, dimension, hold, hot.value) : hold);
}

function figured(
  { table, state }: TableContext,
  { dimension, resource, capacity }: DimensionContext,
  hold: HoldBody,
  refused: RefusedNow,
): HoldBody {
  const isProvisioned = state.billingMode === 'PROVISIONED' && hold.reason !== 'hot-partition';
  const consumption = isProvisioned ? sayConsumption(refused, capacity[dimension]) : '';
  const message = `${withoutFinalDot(hold.message)}.${consumption}`;
  return withRefused({ ...hold, message }, refused, table, dimension, resource.index);
}

function sayConsumption({ consumed, inVain, isUnused }: RefusedNow, provisioned: number): string {
  const figures = `${Number(consumed.toFixed(1))}/s of ${provisioned} provisioned`;
  if (isUnused)
    return ` Consumption is only ${figures}, so a hot partition or short bursts are the likely cause.`;
  return inVain ? ` Consumption is ${figures}.` : '';
}
