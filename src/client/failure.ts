import type { Attributes, BatchWrite } from './types.ts';

/**
 * - `missing-table`: a table that should exist does not; `turntable rotate` has not run, or somebody deleted it
 * - `outside-retention`: an item was to be written whose table has been purged, or is not due to exist yet; of a batch,
 *   `rejected` holds these, and all others are written
 * - `no-timestamp`: neither the key nor `at` says which table it is, or `get` has a part of the key only
 * - `invalid-timestamp`: the timestamp attribute is not in the unit that the client was made with, or is no instant
 * - `invalid-options`: what the client, a read or a write was given can not be meant
 * - `invalid-cursor`: no cursor, or one of another read
 * - `no-cursor`: an item lacks the key attributes that a cursor is made of
 * - `unprocessed`: a batch was not written to its end; `cause` says why, and `unprocessed` holds what is unwritten
 */
export type RotatingErrorCode =
  | 'missing-table'
  | 'outside-retention'
  | 'no-timestamp'
  | 'invalid-timestamp'
  | 'invalid-options'
  | 'invalid-cursor'
  | 'no-cursor'
  | 'unprocessed';

interface Details<Item extends object> {
  readonly cause?: unknown;
  readonly table?: string | undefined;
  readonly unprocessed?: readonly BatchWrite<Item>[];
  readonly rejected?: readonly BatchWrite<Item>[];
  readonly taken?: number;
  readonly written?: number;
}

/**
 * What goes wrong because there are many tables, and whatever ends a batch. Otherwise, what DynamoDB itself refuses,
 * a failed condition for instance, is thrown as the SDK throws it. `instanceof` leaves the type of items open, so that
 * `unprocessed` can be given to `batchWrite` again.
 */
export class RotatingError<Item extends object = Attributes> extends Error {
  readonly code: RotatingErrorCode;
  /** The table that it is about, where it is about one. */
  readonly table?: string;
  /**
   * Requests of a batch that were not carried out and may be tried again, those of one table in their order. Of an
   * array it includes what was not reached; of any other source only what was `taken`.
   */
  readonly unprocessed: readonly BatchWrite<Item>[];
  /** Puts of a batch whose tables have been purged or are not due yet: trying them again is in vain. */
  readonly rejected: readonly BatchWrite<Item>[];
  /** How many requests a batch took from its source before it failed: the rest begins after them. */
  readonly taken: number;
  /** How many of these are done; one that a later request for the same key replaced counts with that. */
  readonly written: number;
  constructor(code: RotatingErrorCode, message: string, details: Details<Item> = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'RotatingError';
    this.code = code;
    if (details.table !== undefined) this.table = details.table;
    this.unprocessed = details.unprocessed ?? [];
    this.rejected = details.rejected ?? [];
    this.taken = details.taken ?? 0;
    this.written = details.written ?? 0;
  }
}
