import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BatchWriteItemCommand, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { iso } from '../core/calendar/instant.ts';
import { ServiceError } from '../core/failure.ts';
import type { StoredEntry, StoredOpen } from '../core/history/stored.ts';
import { pause } from './call-limits.ts';
import { formatOf, type Item, key, rejectNewer } from './state-records.ts';

/**
 * The attribute of time to live, in seconds: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html.
 * Leases have `ExpiresAt`, in milliseconds, and DynamoDB must not delete them.
 */
export const HISTORY_EXPIRES_AT = 'HistoryExpiresAt';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_PER_BATCH = 25;

/** The pauses before what DynamoDB left unprocessed is sent again, in milliseconds. */
const PAUSES_MS = [50, 100, 200, 400, 800];

/** An open record is beside the entries, and sorts before them. No entry starts with a parenthesis. */
const openId = (job: string): string => `(open) ${job}`;

const attributesOf = (record: StoredEntry | StoredOpen): Item =>
  'open' in record
    ? { ...key('history', openId(record.job)), Open: { B: deflateRawSync(record.open) } }
    : {
        ...key('history', record.id),
        Entry: { S: record.entry },
        [HISTORY_EXPIRES_AT]: { N: String(Math.ceil(record.expiresAt / 1000)) },
      };

/**
 * Stores records in their order, up to 25 with one call.
 * @throws ServiceError `throttled` if DynamoDB leaves some unprocessed, and what the SDK throws
 */
export async function writeHistory(
  client: DynamoDBClient,
  TableName: string,
  records: readonly (StoredEntry | StoredOpen)[],
): Promise<void> {
  const items = records.map((record) => ({ ...attributesOf(record), ...formatOf('history') }));
  for (let i = 0; i < items.length; i += MOST_PER_BATCH)
    await writeBatch(client, TableName, items.slice(i, i + MOST_PER_BATCH));
}

async function writeBatch(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (const pauseMs of [0, ...PAUSES_MS]) {
    if (pauseMs > 0) await pause(pauseMs * (1 / 2 + Math.random() / 2));
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    requests = (UnprocessedItems[table] ?? []) as typeof requests;
    if (requests.length === 0) return;
  }
  throw new ServiceError(
    'throttled',
    `DynamoDB left ${requests.length} of ${items.length} records unprocessed, ${PAUSES_MS.length + 1} times.`,
  );
}

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
