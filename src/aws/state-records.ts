/** The records of the state table, and their formats. Older and newer versions of Turntable share the table. */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import { ServiceError } from '../core/failure.ts';
import { pause } from './call-limits.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/**
 * The newest format of each kind of record that this version understands. Raise a number only if older versions must
 * neither use nor replace the new records: a job that meets a newer record creates tables, raises capacity and holds
 * the rest. An attribute that older versions may ignore needs no new number. A record without a number has format 1.
 */
const formats = {
  lease: 1,
  'scheduled-deletion': 1,
  suspension: 1,
  memory: 1,
  retention: 1,
  ownership: 1,
  unmanaged: 1,
  config: 1,
  history: 1,
  run: 1,
  closing: 1,
  drill: 1,
} as const;

export type Kind = keyof typeof formats;

/** The key of a record. */
export const key = (kind: string, id: string) => ({ Kind: { S: kind }, Id: { S: id } });

/** The attribute that every new record has. */
export const formatOf = (kind: Kind) => ({ Format: { N: String(formats[kind]) } });

/** A condition for writing: the present record, if any, is not newer. */
export const notNewer = (kind: Kind) => ({
  condition: '(attribute_not_exists(#format) OR #format <= :format)',
  names: { '#format': 'Format' },
  values: { ':format': formatOf(kind).Format },
});

/** @throws ServiceError `newer-state` if a newer version of Turntable wrote the record */
export function rejectNewer(kind: Kind, { Id, Format }: Item): void {
  if (Format === undefined || Number(Format.N) <= formats[kind]) return;
  const record = `the ${kind} ${Id?.S ?? ''} in format ${Format.N ?? 'unknown'}`;
  throw new ServiceError(
    'newer-state',
    `The state table has ${record}, and this version of Turntable knows format ${formats[kind]}. Upgrade Turntable.`,
  );
}

/** Every record of a kind. @throws ServiceError `newer-state`, and what the SDK throws */
export async function readKind(client: DynamoDBClient, TableName: string, kind: Kind): Promise<Item[]> {
  const items = await readAll(client, TableName, kind);
  for (const item of items) rejectNewer(kind, item);
  return items;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_PER_CALL = 100;
const CONCURRENT_BATCHES = 4;
/** Before a call for the keys that DynamoDB did not process, which it recommends. */
const PAUSES_MS = [50, 200, 800] as const;

/**
 * Those of some records of a kind that exist. A shard has a few groups of many, so that a query would read mostly those of others.
 * @throws ServiceError `newer-state`, `throttled` if DynamoDB does not process all keys, and what the SDK throws
 */
export async function readRecords(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  ids: readonly string[],
): Promise<Item[]> {
  const unique = [...new Set(ids)];
  const read = (batch: readonly string[]) => readBatch(client, TableName, kind, batch);
  const items = (
    await pMap(batchesOf(unique, KEYS_PER_CALL), read, { concurrency: CONCURRENT_BATCHES })
  ).flat();
  for (const item of items) rejectNewer(kind, item);
  return items;
}

async function readBatch(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  ids: readonly string[],
): Promise<Item[]> {
  const items: Item[] = [];
  let Keys: Record<string, AttributeValue>[] = ids.map((id) => key(kind, id));
  for (const pauseMs of [0, ...PAUSES_MS]) {
    if (pauseMs > 0) await pause(pauseMs);
    const RequestItems = { [TableName]: { Keys, ConsistentRead: true } };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems }));
    items.push(...(answer.Responses?.[TableName] ?? []));
    Keys = answer.UnprocessedKeys?.[TableName]?.Keys ?? [];
    if (Keys.length === 0) return items;
  }
  throw new ServiceError(
    'throttled',
    `DynamoDB left ${Keys.length} of ${ids.length} records unread, ${PAUSES_MS.length + 1} times.`,
  );
}

