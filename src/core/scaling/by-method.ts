import { MINUTE_MS } from '../calendar/period.ts';
import { demandWindow, type Minute, minutesFrom, queryFor } from '../capacity/demand.ts';
import { isDrained } from '../capacity/handover.ts';
import type { Method, Proposal } from '../capacity/method.ts';
import { demandOf, RISING_MINUTES } from '../capacity/throttles.ts';
import type { TableContext } from '../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { metricsFlow } from './heartbeat.ts';
import { anyThrottled, busiest, curable, hotPartition, noHotPartition } from './hot-partition.ts';
import { type Limited, limit, silentSince } from './limits.ts';
import { silenceThatLowers } from './methods/index.ts';
import { reactive } from './methods/reactive.ts';

/** Method first, limits after. Minutes from before the period, or before the table, say nothing of its demand. */
export function byMethod(
  subject: TableContext,
  dimensionContext: DimensionContext,
  method: Method,
): Limited | undefined {
  const { table, state, now } = subject;
  const seen = seenSince(subject, dimensionContext, Math.max(table.period.start, state.createdAt));
  if (!seen) return undefined;
  const { resource, capacity, dimension } = dimensionContext;
  const { lastIncrease, lastDecrease } = capacity;
  const proposal = method({
    now,
    minutes: seen.minutes,
    provisioned: capacity[dimension],
    lastIncrease,
    lastDecrease,
    scaling: resource.scaling,
  });
  return limited(subject, dimensionContext, proposal, seen);
}

/**
 * A table that is over, of a group that is one series: nothing is learned of it. It steps down once its traffic is
 * gone, and follows what is left of it until then; later only its readers move it.
 */
export function finished(subject: TableContext, dimensionContext: DimensionContext): Limited | undefined {
  const { table, now } = subject;
  const { capacity, dimension, resource } = dimensionContext;
  if (table.phase !== 'draining')
    return dimension === 'read' ? byMethod(subject, dimensionContext, reactive) : undefined;
  const seen = seenSince(subject, dimensionContext, table.period.end);
  if (!seen) return undefined;
  const { minutes } = seen;
  const provisioned = capacity[dimension];
  const idle = minutes.length - 1 - minutes.findLastIndex((minute) => demandOf(minute) > 0);
  const outdated = resource.outdated[dimension];
  if (provisioned > outdated && isDrained(idle) && moved(subject)) {
    const message = `its period is over, and it has had no traffic for ${idle} minutes`;
    return { units: outdated, reason: 'period-ended', message, held: [] };
  }
  const proposal = reactive({ now, minutes, provisioned, scaling: resource.scaling });
  return limited(subject, dimensionContext, proposal, seen);
}

/** Its group has traffic elsewhere, so that silence here does not come from metrics that are late. */
function moved({ draft, observed, table, now }: TableContext): boolean {
  const known = Object.values(draft.remembered(observed, table.spec.name) ?? {});
  return known.some(({ heardAt }) => now - heardAt < 5 * MINUTE_MS);
}

/** Complete minutes, and requests that a hot partition has had throttled in one of the newest. */
interface Seen {
  readonly minutes: readonly Minute[];
  /** Starts of minutes that had a datapoint, be it of nothing. */
  readonly heard: Iterable<number>;
  readonly hot: number;
}

function limited(
  subject: TableContext,
  dimensionContext: DimensionContext,
  proposal: Proposal,
  { minutes, heard, hot }: Seen,
): Limited {
  const { table, now } = subject;
  const { name, bounds, capacity, dimension, resource } = dimensionContext;
  const provisioned = capacity[dimension];
  const { start: began } = table.period;
  const left = limit(proposal, {
    now,
    name,
    provisioned,
    bounds,
    phase: table.phase,
    silentSince: silentSince(minutes, began, silenceThatLowers(resource.scaling)),
    metricsFlow: () => metricsFlow(subject, heard),
    raisedAt: capacity.lastIncrease,
    began,
    full: resource.full[dimension],
  });
  return hot > 0 ? { ...left, held: [...left.held, hotPartition(name, hot)] } : left;
}

/** What was seen since an instant, of the minutes that methods look back on; undefined where it is not known. */
function seenSince(
  { draft, observed, table, now }: TableContext,
  dimensionContext: DimensionContext,
  since: number,
): Seen | undefined {
  const { dimension, name, resource } = dimensionContext;
  const window = demandWindow(now);
  const read = (of: 'consumed' | 'throttled' | 'hotPartition') =>
    draft.metric(observed, queryFor(table.name, resource.index, dimension, of), window);
  const [consumed, throttled] = [read('consumed'), read('throttled')];
  const hot = anyThrottled(throttled) ? read('hotPartition') : noHotPartition;
  if (!consumed || !throttled || !hot) return undefined;
  if ('error' in consumed) return draft.unknown(table, name, consumed.error);
  if ('error' in throttled) return draft.unknown(table, name, throttled.error);
  if ('error' in hot) return draft.unknown(table, name, hot.error);
  const minutes = minutesFrom(consumed.sums, curable(throttled.sums, hot.sums), window.from, window.to);
  return {
    minutes: minutes.filter(({ at }) => at >= since),
    heard: consumed.sums.keys(),
    hot: busiest(hot.sums, window.to - RISING_MINUTES * MINUTE_MS),
  };
}
