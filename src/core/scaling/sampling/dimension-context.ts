import { type Dimension, dimensions, maxSetting, sayDimension } from '../../capacity/demand.ts';
import type { Capacity } from '../../facts.ts';
import type { Range, Resource } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { isBuilding } from '../../throughput.ts';

/** The reads or the writes of a table or an index, with everything that a decision about them needs. */
export interface DimensionContext {
  readonly resource: Resource;
  readonly capacity: Capacity;
  readonly dimension: Dimension;
  /** `writes`, `index byUser reads`: its name in messages. */
  readonly name: string;
  readonly bounds: Range;
  /** The setting that is the maximum of the bounds. */
  readonly maxSetting: string;
}

/** How far the maximum allows a dimension to be raised, as the end of a sentence, and what to do. */
export const sayMaximum = ({ bounds, maxSetting }: Pick<DimensionContext, 'bounds' | 'maxSetting'>): string =>
  `the maximum is ${bounds.max}. To allow more, set a higher ${maxSetting}.`;

/** Reads and writes of a table or index; empty if DynamoDB does not describe it (yet), or creates or deletes the index. */
export function dimensionsOf(
  { table, state }: Pick<TableContext, 'table' | 'state'>,
  resource: Resource,
): DimensionContext[] {
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  if (!capacity || isBuilding(capacity)) return [];
  const { current, ended } = settingsOf(resource);
  const hasEnded = table.phase === 'draining' || table.phase === 'outdated' || table.phase === 'expired';
  return (hasEnded ? ended : current).map((one) => ({ ...one, capacity }));
}

/** What the spec alone says about the reads and the writes of a table or an index. */
type Settings = Omit<DimensionContext, 'capacity'>;

interface BothSettings {
  readonly current: readonly Settings[];
  /** Of tables whose period has ended. */
  readonly ended: readonly Settings[];
}

/** A plan asks several times for the dimensions of each table of the fleet. */
const known = new WeakMap<Resource, BothSettings>();

function settingsOf(resource: Resource): BothSettings {
  const before = known.get(resource);
  if (before) return before;
  const current = dimensions.map(
    (dimension): Settings => ({
      resource,
      dimension,
      name: sayDimension(dimension, resource.index),
      bounds: { min: resource.bounds[dimension].min, max: resource.bounds[dimension].max },
      maxSetting: maxSetting(dimension, resource.index),
    }),
  );
  const ended = current.map((one) => ({
    ...one,
    bounds: { ...one.bounds, min: resource.lowestAfter[one.dimension] },
  }));
  known.set(resource, { current, ended });
  return { current, ended };
}
