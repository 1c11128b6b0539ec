/** Why DynamoDB cancels a transaction: one reason for each of its parts. */
import { writeSpenders } from './data-plane.ts';
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import type { Item } from './index-writes.ts';
import { type Dimension, exhausted, recordThrottle, type Spender } from './meter.ts';
import type { Region } from './region.ts';
import type { Table } from './table.ts';

interface Part {
  readonly table: Table;
  readonly wire: Json;
}

export interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

export const NONE: Reason = { Code: 'None' };

/** A transaction is throttled as a whole. */
export function admit(region: Region, dimension: Dimension, parts: readonly Part[]): void {
  const throttled = parts.map(({ table, wire }) => {
    const spenders: Spender[] =
      dimension === 'read' ? [undefined] : writeSpenders(table, wire.Item as Item | undefined);
    const empty = exhausted(region, table, dimension, spenders);
    if (empty.length > 0) recordThrottle(region, table, dimension, empty, 1);
    return empty.length > 0;
  });
  const Message = 'The level of configured provisioned throughput for the table was exceeded.';
  cancelUnlessNone(throttled.map((is) => (is ? { Code: 'ProvisionedThroughputExceeded', Message } : NONE)));
}

const CODES: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
};

export function reasonOf(error: unknown): Reason {
  const code = error instanceof AwsError ? CODES[error.type] : undefined;
  if (code === undefined) throw error;
  return { Code: code, Message: (error as AwsError).message };
}

export function cancelUnlessNone(reasons: readonly Reason[]): void {
  if (reasons.some(({ Code }) => Code !== 'None')) throw canceled(reasons);
}

export function canceled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
}
