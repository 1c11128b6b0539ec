import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { LONGEST_LEASE_MS } from '../core/guards/lease.ts';
import type { Lease, LeaseAnswer } from '../ports.ts';
import { translate } from './errors.ts';

/** The key of an item of the state table. */
export const key = (kind: string, id: string) => ({ Kind: { S: kind }, Id: { S: id } });

/** Acquires a lease by a conditional write, so that one of two simultaneous requests succeeds. @throws ServiceError */
export async function acquire(
  client: DynamoDBClient,
  TableName: string,
  lease: Lease,
  now: number,
  expiresAt: number,
): Promise<LeaseAnswer> {
  try {
    await client.send(
      new PutItemCommand({
        TableName,
        Item: {
          ...key('lease', lease.job),
          Owner: { S: lease.owner },
          ExpiresAt: { N: String(Math.ceil(expiresAt)) },
        },
        ConditionExpression:
          'attribute_not_exists(Id) OR ExpiresAt <= :now OR ExpiresAt > :furthest OR #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'Owner' },
        ExpressionAttributeValues: {
          ':now': { N: String(now) },
          ':furthest': { N: String(now + LONGEST_LEASE_MS) },
          ':owner': { S: lease.owner },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { granted: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw translate(error);
    const { Owner, ExpiresAt } = error.Item ?? {};
    return { granted: false, owner: Owner?.S ?? 'unknown', expiresAt: Number(ExpiresAt?.N ?? now) };
  }
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
