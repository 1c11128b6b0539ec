import { noComparison } from '../../capacity/comparison.ts';
import { demandWindow } from '../../capacity/demand.ts';
import type { Learner } from '../../capacity/method.ts';
import { modeled } from '../../capacity/model.ts';
import { COMPARED, comparedIn, type Learned, versionOf } from '../../capacity/remembered.ts';
import { isDue, type Series } from '../../capacity/series.ts';
import { demandOf } from '../../capacity/throttles.ts';
import { combined, nothing, type Outcome } from '../../outcome.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';
import { memoryKey, memoryOf } from '../sampling/group-memory.ts';
import { sampleGroup } from '../sampling/group-sample.ts';
import { hotPartition } from '../sampling/refused.ts';
import { followed, type Shadow, startingModel } from './shadow.ts';

/**
 * Follows one dimension of an on-demand table with its shadow, which shows what a learning method would provision, and
 * what that would cost and throttle. It reads metrics at the same times as the method would.
 */
export function followShadow<Memory>(
  context: TableContext,
  dimension: DimensionContext,
  learner: Learner<Memory>,
): Outcome {
  const { resource, bounds } = dimension;
  const { to } = demandWindow(context.now);
  const known = memoryOf(context, dimension, learner);
  if (known && (to <= known.learnedTo || !isDue(known, to))) return nothing;
  const sample = sampleGroup(context, serving(dimension, known), learner, withoutChecked(known), to);
  if ('pending' in sample) return sample.pending;
  const { minutes, dataUntil, hotRequests } = sample.value;
  const [first] = minutes;
  if (!first) return nothing;
  const before = known ? resumed<Memory>(known) : begun(demandOf(first), dimension);
  const reliance = resource.scaling.burstReliance;
  const { model, series, comparison, throttledAt } = followed(learner, before, minutes, {
    bounds,
    dimension: dimension.dimension,
    reliance,
  });
  if (!series) return nothing;
  const { sampleAt, learnedTo } = series;
  const next: Learned = {
    ...series,
    // If metrics are late, the next sample is also later.
    sampleAt: sampleAt + (to - learnedTo),
    by: versionOf(resource.scaling.method, learner),
    capacity: model.provisioned,
    dataUntil,
    billing: { version: COMPARED, comparison, shadow: { model, sampleAt, throttledAt } },
  };
  return combined(hotPartition(context, dimension, hotRequests), {
    ...nothing,
    learned: { [memoryKey(dimension)]: next },
  });
}

/** A shadow learns no minute again. */
function withoutChecked(known: Learned | undefined): Learned | undefined {
  if (!known) return undefined;
  const { checked: _, ...newest } = known;
  return newest;
}

/**
 * The capacity that served the minutes of a sample: infinite while on-demand, and the provisioned capacity before the
 * switch.
 */
function serving(context: DimensionContext, known: Learned | undefined): DimensionContext {
  const units = comparedIn(known)?.shadow ? Infinity : (known?.capacity ?? 0);
  return { ...context, capacity: { ...context.capacity, [context.dimension]: units } };
}

function begun(demand: number, { bounds }: DimensionContext): Shadow<never> {
  return { model: startingModel(demand, bounds), series: undefined, comparison: noComparison };
}

/** Continues from the last sample; or from the capacity before the switch, with no burst capacity left. */
function resumed<Memory>(known: Learned): Shadow<Memory> {
  const compared = comparedIn(known);
  const { model, sampleAt, throttledAt } = compared?.shadow ?? {
    model: modeled(known.capacity, 0),
    sampleAt: known.sampleAt,
    throttledAt: undefined,
  };
  const series = { ...(known as unknown as Series<Memory>), sampleAt };
  return {
    model,
    series,
    comparison: compared?.comparison ?? noComparison,
    ...(throttledAt !== undefined && { throttledAt }),
  };
}
