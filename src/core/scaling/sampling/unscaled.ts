import { dimensions, maxSetting, sayDimension } from '../../capacity/demand.ts';
import type { Capacity } from '../../facts.ts';
import { ofIndex, type Range, type Resource } from '../../spec.ts';
import type { DimensionContext } from './dimension-context.ts';

const unlimited: Range = { min: 0, max: Infinity };

/** The reads and the writes of a table or index that no method scales, because it is on-demand or not in the spec. */
export function unscaledDimensions(capacity: Capacity, bounds = unlimited): DimensionContext[] {
  const { index, read, write } = capacity;
  const units = { read, write };
  const resource: Resource = {
    ...ofIndex(index),
    full: units,
    outdated: units,
    bounds: { read: bounds, write: bounds },
    lowestAfter: units,
    scaling: {
      method: 'none',
      targetUtilization: 100,
      step: { raiseAbove: 100, raiseBy: 0, lowerBelow: 0, lowerBy: 0 },
      burstReliance: 1,
    },
  };
  return dimensions.map((dimension) => ({
    resource,
    capacity,
    dimension,
    name: sayDimension(dimension, index),
    bounds,
    maxSetting: maxSetting(dimension, index),
  }));
}
