import { demandWindow } from '../../capacity/demand.ts';
import type { Learner } from '../../capacity/method.ts';
import { hasShapeOf, keyOf, type Learned, versionOf } from '../../capacity/remembered.ts';
import type { TableContext } from '../../table-context.ts';
import type { DimensionContext } from './dimension-context.ts';
import { HISTORY_MS } from './group-sample.ts';

/** The key of a dimension in its group's memory. */
export const memoryKey = ({ dimension, resource }: DimensionContext): string =>
  keyOf(dimension, resource.index);

/**
 * What earlier runs have learned about a dimension. undefined if that is from another method or version, is too old to
 * continue from, or does not have the shape that the method expects.
 */
export function memoryOf<Memory>(
  { observed, table, now }: TableContext,
  context: DimensionContext,
  learner: Learner<Memory>,
): Learned | undefined {
  const known = observed.memories.get(table.spec.name)?.[memoryKey(context)];
  if (known?.by !== versionOf(context.resource.scaling.method, learner)) return undefined;
  if (demandWindow(now).to - known.learnedTo >= HISTORY_MS) return undefined;
  return isComplete(known, learner) ? known : undefined;
}

/** Whether each memory has the shape that its method expects. A plan asks several times for each dimension of the fleet. */
const complete = new WeakMap<Learned, boolean>();

function isComplete(known: Learned, learner: Learner<unknown>): boolean {
  const before = complete.get(known);
  if (before !== undefined) return before;
  const shape = learner.begin(known.capacity);
  const memories = [known.memory, ...(known.checked ? [known.checked.memory] : [])];
  const now = memories.every((memory) => hasShapeOf(shape, memory));
  complete.set(known, now);
  return now;
}
