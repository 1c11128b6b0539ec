import type { Table } from './fleet.ts';
import type { Observed, TableState } from './observed.ts';
import type { PlanBuilder } from './plan-builder.ts';

/** A table under decision, all that is known of it, and the draft that takes what is decided. */
export interface TableContext {
  readonly draft: PlanBuilder;
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  /** Epoch milliseconds. */
  readonly now: number;
}
