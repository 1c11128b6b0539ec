import { noComparison } from '../../capacity/comparison.ts';
import { demandWindow } from '../../capacity/demand.ts';
import type { Learner } from '../../capacity/method.ts';
import { modelled } from '../../capacity/model.ts';
import { COMPARED, comparedIn, keyOf, type Learned, versionOf } from '../../capacity/remembered.ts';
import { isDue, type Series } from '../../capacity/series.ts';
import { demandOf } from '../../capacity/throttles.ts';
import type { TableContext } from '../../table-context.ts';
import { knownOf, newMinutes } from '../by-learning.ts';
import type { DimensionContext } from '../dimension-context.ts';
import { hotPartition } from '../hot-partition.ts';
import { followed, type Shadow, startingModel } from './shadow.ts';

/**
 * Follows in thought what a method that learns would provision for a table that is on demand, so that it is known
 * what that would cost and throttle. It looks when the method would. What it has learned goes into the draft.
 */
export function follow<Memory>(
  subject: TableContext,
  dimensionContext: DimensionContext,
  learner: Learner<Memory>,
): void {
  const { draft, observed, table, now } = subject;
  const { resource, dimension, bounds, name } = dimensionContext;
  const by = versionOf(resource.scaling.method, learner);
  const { to } = demandWindow(now);
  const known = knownOf(subject, dimensionContext, learner, to);
  if (known && !isDue(known, to)) return;
  const seen = newMinutes(
    subject,
    { ...dimensionContext, capacity: serving(dimensionContext, known) },
    known,
    to,
  );
  if (!seen) return;
  const before = known ? resumed<Memory>(known) : begun(demandOf(seen.minutes[0]!), dimensionContext);
  const reliance = resource.scaling.burstReliance;
  const { model, series, comparison } = followed(learner, before, seen.minutes, { bounds, reliance });
  if (!series) return;
  const { sampleAt, learnedTo } = series;
  const next: Learned = {
    ...series,
    // Metrics that are late make the next look later, too.
    sampleAt: sampleAt + (to - learnedTo),
    by,
    capacity: model.provisioned,
    heardAt: seen.heardAt,
    billing: { version: COMPARED, comparison, shadow: { model, sampleAt } },
  };
  draft.learn(observed, table.spec, keyOf(dimension, resource.index), next);
  if (seen.hot === 0) return;
  const { wanted, reason, message } = hotPartition(name, seen.hot);
  draft.hold(table, wanted, reason, message);
}

/** What served the minutes that are to be learned: no limit, or what was provisioned until the table was switched. */
function serving(
  { capacity, dimension }: DimensionContext,
  known: Learned | undefined,
): DimensionContext['capacity'] {
  const units = comparedIn(known)?.shadow ? Infinity : (known?.capacity ?? 0);
  return { ...capacity, [dimension]: units };
}

function begun(demand: number, { bounds }: DimensionContext): Shadow<never> {
  return { model: startingModel(demand, bounds), series: undefined, comparison: noComparison };
}

/** Where it was left; or at what stood when the table was switched, with nothing left in its bucket. */
function resumed<Memory>(known: Learned): Shadow<Memory> {
  const compared = comparedIn(known);
  const { model, sampleAt } = compared?.shadow ?? {
    model: modelled(known.capacity, 0),
    sampleAt: known.sampleAt,
  };
  const series = { ...(known as unknown as Series<Memory>), sampleAt };
  return { model, series, comparison: compared?.comparison ?? noComparison };
}
