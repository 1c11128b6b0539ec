import {
  BackupInUseException,
  BackupNotFoundException,
  DynamoDB,
  ResourceInUseException,
  TableAlreadyExistsException,
  TableInUseException,
  TableNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

const DAY = 86_400_000;

let now: number;
let aws: EmbeddedAws;
let db: DynamoDB;

const NEVER_MS = 3_600_000;

async function start(states: { createTableMs?: number; backupMs?: number } = {}): Promise<void> {
  now = Date.UTC(2026, 2, 15);
  aws = await startEmbeddedAws({
    now: () => now,
    createTableMs: 0,
    deleteTableMs: 0,
    backupMs: 0,
    ...states,
  });
  db = new DynamoDB({
    endpoint: aws.endpoint,
    region: aws.env.AWS_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await db.createTable({
    TableName: 'Orders',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'Id', AttributeType: 'S' },
      { AttributeName: 'Customer', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'ByCustomer',
        KeySchema: [{ AttributeName: 'Customer', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
}

async function stop(): Promise<void> {
  db.destroy();
  await aws.close();
}

beforeEach(() => start());
afterEach(stop);

const order = (id: number, more = {}) => ({
  Id: { S: `order-${id}` },
  Customer: { S: `customer-${id % 3}` },
  Nested: { M: { Set: { SS: ['a', 'b'] }, Binary: { B: new Uint8Array([1, 2, 3]) }, Empty: { L: [] } } },
  ...more,
});

const put = (id: number, more = {}, TableName = 'Orders') => db.putItem({ TableName, Item: order(id, more) });

async function backUp(BackupName: string): Promise<string> {
  const { BackupDetails } = await db.createBackup({ TableName: 'Orders', BackupName });
  return BackupDetails?.BackupArn ?? '';
}

async function restore(BackupArn: string, TargetTableName: string): Promise<void> {
  await db.restoreTableFromBackup({ BackupArn, TargetTableName });
  await waitUntilTableExists({ client: db, maxWaitTime: 5, minDelay: 0.01 }, { TableName: TargetTableName });
}

const namesOf = async (input: Parameters<typeof db.listBackups>[0] = {}) =>
  (await db.listBackups(input)).BackupSummaries?.map(({ BackupName }) => BackupName);

it('restores every item as it was at the time of the backup, with its index entries', async () => {
  // More items than one page of a Scan has.
  const padding = { Padding: { S: 'x'.repeat(60_000) } };
  for (let id = 0; id < 40; id += 1) await put(id, padding);
  const arn = await backUp('last');
  await put(0, { Late: { BOOL: true } });
  await put(40);
  await db.deleteTable({ TableName: 'Orders' });
  await restore(arn, 'Orders');
  const found = await Promise.all(
    Array.from({ length: 41 }, (_, id) =>
      db.getItem({ TableName: 'Orders', Key: { Id: { S: `order-${id}` } } }),
    ),
  );
  expect(found.map(({ Item }) => Item)).toEqual([
    ...Array.from({ length: 40 }, (_, id) => order(id, padding)),
    undefined,
  ]);
  const { Count } = await db.query({
    TableName: 'Orders',
    IndexName: 'ByCustomer',
    Select: 'COUNT',
    KeyConditionExpression: 'Customer = :customer',
    ExpressionAttributeValues: { ':customer': { S: 'customer-1' } },
  });
  expect(Count).toBe(13);
});

it('consumes no capacity, and keeps later writes to the new table out of the backup', async () => {
  await put(1);
  const arn = await backUp('last');
  await restore(arn, 'First');
  await put(2, {}, 'First');
  await restore(arn, 'Second');
  expect((await db.scan({ TableName: 'Second' })).Items).toEqual([order(1)]);
});

it('describes a backup and its source', async () => {
  await put(1);
  await db.updateTimeToLive({
    TableName: 'Orders',
    TimeToLiveSpecification: { AttributeName: 'Expires', Enabled: true },
  });
  const { Table } = await db.describeTable({ TableName: 'Orders' });
  now += DAY;
  const arn = await backUp('last');
  const { BackupDescription } = await db.describeBackup({ BackupArn: arn });
  expect(arn).toMatch(/:table\/Orders\/backup\/\d{14}-[0-9a-f]{8}$/);
  expect(BackupDescription).toMatchObject({
    BackupDetails: {
      BackupArn: arn,
      BackupName: 'last',
      BackupType: 'USER',
      BackupStatus: 'AVAILABLE',
      BackupCreationDateTime: new Date(now),
    },
    SourceTableDetails: {
      TableName: 'Orders',
      TableId: Table?.TableId,
      TableCreationDateTime: Table?.CreationDateTime,
      ItemCount: 1,
      BillingMode: 'PAY_PER_REQUEST',
    },
    SourceTableFeatureDetails: {
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'Expires' },
    },
  });
  expect(BackupDescription?.BackupDetails?.BackupSizeBytes).toBeGreaterThan(40);
});

it('lists backups by table, type, time and page', async () => {
  for (const name of ['one', 'two', 'three']) {
    await backUp(name);
    now += DAY;
  }
  expect(await namesOf()).toEqual(['one', 'two', 'three']);
  expect(await namesOf({ TableName: 'Other' })).toEqual([]);
  const [from, to] = [new Date(now - 2 * DAY), new Date(now - DAY)];
  expect(await namesOf({ TimeRangeLowerBound: from, TimeRangeUpperBound: to })).toEqual(['two']);
  const first = await db.listBackups({ Limit: 2 });
  expect(first.BackupSummaries).toHaveLength(2);
  expect(await namesOf({ ExclusiveStartBackupArn: first.LastEvaluatedBackupArn })).toEqual(['three']);
  await expect(db.listBackups({ Limit: 101 })).rejects.toMatchObject({ name: 'ValidationException' });
});

it('creates a backup of a deleted table with recovery, and retains it for 35 days', async () => {
  await put(1);
  await db.updateContinuousBackups({
    TableName: 'Orders',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await db.deleteTable({ TableName: 'Orders' });
  expect(await namesOf()).toEqual([]);
  const all = await db.listBackups({ BackupType: 'ALL' });
  expect(all.BackupSummaries).toMatchObject([
    {
      BackupName: 'Orders$DeletedTableBackup',
      BackupType: 'SYSTEM',
      BackupExpiryDateTime: new Date(now + 35 * DAY),
    },
  ]);
  now += 35 * DAY;
  expect(await namesOf({ BackupType: 'ALL' })).toEqual([]);
});

it('fails with the exceptions of the SDK', async () => {
  const arn = await backUp('last');
  await expect(restore(arn, 'Orders')).rejects.toThrow(TableAlreadyExistsException);
  await expect(db.createBackup({ TableName: 'None', BackupName: 'last' })).rejects.toThrow(
    TableNotFoundException,
  );
  await expect(db.createBackup({ TableName: 'Orders', BackupName: 'so so' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await db.deleteBackup({ BackupArn: arn });
  await expect(db.describeBackup({ BackupArn: arn })).rejects.toThrow(BackupNotFoundException);
  await expect(restore(arn, 'New')).rejects.toThrow(BackupNotFoundException);
});

it('rejects the use of a backup that is CREATING, and the deletion of its table', async () => {
  await stop();
  await start({ backupMs: NEVER_MS });
  const BackupArn = await backUp('last');
  await expect(backUp('next')).rejects.toThrow(BackupInUseException);
  await expect(db.deleteBackup({ BackupArn })).rejects.toThrow(BackupInUseException);
  await expect(restore(BackupArn, 'New')).rejects.toThrow(BackupInUseException);
  await expect(db.deleteTable({ TableName: 'Orders' })).rejects.toThrow(ResourceInUseException);
});

it('rejects a backup of a table that is CREATING', async () => {
  await stop();
  await start({ createTableMs: NEVER_MS });
  await expect(backUp('early')).rejects.toThrow(TableInUseException);
});
