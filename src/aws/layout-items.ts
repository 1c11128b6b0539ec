/** The record of how the fleet is cut into shards. It is among the leases, so that one call reads both. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { ShardLayout } from '../core/facts.ts';
import type { Units } from '../core/spec.ts';
import { isInstant } from './state-items.ts';
import { formatOf, type Item, key, notNewer, rejectNewer } from './state-records.ts';

/** It has no owner and no end, so that it is no lease. */
const ID = 'scale/layout';

/** The layout among the records of leases; undefined if it is missing or invalid. */
export function layoutFrom(items: readonly Item[]): ShardLayout | undefined {
  const { Shards, Stamp, At, Bounds, From } = items.find(({ Id }) => Id?.S === ID) ?? {};
  const [shards, stamp, at] = [Number(Shards?.N), Stamp?.S, Number(At?.N)];
  if (!Number.isSafeInteger(shards) || shards < 1 || stamp === undefined || !isInstant(at)) return undefined;
  const bounds = Bounds?.L?.map(({ L }) => ({ read: Number(L?.[0]?.N), write: Number(L?.[1]?.N) }));
  const isKnown = bounds?.length === shards && bounds.every(({ read, write }) => read >= 0 && write >= 0);
  const from = Number(From?.N);
  return { shards, stamp, at, ...(isKnown && { bounds }), ...(from >= 1 && { from }) };
}

/**
 * Replaces the layout. Returns false if it is not the one before any more.
 * @throws ServiceError `newer-state`, and what the SDK throws
 */
export async function writeLayout(
  client: DynamoDBClient,
  TableName: string,
  { shards, stamp, at, bounds, from }: ShardLayout,
  before: ShardLayout | undefined,
): Promise<boolean> {
  const { condition, names, values } = notNewer('lease');
  const Item = {
    ...key('lease', ID),
    ...formatOf('lease'),
    Shards: { N: String(shards) },
    Stamp: { S: stamp },
    At: { N: String(Math.floor(at)) },
    ...(from !== undefined && { From: { N: String(from) } }),
    ...(bounds && { Bounds: { L: bounds.map(boundItem) } }),
  };
  // An invalid record is replaced too.
  const same = before ? ' AND Stamp = :stamp AND #at = :at' : '';
  const own: Item = before ? { ':stamp': { S: before.stamp }, ':at': { N: String(before.at) } } : {};
  try {
    await client.send(
      new PutItemCommand({
        TableName,
        Item,
        ConditionExpression: `${condition}${same}`,
        ExpressionAttributeNames: { ...names, ...(before && { '#at': 'At' }) },
        ExpressionAttributeValues: { ...values, ...own },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    rejectNewer('lease', error.Item ?? {});
    return false;
  }
}

const boundItem = ({ read, write }: Units) => ({ L: [{ N: String(read) }, { N: String(write) }] });
