export { createRotatingClient } from './client.ts';
export { RotatingError, type RotatingErrorCode } from './failure.ts';
export type { Attributes, Indexes, Key, TableKeys } from './table-keys.ts';
export type {
  Abortable,
  BatchOptions,
  BatchProgress,
  BatchWrite,
  Dated,
  DeleteOptions,
  GetOptions,
  Page,
  PutOptions,
  QueryInput,
  RangeOptions,
  Reading,
  Rejected,
  RotatingClient,
  RotatingOptions,
  ScanInput,
  TableFailure,
  Timestamp,
  Unit,
  UpdateOptions,
} from './types.ts';
