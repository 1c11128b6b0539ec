import type { BatchWrite } from './types.ts';

/**
 * - `missing-table`: a table that should exist does not; `turntable rotate` has not run, or somebody deleted it
 * - `outside-retention`: an item was to be written whose table has been purged, or is not due to exist yet
 * - `no-timestamp`: neither the key nor `at` says which table it is
 * - `invalid-timestamp`: the timestamp attribute is not in the unit that the client was made with
 * - `invalid-options`: what the client or a read was given can not be meant
 * - `invalid-cursor`: no cursor, or one of another read
 * - `no-cursor`: an item lacks the key attributes that a cursor is made of
 * - `unprocessed`: DynamoDB still refused a part of a batch after all retries; `unprocessed` holds what is unwritten
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

interface Details {
  readonly cause?: unknown;
  readonly table?: string;
  readonly unprocessed?: readonly BatchWrite[];
}

/**
 * What goes wrong because there are many tables. Whatever DynamoDB itself refuses, a failed condition for
 * instance, is thrown as the SDK throws it.
 */
export class RotatingError extends Error {
  readonly code: RotatingErrorCode;
  /** The table that it is about, where it is about one. */
  readonly table?: string;
  /** Requests of a batch that were not carried out, in their order. */
  readonly unprocessed: readonly BatchWrite[];
  constructor(code: RotatingErrorCode, message: string, details: Details = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'RotatingError';
    this.code = code;
    if (details.table !== undefined) this.table = details.table;
    this.unprocessed = details.unprocessed ?? [];
  }
}
