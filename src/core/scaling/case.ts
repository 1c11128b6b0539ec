import type { Table } from '../fleet.ts';
import type { Capacity, Observed, TableState } from '../observed.ts';
import type { Drafting } from '../plan.ts';
import type { Range, Resource } from '../spec.ts';
import type { Dimension } from './demand.ts';

/** A table under decision, and all that is known of it. */
export interface Case {
  readonly draft: Drafting;
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  readonly now: number;
}

/** Reads or writes of a table or index under decision. */
export interface Aspect {
  readonly resource: Resource;
  readonly capacity: Capacity;
  readonly dimension: Dimension;
  /** `writes`, `index byUser reads`: what sentences call it. */
  readonly name: string;
  readonly bounds: Range;
}
