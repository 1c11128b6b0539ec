import type { Dimension } from '../capacity/demand.ts';
import type { Capacity } from '../observed.ts';
import type { Range, Resource } from '../spec.ts';

/** Reads or writes of a table or index under decision. */
export interface DimensionContext {
  readonly resource: Resource;
  readonly capacity: Capacity;
  readonly dimension: Dimension;
  /** `writes`, `index byUser reads`: what sentences call it. */
  readonly name: string;
  readonly bounds: Range;
}