/** Every record of a kind that might have no format. */
export async function readAll(client: DynamoDBClient, TableName: string, kind: string): Promise<Item[]> {
  const pages = paginateQuery(
    { client },
    {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'Kind = :kind',
      ExpressionAttributeValues: { ':kind': { S: kind } },
    },
  );
  const items = [];
  for await (const { Items = [] } of pages) items.push(...Items);
  return items;
}

/** Writes a record. @throws ServiceError `newer-state` if the present one is newer, and what the SDK throws */
export async function putRecord(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  id: string,
  attributes: Item,
): Promise<void> {
  const Item = { ...key(kind, id), ...formatOf(kind), ...attributes };
  await unlessNewer(kind, (condition) => client.send(new PutItemCommand({ TableName, Item, ...condition })));
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const RECORDS_PER_CALL = 25;
/** Before what DynamoDB left unprocessed is sent again. */
const WRITE_PAUSES_MS = [50, 100, 200, 400, 800] as const;

/** The key of a record beside its kind, and its attributes. */
export type NewRecord = readonly [id: string, attributes: Item];

/**
 * Writes records in their order, up to 25 with one call, until one call fails. BatchWriteItem takes no condition, so write only records
 * that no newer version can have written: new ones, or those that the run has read since it holds the lease.
 * @throws ServiceError `throttled` if DynamoDB leaves some unprocessed, and what the SDK throws
 */
export async function putRecords(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  records: readonly NewRecord[],
): Promise<void> {
  const items = records.map(([id, attributes]) => ({ ...key(kind, id), ...formatOf(kind), ...attributes }));
  for (const batch of batchesOf(items, RECORDS_PER_CALL)) await writeBatch(client, TableName, batch);
}

/** If a role may not write records together, or one of them is too large, each call with others fails. */
const FAILS_FOR_ALL: ReadonlySet<unknown> = new Set(['AccessDeniedException', 'ValidationException']);

/**
 * `putRecords` in any order. If DynamoDB refuses a call, its records are written one by one, so that one of them does not keep the
 * others out. The other calls are made if one fails. @throws the first error
 */
export async function putUnordered(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  records: readonly NewRecord[],
): Promise<void> {
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
  };
  const alone = ([id, attributes]: NewRecord) =>
    putRecord(client, TableName, kind, id, attributes).catch(fail);
  const put = (batch: readonly NewRecord[]) =>
    putRecords(client, TableName, kind, batch).catch(async (error: unknown) => {
      if (!FAILS_FOR_ALL.has((error as Partial<Error>).name)) return fail(error);
      await pMap(batch, alone, { concurrency: CONCURRENT_BATCHES });
    });
  await pMap(batchesOf(records, RECORDS_PER_CALL), put, { concurrency: CONCURRENT_BATCHES });
  if (failures.length > 0) throw failures[0];
}

const batchesOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

async function writeBatch(client: DynamoDBClient, table: string, items: readonly Item[]): Promise<void> {
  let requests = items.map((Item) => ({ PutRequest: { Item } }));
  for (const pauseMs of [0, ...WRITE_PAUSES_MS]) {
    if (pauseMs > 0) await pause(pauseMs * (1 / 2 + Math.random() / 2));
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
    );
    requests = (UnprocessedItems[table] ?? []) as typeof requests;
    if (requests.length === 0) return;
  }
  throw new ServiceError(
    'throttled',
    `DynamoDB left ${requests.length} of ${items.length} records unprocessed, ${WRITE_PAUSES_MS.length + 1} times.`,
  );
}

/** Removes a record. @throws ServiceError `newer-state` if the present one is newer, and what the SDK throws */
export async function removeRecord(
  client: DynamoDBClient,
  TableName: string,
  kind: Kind,
  id: string,
): Promise<void> {
  await unlessNewer(kind, (condition) =>
    client.send(new DeleteItemCommand({ TableName, Key: key(kind, id), ...condition })),
  );
}

async function unlessNewer(kind: Kind, write: (condition: object) => Promise<unknown>): Promise<void> {
  const { condition, names, values } = notNewer(kind);
  try {
    await write({
      ConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) rejectNewer(kind, error.Item ?? {});
    throw error;
  }
}
