export { createRotatingClient } from './client.ts';
export { RotatingError, type RotatingErrorCode } from './failure.ts';
export type {
  Abortable,
  Attributes,
  BatchOptions,
  BatchWrite,
  Dated,
  DeleteOptions,
  GetOptions,
  Key,
  Page,
  PutOptions,
  QueryInput,
  RangeOptions,
  Reading,
  RotatingClient,
  RotatingOptions,
  ScanInput,
  Timestamp,
  Unit,
  UpdateOptions,
} from './types.ts';
