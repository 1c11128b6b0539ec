import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { iso } from '../core/calendar/instant.ts';
import type { StoredEntry, StoredOpen } from '../core/history/stored.ts';
import { type Item, putRecords, rejectNewer } from './state-records.ts';

/**
 * The attribute of time to live, in seconds: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html.
 * Leases have `ExpiresAt`, in milliseconds, and DynamoDB must not delete them.
 */
export const HISTORY_EXPIRES_AT = 'HistoryExpiresAt';

/** An open record is beside the entries, and sorts before them. No entry starts with a parenthesis. */
const openId = (job: string): string => `(open) ${job}`;

const recordOf = (record: StoredEntry | StoredOpen): readonly [string, Item] =>
  'open' in record
    ? [openId(record.job), { Open: { B: deflateRawSync(record.open) } }]
    : [
        record.id,
        {
          Entry: { S: record.entry },
          [HISTORY_EXPIRES_AT]: { N: String(Math.ceil(record.expiresAt / 1000)) },
        },
      ];

/** Stores records in their order. @throws ServiceError as `putRecords` does */
export const writeHistory = (
  client: DynamoDBClient,
  TableName: string,
  records: readonly (StoredEntry | StoredOpen)[],
): Promise<void> => putRecords(client, TableName, 'history', records.map(recordOf));

/** An open record has a few dozen bytes for each hold. */
const LARGEST_OPEN_BYTES = 2 ** 24;

/** The open record of a job; undefined if it is missing or invalid. @throws ServiceError `newer-state` */
export async function openHolds(
  client: DynamoDBClient,
  TableName: string,
  job: string,
): Promise<string | undefined> {
  const [item] = await between(client, TableName, openId(job), openId(job));
  if (item?.Open?.B === undefined) return undefined;
  try {
    return inflateRawSync(item.Open.B, { maxOutputLength: LARGEST_OPEN_BYTES }).toString();
  } catch {
    return undefined;
  }
}

/** The entries between two instants, oldest first. @throws ServiceError `newer-state` */
export async function historyBetween(
  client: DynamoDBClient,
  TableName: string,
  from: number,
  to: number,
): Promise<string[]> {
  // The time of an entry is followed by a space, which sorts before a tilde.
  const items = await between(client, TableName, iso(from), `${iso(to)}~`);
  return items.flatMap(({ Entry }) => Entry?.S ?? []);
}

async function between(client: DynamoDBClient, TableName: string, from: string, to: string): Promise<Item[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'Kind = :kind AND Id BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':kind': { S: 'history' }, ':from': { S: from }, ':to': { S: to } },
    },
  );
  const items: Item[] = [];
  for await (const { Items = [] } of pages) items.push(...Items);
  for (const item of items) rejectNewer('history', item);
  return items;
}
