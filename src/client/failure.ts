import type { Attributes } from './table-keys.ts';
import type { BatchWrite, Rejected, TableFailure } from './types.ts';

/**
 * - `missing-table`: a table that should exist does not. `turntable rotate` has not run, or the table was deleted
 * - `missing-index`: a table does not have the index, or DynamoDB is still filling it
 * - `other-key`: a table, or its index, does not accept the key or the key condition. `cause` has DynamoDB's sentence
 * - `outside-retention`: the table of a written item is purged, or not due yet. In a batch, `rejected` has these items,
 *   and all others are written
 * - `no-timestamp`: an item has no timestamp, neither a key nor `at` has one, or the key of `get` is incomplete
 * - `invalid-timestamp`: the timestamp attribute is not in the unit of the client, or is not a valid instant
 * - `invalid-options`: an argument of the client, a read or a write is invalid
 * - `invalid-cursor`: the cursor is invalid, or belongs to another read
 * - `no-cursor`: an item lacks the key attributes that a cursor needs
 * - `unprocessed`: a table or the source of a batch failed. `cause` has the reason, and `unprocessed` the requests to repeat
 * - `rejected`: requests of a batch are invalid. `rejected` has each with its cause, and all others are written
 * - `aborted`: the signal of a batch was aborted. `cause` has its reason
 */
export type RotatingErrorCode =
  | 'missing-table'
  | 'missing-index'
  | 'other-key'
  | 'outside-retention'
  | 'no-timestamp'
  | 'invalid-timestamp'
  | 'invalid-options'
  | 'invalid-cursor'
  | 'no-cursor'
  | 'unprocessed'
  | 'rejected'
  | 'aborted';

/** What a failure knows beside its code and message. */
export interface Details<Item extends object = Attributes> {
  readonly cause?: unknown;
  readonly table?: string | undefined;
  readonly unprocessed?: readonly BatchWrite<Item>[];
  readonly rejected?: readonly Rejected<Item>[];
  readonly failures?: readonly TableFailure[];
  readonly taken?: number;
  readonly written?: number;
}

/**
 * A failure of the rotating client, and any failure of a batch. Outside batches, other errors of DynamoDB, such as a failed
 * condition, are the SDK's own. `instanceof` keeps the item type, so that you can pass `unprocessed` to `batchWrite` again.
 */
export class RotatingError<Item extends object = Attributes> extends Error {
  /**
   * Whether it is a RotatingError, also of another copy of this package, such as its CommonJS build beside its ES module.
   * `instanceof` knows only its own copy.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as `instanceof` does, it accepts `unprocessed` for any client again
  static readonly is = (error: unknown): error is RotatingError<any> =>
    (error as Error | undefined)?.name === 'RotatingError';
  readonly code: RotatingErrorCode;
  /** The table that the failure is about, if it is about one. */
  readonly table?: string;
  /**
   * The requests of a batch that were not written and can be repeated, in their order within each table. For an array,
   * this includes the requests that were not reached. For any other source, it includes only requests that were `taken`.
   */
  readonly unprocessed: readonly BatchWrite<Item>[];
  /** The requests of a batch that are invalid, or whose tables are purged or not due yet. Repeating them does not help. */
  readonly rejected: readonly Rejected<Item>[];
  /** The tables of a batch that failed. Their requests are `unprocessed`. */
  readonly failures: readonly TableFailure[];
  /** How many requests a batch took from its source before it failed. The rest of the source starts after them. */
  readonly taken: number;
  /** How many of the `taken` requests are written. A request that a later one for the same key replaced counts like that one. */
  readonly written: number;
  constructor(code: RotatingErrorCode, message: string, details: Details<Item> = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'RotatingError';
    this.code = code;
    if (details.table !== undefined) this.table = details.table;
    this.unprocessed = details.unprocessed ?? [];
    this.rejected = details.rejected ?? [];
    this.failures = details.failures ?? [];
    this.taken = details.taken ?? 0;
    this.written = details.written ?? 0;
  }
}
