import type { Dimension } from './capacity/demand.ts';
import type { DecidedSoFar } from './decided.ts';
import type { TableState } from './facts.ts';
import type { Table } from './fleet.ts';
import type { Observed } from './observed.ts';

/** A table, and everything that a decision about it can use. Read-only: decisions are returned as an `Outcome`. */
export interface TableContext {
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What this run has decided for other tables already. */
  readonly soFar: DecidedSoFar;
  /**
   * Units per second of the account's quota that are for tables which this run decides later, because they have more
   * refused requests. Default: none.
   */
  readonly reserved?: (dimension: Dimension, refused: number) => number;
}

/** An existing table. Its description might not be read yet. */
export type UndescribedTable = Omit<TableContext, 'state'>;
