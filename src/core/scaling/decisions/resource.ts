import type { LearningMethod } from '../../capacity/method.ts';
import type { Resource } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { unchangeable } from '../../throughput.ts';
import { methodOf } from '../methods/index.ts';
import { type DimensionContext, dimensionsOf } from '../sampling/dimension-context.ts';
import { byLearning } from './by-learning.ts';
import { byNewestMinutes } from './by-newest-minutes.ts';
import type { DimensionDecision } from './decision.ts';
import { decideEnded } from './ended.ts';
import { decideHandover } from './handover.ts';

/** Whether this run may decide about a dimension. */
export type Filter = (dimension: DimensionContext) => boolean;

/**
 * Decides for the reads and the writes of one table or index, each by itself. If demand is unknown, nothing changes.
 */
export function decideResource(
  context: TableContext,
  resource: Resource,
  included: Filter,
): DimensionDecision[] {
  const { phase } = context.table;
  const method = methodOf(resource.scaling);
  const dimensions = dimensionsOf(context, resource).filter(included);
  if (phase === 'upcoming') return method?.learns ? decideHandover(context, resource) : [];
  if (!method) return [];
  if (!method.learns) return dimensions.map((dimension) => byNewestMinutes(context, dimension, method));
  if (phase !== 'active') return dimensions.map((dimension) => decideEnded(context, dimension));
  // Metrics cost money, and a busy table cannot be changed.
  return unchangeable(context.state) ? [] : decideByLearning(context, dimensions, method);
}

function decideByLearning<Memory>(
  context: TableContext,
  dimensions: readonly DimensionContext[],
  method: LearningMethod<Memory>,
): DimensionDecision[] {
  const decisions = dimensions.map((dimension) => byLearning(context, dimension, method));
  const lowered = decisions.filter(
    ({ dimension: { capacity, dimension }, target }) => target && target.units < capacity[dimension],
  );
  if (lowered.length !== 1) return decisions;
  // Lowering reads and writes together costs one decrease, the same as lowering one of them.
  return decisions.map((decision) =>
    decision === lowered[0] ? decision : byLearning(context, decision.dimension, method, true),
  );
}
