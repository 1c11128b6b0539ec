import { MINUTE_MS } from '../../calendar/period.ts';
import { isDrained } from '../../capacity/handover.ts';
import { demandOf } from '../../capacity/throttles.ts';
import { nothing } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import { reactive } from '../methods/reactive.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';
import { sampleTable } from '../sampling/table-sample.ts';
import { byNewestMinutes, decideBySample } from './by-newest-minutes.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/** Newer datapoints of the group than this show that CloudWatch delivers its metrics. */
const RECENT_MS = 5 * MINUTE_MS;

/**
 * Decides for a table of a learning group whose period has ended. Nothing is learned from it. While it drains,
 * `reactive` scales it until its traffic has stopped, and then it is lowered. After the drain window, only its reads
 * are scaled.
 */
export function decideEnded(context: TableContext, dimension: DimensionContext): DimensionDecision {
  const { table } = context;
  if (table.phase !== 'draining')
    return dimension.dimension === 'read'
      ? byNewestMinutes(context, dimension, reactive)
      : undecided(dimension);
  const sample = sampleTable(context, dimension, table.period.end);
  if ('pending' in sample) return undecided(dimension, sample.pending);
  const { minutes } = sample.value;
  const idle = minutes.length - 1 - minutes.findLastIndex((minute) => demandOf(minute) > 0);
  const units = dimension.resource.outdated[dimension.dimension];
  const above = dimension.capacity[dimension.dimension] > units;
  if (!above || !isDrained(idle) || !groupHasMetrics(context))
    return decideBySample(context, dimension, reactive, sample.value);
  const message = `its period has ended, and it has had no traffic for ${idle} minutes`;
  return { dimension, target: { units, reason: 'period-ended', message }, outcome: nothing };
}

/** Whether the group has datapoints of other tables. Then missing datapoints of this one mean that it has no traffic. */
function groupHasMetrics({ soFar, table, now }: TableContext): boolean {
  const known = Object.values(soFar.remembered(table.spec.name) ?? {});
  return known.some(({ dataUntil }) => now - dataUntil < RECENT_MS);
}
