import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { StoredLease } from '../core/facts.ts';
import { LONGEST_LEASE_MS } from '../core/guards/lease.ts';
import type { Lease, LeaseAnswer } from '../ports.ts';
import { translate } from './errors.ts';
import { isInstant } from './state-items.ts';
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
    const skipped = skippedBefore(Attributes, now);
    if (skipped.skips > 0) await recordSkips(client, TableName, Item, skipped);
    return { granted: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw translate(error);
    const held = error.Item ?? {};
    rejectNewer('lease', held);
    const { skips, skippedSince } = skippedBefore(held, now);
    const skipped = { skips: skips + 1, skippedSince };
    await recordSkips(client, TableName, held, skipped);
    const { Owner, ExpiresAt } = held;
    return {
      granted: false,
      owner: Owner?.S ?? 'unknown',
      expiresAt: Number(ExpiresAt?.N ?? now),
      ...skipped,
    };
  }
}

/** How many runs have been skipped since a run last finished, and since when. */
type Skipped = Pick<Extract<LeaseAnswer, { granted: false }>, 'skips' | 'skippedSince'>;

/** A record without a sound time or number counts as little as it can. */
function skippedBefore(item: Item | undefined, now: number): Skipped {
  const since = Number(item?.SkippedSince?.N);
  if (!(since <= now)) return { skips: 0, skippedSince: now };
  const skips = Number(item?.Skips?.N);
  return { skips: Number.isSafeInteger(skips) && skips > 0 ? skips : 1, skippedSince: since };
}

/**
 * Notes skipped runs in a lease. A run that finishes removes the lease and the note. Best effort: without the note, a
 * job that is skipped for long fails later.
 */
async function recordSkips(
  client: DynamoDBClient,
  TableName: string,
  lease: Item,
  { skips, skippedSince }: Skipped,
): Promise<void> {
  const { Owner, ExpiresAt } = lease;
  if (!Owner || !ExpiresAt) return;
  const SkippedSince = { N: String(Math.floor(skippedSince)) };
  const command = new PutItemCommand({
    TableName,
    Item: { ...lease, SkippedSince, Skips: { N: String(skips) } },
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

/** undefined if the record has no valid owner or end: it then counts for nothing. */
export function leaseFrom({ Id, Owner, ExpiresAt, Skips, SkippedSince }: Item): StoredLease | undefined {
  const [job, owner, expiresAt] = [Id?.S, Owner?.S, Number(ExpiresAt?.N)];
  if (job === undefined || owner === undefined || !isInstant(expiresAt)) return undefined;
  const [skips, skippedSince] = [Number(Skips?.N), Number(SkippedSince?.N)];
  return {
    job,
    owner,
    expiresAt,
    skips: Number.isSafeInteger(skips) && skips > 0 ? skips : 0,
    ...(isInstant(skippedSince) && { skippedSince }),
  };
}
