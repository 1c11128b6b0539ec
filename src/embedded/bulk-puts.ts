/**
 * StartBulkPutItems and DescribeBulkOperation: items of S3 into a table that exists. Items that cannot be put are
 * reported in S3, and the others are put.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Requesting.html
 */
import { gunzipSync } from 'node:zlib';
import { type ArchiveFormat, isArchiveFormat } from '../core/archives.ts';
import type { BulkPut } from './bulk-put.ts';
import type { Json } from './engine.ts';
import { settleExports } from './exports.ts';
import { inUse, notEmbedded, validation } from './failure.ts';
import type { Item } from './index-writes.ts';
import { itemLines } from './item-lines.ts';
import { putItems } from './items.ts';
import type { Operation, Operations, Region } from './region.ts';
import type { Bucket } from './s3.ts';
import type { Table } from './table.ts';
import { seconds, tableNameOf } from './wire.ts';

/** The lowest MaxWriteRequestUnits. */
const LOWEST_RATE = 1_024;

export function bulkPutOperations(region: Region): Operations {
  return {
    StartBulkPutItems: start(region),
    DescribeBulkOperation: ({ BulkOperationArn }) => {
      settle(region);
      return { BulkOperationDescription: describe(region.bulkPuts.get(BulkOperationArn)) };
    },
  };
}

interface Place {
  readonly S3Bucket?: string;
  readonly S3KeyPrefix?: string;
  readonly InputFormat?: string;
  readonly InputCompressionType?: string;
}

function start(region: Region): Operation {
  return async (input) => {
    settleExports(region);
    settle(region);
    const name = tableNameOf(input);
    const { InputS3Configuration: from = {}, OutputS3Configuration: to = {} } = input as {
      InputS3Configuration?: Place;
      OutputS3Configuration?: Place;
    };
    const format = from.InputFormat;
    if (!isArchiveFormat(format))
      throw notEmbedded('loads of other formats than DynamoDB JSON and Amazon Ion');
    const rate = input.MaxWriteRequestUnits as number | undefined;
    if (rate !== undefined && rate < LOWEST_RATE)
      throw validation(`MaxWriteRequestUnits must be at least ${LOWEST_RATE}`);
    const token = String(input.ClientToken ?? '');
    const parameters = JSON.stringify({ ...input, ClientToken: undefined });
    const earlier = token === '' ? undefined : region.bulkPuts.withToken(token, parameters);
    if (earlier) return { BulkOperationDescription: describe(earlier) };
    return region.locks.run([`table ${name}`], async () => {
      const table = region.tables.get(name);
      const status = table.impaired?.status ?? table.change?.status ?? 'ACTIVE';
      if (status !== 'ACTIVE' && status !== 'UPDATING') throw inUse(`Table is ${status}: ${name}`);
      const bucket = region.buckets.get(from.S3Bucket ?? '');
      const { items, bad } = bucket ? read(bucket, from, format, table) : { items: [], bad: [] };
      await putItems(region, name, items);
      const started = region.bulkPuts.add(
        {
          table: { name, id: table.id },
          token,
          input: parameters,
          startedAt: region.now(),
          endsAt: region.elapsed() + region.bulkPutMs,
          output: { bucket: to.S3Bucket ?? '', prefix: to.S3KeyPrefix ?? '' },
          items,
          bad,
          ...(!bucket && {
            failure: { code: 'S3NoSuchBucket', message: 'The specified bucket does not exist' },
          }),
        },
        table.arn,
      );
      return { BulkOperationDescription: describe(started) };
    });
  };
}

function read(
  bucket: Bucket,
  { S3KeyPrefix = '', InputCompressionType = 'NONE' }: Place,
  format: ArchiveFormat,
  table: Table,
) {
  const items: Item[] = [];
  const bad: { line: string; error: string }[] = [];
  for (const key of bucket.keys().filter((one) => one.startsWith(S3KeyPrefix))) {
    const { body } = bucket.get(key);
    const text = (InputCompressionType === 'GZIP' ? gunzipSync(body) : body).toString();
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const item = itemIn(line, format);
      const error = item ? flawOf(item, table) : 'The line is not an item';
      if (item && error === undefined) items.push(item);
      else bad.push({ line, error: error ?? '' });
    }
  }
  return { items, bad };
}

function itemIn(line: string, format: ArchiveFormat): Item | undefined {
  try {
    return itemLines[format].read(line);
  } catch {
    return undefined;
  }
}

/** Why an item has not the key of the table; undefined if it has. */
function flawOf(item: Item, { keySchema, attributeDefinitions }: Table): string | undefined {
  for (const { AttributeName = '' } of keySchema) {
    const type = attributeDefinitions.find((one) => one.AttributeName === AttributeName)?.AttributeType ?? '';
    const value = item[AttributeName] as Record<string, unknown> | undefined;
    if (value?.[type] === undefined) return `The key attribute ${AttributeName} of type ${type} is missing`;
  }
  return undefined;
}

function statusOf({ endedAt, failure, bad }: BulkPut): string {
  if (endedAt === undefined) return 'IN_PROGRESS';
  if (failure) return 'FAILED';
  return bad.length > 0 ? 'COMPLETED_WITH_ERRORS' : 'COMPLETED';
}

function describe(one: BulkPut): Json {
  const { arn, table, token, startedAt, endedAt, items, bad, failure } = one;
  const status = statusOf(one);
  return {
    BulkOperationArn: arn,
    BulkOperationStatus: status,
    TableDetails: [{ TableName: table.name, TableId: table.id }],
    ...(token !== '' && { ClientToken: token }),
    StartTime: seconds(startedAt),
    ...(endedAt !== undefined && { EndTime: seconds(endedAt) }),
    ProcessedItemCount: items.length + bad.length,
    FailedItemCount: bad.length,
    ...(status === 'FAILED' && { FailureCode: failure?.code, FailureMessage: failure?.message }),
    PerformanceTier: 'STANDARD',
  };
}

/** Ends the loads whose time is over. */
function settle(region: Region): void {
  for (const one of region.bulkPuts.inProgress()) {
    if (region.elapsed() < one.endsAt) continue;
    one.endedAt = region.now();
    const { bad, output, arn } = one;
    if (bad.length === 0) continue;
    const key = `${output.prefix}${output.prefix === '' ? '' : '/'}${arn.slice(arn.lastIndexOf('/') + 1)}/errors.json`;
    const lines = bad.map((each) => `${JSON.stringify(each)}\n`).join('');
    region.buckets.get(output.bucket)?.put(key, lines, one.endedAt);
  }
}
