import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LONGEST_LEASE_MS } from '../core/guards/lease.ts';
import type { Lease, LeaseAnswer } from '../ports.ts';
import { translate } from './errors.ts';
import { formatOf, type Item, key, notNewer, rejectNewer } from './state-records.ts';

/** A lease that is not sound counts as expired. Otherwise an item without a valid end would block its job for ever. */
const FREE = [
  'attribute_not_exists(Id)',
  'NOT attribute_type(ExpiresAt, :number)',
  'NOT attribute_type(#owner, :string)',
  'ExpiresAt <= :now',
  'ExpiresAt > :furthest',
  '#owner = :owner',
].join(' OR ');

/** Acquires a lease by a conditional write, so that one of two simultaneous requests succeeds. @throws ServiceError */
export async function acquire(
  client: DynamoDBClient,
  TableName: string,
  lease: Lease,
  now: number,
  expiresAt: number,
): Promise<LeaseAnswer> {
  const Item = {
    ...key('lease', lease.job),
    ...formatOf('lease'),
    Owner: { S: lease.owner },
    ExpiresAt: { N: String(Math.ceil(expiresAt)) },
  };
  const { condition, names, values } = notNewer('lease');
  try {
    const { Attributes } = await client.send(
      new PutItemCommand({
        TableName,
        Item,
        ConditionExpression: `${condition} AND (${FREE})`,
        ExpressionAttributeNames: { ...names, '#owner': 'Owner' },
        ExpressionAttributeValues: {
          ...values,
          ':number': { S: 'N' },
          ':string': { S: 'S' },
          ':now': { N: String(now) },
          ':furthest': { N: String(now + LONGEST_LEASE_MS) },
          ':owner': { S: lease.owner },
        },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const skippedSince = skippedSinceOf(Attributes, now);
    if (skippedSince !== undefined) await recordSkip(client, TableName, Item, skippedSince);
    return { granted: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw translate(error);
    const held = error.Item ?? {};
    rejectNewer('lease', held);
    const skippedSince = skippedSinceOf(held, now) ?? now;
    if (held.SkippedSince === undefined) await recordSkip(client, TableName, held, skippedSince);
    const { Owner, ExpiresAt } = held;
    return {
      granted: false,
      owner: Owner?.S ?? 'unknown',
      expiresAt: Number(ExpiresAt?.N ?? now),
      skippedSince,
    };
  }
}

function skippedSinceOf(item: Item | undefined, now: number): number | undefined {
  const since = Number(item?.SkippedSince?.N);
  return since <= now ? since : undefined;
}

/**
 * Notes in a lease since when runs have been skipped while no run finished. A run that finishes removes the lease and the
 * note. Best effort: without the note, a job that is skipped for long fails later.
 */
async function recordSkip(
  client: DynamoDBClient,
  TableName: string,
  lease: Item,
  since: number,
): Promise<void> {
  const { Owner, ExpiresAt } = lease;
  if (!Owner || !ExpiresAt) return;
  const command = new PutItemCommand({
    TableName,
    Item: { ...lease, SkippedSince: { N: String(Math.floor(since)) } },
    ConditionExpression: '#owner = :owner AND ExpiresAt = :end',
    ExpressionAttributeNames: { '#owner': 'Owner' },
    ExpressionAttributeValues: { ':owner': Owner, ':end': ExpiresAt },
  });
  await client.send(command).catch(() => undefined);
}

/** Releases a lease. Does nothing if another owner has it. @throws what the SDK throws */
export async function release(
  client: DynamoDBClient,
  TableName: string,
  { job, owner }: Lease,
): Promise<void> {
  const command = new DeleteItemCommand({
    TableName,
    Key: key('lease', job),
    ConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'Owner' },
    ExpressionAttributeValues: { ':owner': { S: owner } },
  });
  await client.send(command).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
