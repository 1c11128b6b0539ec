import type { Drafting } from './plan-builder.ts';
import type { Table } from './fleet.ts';
import type { Observed, TableState } from './observed.ts';

/** A table under decision, all that is known of it, and the draft that takes what is decided. */
export interface Case {
  readonly draft: Drafting;
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  /** Epoch milliseconds. */
  readonly now: number;
}
