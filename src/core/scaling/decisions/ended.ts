import { MINUTE_MS } from '../../calendar/period.ts';
import { isDrained, keptAtEnd, samplesOutdated, showsDelivery } from '../../capacity/handover.ts';
import { demandOf } from '../../capacity/throttles.ts';
import { nothing } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import { reactive } from '../methods/reactive.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';
import { refusedLately } from '../sampling/refused.ts';
import { isSeenThrottled } from '../sampling/seen-throttled.ts';
import { sampleTable } from '../sampling/table-sample.ts';
import { byNewestMinutes, decideBySample } from './by-newest-minutes.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/**
 * Decides for a table of a learning group whose period has ended. Nothing is learned from it, and `reactive` scales it. While
 * it drains, it is lowered once its traffic has stopped.
 */
export function decideEnded(context: TableContext, dimension: DimensionContext): DimensionDecision {
  const { table } = context;
  if (table.phase !== 'draining')
    return isSampled(context, dimension)
      ? byNewestMinutes(context, dimension, reactive)
      : undecided(dimension);
  const sample = sampleTable(context, dimension, table.period.end);
  if ('pending' in sample) return undecided(dimension, sample.pending);
  const { minutes } = sample.value;
  const idle = minutes.length - 1 - minutes.findLastIndex((minute) => demandOf(minute) > 0);
  const units = dimension.resource.outdated[dimension.dimension];
  const provisioned = dimension.capacity[dimension.dimension];
  const above = provisioned > units;
  if (above && context.now - table.period.end < MINUTE_MS) return atEnd(context, dimension, units);
  if (!above || !isDrained(idle) || !groupHasMetrics(context))
    return decideBySample(context, dimension, reactive, sample.value);
  const message = `its period has ended, and it has had no traffic for ${idle} minutes`;
  return { dimension, target: { units, reason: 'period-ended', message }, outcome: nothing };
}

/** Decides in the minute in which the period ends, before metrics show whether clients are late. */
function atEnd(context: TableContext, dimension: DimensionContext, outdated: number): DimensionDecision {
  const provisioned = dimension.capacity[dimension.dimension];
  const units = Math.max(outdated, keptAtEnd(provisioned, dimension.resource.scaling.burstReliance));
  // Without metrics, nothing would show that late clients need more.
  if (units >= provisioned || !groupHasMetrics(context)) return undecided(dimension);
  // Throttled requests show that burst capacity is used up.
  const refused = refusedLately(context, dimension);
  if ('pending' in refused) return undecided(dimension, refused.pending);
  if (refused.value) return undecided(dimension);
  const message = `its period has ended, and with burst capacity ${units} serve late clients for five minutes`;
  return { dimension, target: { units, reason: 'period-ended', message }, outcome: nothing };
}

/** Whether the reads or writes of an outdated table of a learning group are sampled now. */
const isSampled = (
  { observed, table: { name, spec, period }, now }: TableContext,
  { dimension }: DimensionContext,
): boolean =>
  isSeenThrottled(name, observed) || samplesOutdated(spec.name, now - period.end, true, now, dimension);

/** Whether the group has datapoints of other tables. Then missing datapoints of this one mean that it has no traffic. */
function groupHasMetrics({ soFar, table, now }: TableContext): boolean {
  const known = Object.values(soFar.remembered(table.spec.name) ?? {});
  return known.some(({ dataUntil }) => showsDelivery(dataUntil, now));
}
