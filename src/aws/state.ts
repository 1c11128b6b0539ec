import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { stateTableName } from '../core/calendar/naming.ts';
import { ServiceError } from '../core/failure.ts';
import { suspendable } from '../core/guards/suspensions.ts';
import type { ScheduledDeletion, Suspension } from '../core/observed.ts';
import type { StateStore } from '../ports.ts';
import { translate, translated } from './errors.ts';
import { acquire, key, release } from './leases.ts';

/** Leases, scheduledDeletions, switches and memories, items of one small on-demand table: `Kind` and `Id` are its key. */
export function awsState(client: DynamoDBClient, environment: string): StateStore {
  const TableName = stateTableName(environment);
  const explained = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await translated(call);
    } catch (error) {
      throw explain(error as ServiceError, TableName, environment);
    }
  };
  const put = (Item: Record<string, AttributeValue>) =>
    explained(async () => {
      await client.send(new PutItemCommand({ TableName, Item }));
    });
  const remove = (kind: string, id: string) =>
    explained(async () => {
      await client.send(new DeleteItemCommand({ TableName, Key: key(kind, id) }));
    });

  return {
    acquire: (lease, now, expiresAt) => explained(() => acquire(client, TableName, lease, now, expiresAt)),
    release: (lease) => explained(() => release(client, TableName, lease)),
    scheduledDeletions: () => explained(() => readScheduledDeletions(client, TableName)),
    scheduleDeletion: ({ table, createdAt, scheduledAt }) =>
      put({
        ...key('scheduled-deletion', table),
        CreatedAt: { N: String(createdAt) },
        ScheduledAt: { N: String(scheduledAt) },
      }),
    cancelDeletion: (table) => remove('scheduled-deletion', table),
    suspensions: () => explained(() => readSuspensions(client, TableName)),
    suspend: ({ what, since, until, reason }) =>
      put({
        ...key('suspension', what),
        Since: { N: String(since) },
        ...(until !== undefined && { Until: { N: String(until) } }),
        ...(reason !== undefined && { Reason: { S: reason } }),
      }),
    resume: (what) => remove('suspension', what),
    memories: () => explained(() => readMemories(client, TableName)),
    remember: (group, memory) => put({ ...key('memory', group), Memory: { B: deflateRawSync(memory) } }),
    initialise: () => translated(() => initialise(client, TableName)),
  };
}

function explain(error: ServiceError, table: string, environment: string): ServiceError {
  if (error.code !== 'not-found') return error;
  const how = `Deploying makes it; without a deployment: turntable init --env ${environment}`;
  return new ServiceError('not-found', `The state table ${table} does not exist. ${how}`, { cause: error });
}

/** Every item of one kind. */
async function readKind(client: DynamoDBClient, TableName: string, kind: string) {
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

/** Whether a number is an instant at all: DynamoDB's numbers go further than dates. */
const isInstant = (epochMs: number): boolean => !Number.isNaN(new Date(epochMs).getTime());

async function readScheduledDeletions(
  client: DynamoDBClient,
  TableName: string,
): Promise<ScheduledDeletion[]> {
  const items = await readKind(client, TableName, 'scheduled-deletion');
  const scheduledDeletions = items.map(({ Id, CreatedAt, ScheduledAt }) => ({
    table: Id?.S ?? '',
    createdAt: Number(CreatedAt?.N),
    scheduledAt: Number(ScheduledAt?.N),
  }));
  // A sentence that cannot be read is none: the table gets a first look again.
  return scheduledDeletions.filter(
    ({ createdAt, scheduledAt }) => isInstant(createdAt) && isInstant(scheduledAt),
  );
}

async function readSuspensions(client: DynamoDBClient, TableName: string): Promise<Suspension[]> {
  const items = await readKind(client, TableName, 'suspension');
  return items.flatMap(({ Id, Since, Until, Reason }) => {
    const what = suspendable.find((name) => name === Id?.S);
    if (!what) return [];
    const since = Number(Since?.N);
    const until = Number(Until?.N);
    return [
      {
        what,
        since: isInstant(since) ? since : 0,
        // An end that cannot be read is none.
        ...(isInstant(until) && { until }),
        ...(Reason?.S !== undefined && { reason: Reason.S }),
      },
    ];
  });
}

async function readMemories(client: DynamoDBClient, TableName: string): Promise<Map<string, string>> {
  const items = await readKind(client, TableName, 'memory');
  return new Map(items.map(({ Id, Memory }) => [Id?.S ?? '', inflated(Memory?.B)]));
}

/** A memory has a few kilobytes for each of a group's tables and indexes. */
const LARGEST_MEMORY_BYTES = 2 ** 22;

/** Compressed, for what is written is paid by the kilobyte. What is none of ours is nothing. */
function inflated(compressed: Uint8Array = new Uint8Array()): string {
  try {
    return inflateRawSync(compressed, { maxOutputLength: LARGEST_MEMORY_BYTES }).toString();
  } catch {
    return '';
  }
}

async function initialise(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const made = await client
    .send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'Kind', AttributeType: 'S' },
          { AttributeName: 'Id', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'Kind', KeyType: 'HASH' },
          { AttributeName: 'Id', KeyType: 'RANGE' },
        ],
        DeletionProtectionEnabled: true,
      }),
    )
    .then(() => true)
    .catch((error: unknown) => {
      if (translate(error).code === 'in-use') return false;
      throw error;
    });
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 0.1, maxDelay: 5 }, { TableName });
  return made;
}
