import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CreateTableCommandInput,
  DynamoDB,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  ResourceInUseException,
  ResourceNotFoundException,
  type TableDescription,
  TableNotFoundException,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import type { Change, Table } from '../../src/embedded/table.ts';
import { Tables } from '../../src/embedded/tables.ts';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 2, 15);
/** Longer than any test takes. */
const NEVER_MS = 3_600_000;

let now: number;
let aws: EmbeddedAws;
let db: DynamoDB;

beforeEach(() => start(5));

afterEach(stop);

async function start(stateMs: number, elapsed?: () => number): Promise<void> {
  now = MIDNIGHT + 10 * HOUR;
  aws = await startEmbeddedAws({
    now: () => now,
    ...(elapsed && { elapsed }),
    createTableMs: stateMs,
    updateTableMs: stateMs,
    deleteTableMs: stateMs,
  });
  db = new DynamoDB({
    endpoint: aws.endpoint,
    region: aws.env.AWS_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

async function stop(): Promise<void> {
  db.destroy();
  await aws.close();
}

function spec(name: string, more: Partial<CreateTableCommandInput> = {}): CreateTableCommandInput {
  const onDemand = more.BillingMode === 'PAY_PER_REQUEST';
  return {
    TableName: name,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    ...(!onDemand && { ProvisionedThroughput: units(100, 100) }),
    ...more,
  };
}

function indexed(name: string, projection: 'ALL' | 'KEYS_ONLY' = 'ALL', indexUnits = units(100, 100)) {
  return spec(name, {
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'owner', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byOwner',
        KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
        Projection: { ProjectionType: projection },
        ProvisionedThroughput: indexUnits,
      },
    ],
  });
}

const units = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

async function table(name: string): Promise<TableDescription> {
  const { Table: description } = await db.describeTable({ TableName: name });
  return description ?? {};
}

async function active(name: string): Promise<TableDescription> {
  for (;;) {
    const description = await table(name);
    if (description.TableStatus === 'ACTIVE') return description;
    await sleep(2);
  }
}

async function create(input: CreateTableCommandInput): Promise<TableDescription> {
  await db.createTable(input);
  return active(input.TableName ?? '');
}

async function update(
  name: string,
  input: Omit<UpdateTableCommandInput, 'TableName'>,
): Promise<TableDescription> {
  await db.updateTable({ TableName: name, ...input });
  return active(name);
}

const resize = (name: string, read: number, write: number) =>
  update(name, { ProvisionedThroughput: units(read, write) });

describe('CreateTable', () => {
  it('returns the members that dynalite drops', async () => {
    await db.createTable(
      spec('events', {
        DeletionProtectionEnabled: true,
        TableClass: 'STANDARD_INFREQUENT_ACCESS',
        WarmThroughput: { ReadUnitsPerSecond: 500, WriteUnitsPerSecond: 300 },
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
        SSESpecification: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'arn:aws:kms:us-east-1:1:key/k' },
      }),
    );
    expect(await active('events')).toMatchObject({
      DeletionProtectionEnabled: true,
      TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      WarmThroughput: { ReadUnitsPerSecond: 500, WriteUnitsPerSecond: 300, Status: 'ACTIVE' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      LatestStreamArn: expect.stringContaining(':table/events/stream/2026-03-15T10:00:00'),
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:us-east-1:1:key/k' },
      CreationDateTime: new Date(now),
    });
  });

  it('creates on-demand tables with their maximum throughput', async () => {
    const OnDemandThroughput = { MaxReadRequestUnits: 50, MaxWriteRequestUnits: 40 };
    const made = await create(spec('events', { BillingMode: 'PAY_PER_REQUEST', OnDemandThroughput }));
    expect(made).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      OnDemandThroughput,
      ProvisionedThroughput: units(0, 0),
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 },
    });
  });

  it.each<[string, Partial<CreateTableCommandInput>, string]>([
    ['a table that exists', {}, 'Table already exists: events'],
    ['more than 40,000 units', { TableName: 'big', ProvisionedThroughput: units(40_001, 1) }, '40000'],
    ['a reserved tag', { TableName: 'other', Tags: [{ Key: 'aws:x', Value: '' }] }, 'aws:'],
    [
      'two tags of one key',
      { TableName: 'other', Tags: [1, 2].map((n) => ({ Key: 'a', Value: `${n}` })) },
      'Duplicate',
    ],
    [
      '51 tags',
      { TableName: 'other', Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) },
      '50 tags',
    ],
  ])('rejects %s', async (_, more, message) => {
    await create(spec('events'));
    await expect(db.createTable(spec('events', more))).rejects.toThrow(message);
    expect((await db.listTables({})).TableNames).toEqual(['events']);
  });
});

describe('tags', () => {
  it('exist right after CreateTable, and come in pages', async () => {
    const tags = Array.from({ length: 40 }, (_, n) => ({ Key: `key${n}`, Value: `${n}` }));
    const { TableDescription: made } = await db.createTable(spec('events', { Tags: tags }));
    const first = await db.listTagsOfResource({ ResourceArn: made?.TableArn });
    expect(first.NextToken).toBeDefined();
    const second = await db.listTagsOfResource({ ResourceArn: made?.TableArn, NextToken: first.NextToken });
    expect(second.NextToken).toBeUndefined();
    expect([...(first.Tags ?? []), ...(second.Tags ?? [])]).toEqual(tags);
  });

  it('can be replaced and removed', async () => {
    const { TableArn: ResourceArn } = await create(spec('events', { Tags: [{ Key: 'a', Value: '1' }] }));
    await db.tagResource({
      ResourceArn,
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '3' },
      ],
    });
    await db.untagResource({ ResourceArn, TagKeys: ['b'] });
    expect((await db.listTagsOfResource({ ResourceArn })).Tags).toEqual([{ Key: 'a', Value: '2' }]);
    await expect(db.tagResource({ ResourceArn, Tags: [{ Key: 'AWS:x', Value: '' }] })).rejects.toThrow(
      'reserved',
    );
  });

  it('of a missing table are an error', async () => {
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/nothing';
    await expect(db.listTagsOfResource({ ResourceArn })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

describe('states', () => {
  let elapsed = 0;
  beforeEach(async () => {
    await stop();
    await start(NEVER_MS, () => elapsed);
  });
  const settled = async (name: string) => {
    elapsed += NEVER_MS;
    return table(name);
  };
  const create = async (input: CreateTableCommandInput) => {
    await db.createTable(input);
    return settled(input.TableName!);
  };

  it('include CREATING, in which a table serves no items', async () => {
    const { TableDescription: made } = await db.createTable(indexed('events'));
    expect(made).toMatchObject({
      TableStatus: 'CREATING',
      GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }],
    });
    const get = db.getItem({ TableName: 'events', Key: { id: { S: 'a' } } });
    await expect(get).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect(await settled('events')).toMatchObject({ GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }] });
  });

  it('include UPDATING, in which the old capacity is effective and changes are rejected', async () => {
    await create(indexed('events'));
    const { TableDescription: answered } = await db.updateTable({
      TableName: 'events',
      GlobalSecondaryIndexUpdates: [
        { Update: { IndexName: 'byOwner', ProvisionedThroughput: units(200, 200) } },
      ],
    });
    expect(answered).toMatchObject({
      TableStatus: 'UPDATING',
      GlobalSecondaryIndexes: [{ IndexStatus: 'UPDATING', ProvisionedThroughput: units(100, 100) }],
    });
    const raise = db.updateTable({ TableName: 'events', ProvisionedThroughput: units(200, 200) });
    await expect(raise).rejects.toBeInstanceOf(ResourceInUseException);
    await expect(db.deleteTable({ TableName: 'events' })).rejects.toBeInstanceOf(ResourceInUseException);
    await expect(
      db.updateTimeToLive({
        TableName: 'events',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
      }),
    ).rejects.toBeInstanceOf(ResourceInUseException);
    expect(await settled('events')).toMatchObject({
      ProvisionedThroughput: units(100, 100),
      GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE', ProvisionedThroughput: units(200, 200) }],
    });
  });

  it('reject DeleteTable in CREATING, and include DELETING', async () => {
    await db.createTable(spec('events'));
    await expect(db.deleteTable({ TableName: 'events' })).rejects.toBeInstanceOf(ResourceInUseException);
    await settled('events');
    await db.deleteTable({ TableName: 'events' });
    expect(await table('events')).toMatchObject({ TableStatus: 'DELETING' });
    await expect(db.createTable(spec('events'))).rejects.toBeInstanceOf(ResourceInUseException);
    await expect(settled('events')).rejects.toThrow('Requested resource not found: Table: events not found');
    expect(await create(spec('events'))).toMatchObject({ TableStatus: 'ACTIVE' });
  });

  it('reject the deletion of a protected table', async () => {
    await create(spec('events', { DeletionProtectionEnabled: true }));
    const remove = db.deleteTable({ TableName: 'events' });
    await expect(remove).rejects.toThrow(
      'Resource cannot be deleted as it is currently protected against deletion',
    );
    await db.updateTable({ TableName: 'events', DeletionProtectionEnabled: false });
    await settled('events');
    await expect(db.deleteTable({ TableName: 'events' })).resolves.toBeDefined();
  });

  it('allow at most 500 changing tables, and end immediately on close', async () => {
    await stop();
    await start(NEVER_MS);
    const made = Array.from({ length: 501 }, (_, n) => db.createTable(spec(`table${n}`)));
    const answers = await Promise.allSettled(made);
    const failed = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failed).toEqual([expect.any(LimitExceededException)]);
    await aws.close();
    await start(0);
  });
});

it('allow at most 2,500 tables in a region', async () => {
  const tables = new Tables(
    () => 0,
    () => 0,
  );
  const change: Change = { status: 'CREATING', endsAt: 0, indexes: [], finish: () => {} };
  for (let n = 0; n < 2_500; n++)
    tables.add({ name: `table${n}`, indexes: [] as Table['indexes'] } as Table, change);
  const start = () => Promise.resolve('started');
  await expect(tables.starting('create', start)).rejects.toThrow('2500 tables');
  await expect(tables.starting('change', start)).resolves.toBe('started');
});

describe('UpdateTable', () => {
  it.each<[string, Omit<UpdateTableCommandInput, 'TableName'>, Partial<TableDescription>]>([
    ['protection', { DeletionProtectionEnabled: true }, { DeletionProtectionEnabled: true }],
    [
      'table class',
      { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
      {
        TableClassSummary: {
          TableClass: 'STANDARD_INFREQUENT_ACCESS',
          LastUpdateDateTime: new Date(MIDNIGHT + 10 * HOUR),
        },
      },
    ],
    [
      'on-demand maximum',
      { OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 10 } },
      { OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 10 } },
    ],
    [
      'warm throughput',
      { WarmThroughput: { ReadUnitsPerSecond: 900, WriteUnitsPerSecond: 800 } },
      { WarmThroughput: { ReadUnitsPerSecond: 900, WriteUnitsPerSecond: 800, Status: 'ACTIVE' } },
    ],
    [
      'stream',
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
    ],
  ])('changes only %s', async (_, input, shown) => {
    await create(spec('events'));
    expect(await update('events', input)).toMatchObject(shown);
  });

  it('rejects a call without changes, and an unknown index', async () => {
    await create(indexed('events'));
    await expect(resize('events', 100, 100)).rejects.toThrow('will not change');
    await expect(update('events', {})).rejects.toThrow('At least one of');
    const Update = { IndexName: 'nothing', ProvisionedThroughput: units(1, 1) };
    await expect(update('events', { GlobalSecondaryIndexUpdates: [{ Update }] })).rejects.toBeInstanceOf(
      ResourceNotFoundException,
    );
    expect(await table('events')).toMatchObject({ TableStatus: 'ACTIVE' });
  });

  it('adds one index at a time, which has to be complete, and which no query can read', async () => {
    await create(indexed('events'));
    const KeySchema = [{ AttributeName: 'kind', KeyType: 'HASH' as const }];
    const Create = { IndexName: 'byKind', KeySchema, Projection: { ProjectionType: 'ALL' as const } };
    const AttributeDefinitions = [{ AttributeName: 'kind', AttributeType: 'S' as const }];
    const provisioned = { Create: { ...Create, ProvisionedThroughput: units(1, 1) } };
    const add = (
      ...GlobalSecondaryIndexUpdates: NonNullable<UpdateTableCommandInput['GlobalSecondaryIndexUpdates']>
    ) => update('events', { AttributeDefinitions, GlobalSecondaryIndexUpdates });
    await expect(add({ Create })).rejects.toThrow('ProvisionedThroughput is not specified for index: byKind');
    await expect(add(provisioned, { Delete: { IndexName: 'byOwner' } })).rejects.toThrow(
      'Only 1 online index',
    );
    await expect(update('events', { GlobalSecondaryIndexUpdates: [provisioned] })).rejects.toThrow(
      'not defined in AttributeDefinitions: kind',
    );
    await expect(add({ Delete: { IndexName: 'nothing' } })).rejects.toBeInstanceOf(ResourceNotFoundException);
    await add(provisioned);
    const query = () =>
      db.query({
        TableName: 'events',
        IndexName: 'byKind',
        KeyConditionExpression: 'kind = :kind',
        ExpressionAttributeValues: { ':kind': { S: 'a' } },
      });
    await expect(query()).rejects.toThrow('Cannot read from backfilling global secondary index: byKind');
    now += HOUR;
    expect((await table('events'))?.GlobalSecondaryIndexes?.at(-1)?.IndexStatus).toBe('ACTIVE');
    await expect(query()).rejects.toThrow('embedded AWS does not support');
  });

  it('switches to on-demand 4 times in 24 hours, and back at any time', async () => {
    await create(spec('events'));
    for (let i = 0; i < 4; i++) {
      expect(await update('events', { BillingMode: 'PAY_PER_REQUEST' })).toMatchObject({
        BillingModeSummary: {
          BillingMode: 'PAY_PER_REQUEST',
          LastUpdateToPayPerRequestDateTime: new Date(now),
        },
        ProvisionedThroughput: units(0, 0),
      });
      const back = { BillingMode: 'PROVISIONED', ProvisionedThroughput: units(5, 5) } as const;
      expect(await update('events', back)).toMatchObject({
        BillingModeSummary: { BillingMode: 'PROVISIONED' },
        ProvisionedThroughput: { ...units(5, 5), NumberOfDecreasesToday: 0 },
      });
      now += HOUR;
    }
    await expect(update('events', { BillingMode: 'PAY_PER_REQUEST' })).rejects.toBeInstanceOf(
      LimitExceededException,
    );
    now += 20 * HOUR;
    await expect(update('events', { BillingMode: 'PAY_PER_REQUEST' })).resolves.toBeDefined();
  });

  it('changes the table class 2 times in 30 days', async () => {
    await create(spec('events'));
    await update('events', { TableClass: 'STANDARD_INFREQUENT_ACCESS' });
    await update('events', { TableClass: 'STANDARD' });
    const third = () => update('events', { TableClass: 'STANDARD_INFREQUENT_ACCESS' });
    await expect(third()).rejects.toBeInstanceOf(LimitExceededException);
    now += 30 * 24 * HOUR;
    await expect(third()).resolves.toBeDefined();
  });

  it('never lowers warm throughput', async () => {
    await create(spec('events'));
    await resize('events', 700, 100);
    expect(await resize('events', 10, 10)).toMatchObject({
      WarmThroughput: { ReadUnitsPerSecond: 700, WriteUnitsPerSecond: 100 },
    });
    const lower = update('events', { WarmThroughput: { ReadUnitsPerSecond: 1, WriteUnitsPerSecond: 1 } });
    await expect(lower).rejects.toThrow('decreasing WarmThroughput is not supported');
  });
});

describe('the decrease quota', () => {
  const decreases = async () => (await table('events')).ProvisionedThroughput?.NumberOfDecreasesToday;

  it('allows 4 decreases in a UTC day, then one an hour after the last, and restarts at midnight', async () => {
    await create(spec('events'));
    for (let n = 1; n <= 4; n++) {
      now += 60_000;
      // Reads and writes together use one decrease.
      await resize('events', 100 - n, 100 - n);
      expect(await decreases()).toBe(n);
    }
    const fourthAt = now;
    now = fourthAt + HOUR - 1;
    const failed = resize('events', 50, 50);
    await expect(failed).rejects.toBeInstanceOf(LimitExceededException);
    await expect(failed).rejects.toThrow(/^Subscriber limit exceeded: .* Number of decreases today: 4\./);
    now = fourthAt + HOUR;
    await resize('events', 50, 50);
    expect(await table('events')).toMatchObject({
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 5,
        LastDecreaseDateTime: new Date(now),
        ...units(50, 50),
      },
    });
    now = MIDNIGHT + 24 * HOUR - 1;
    await resize('events', 40, 40);
    expect(await decreases()).toBe(6);
    now += 1;
    expect(await decreases()).toBe(0);
    await resize('events', 30, 30);
    expect(await decreases()).toBe(1);
  });

  it('rejects a mixed call completely without using a decrease, and allows every raise', async () => {
    await create(spec('events'));
    for (let n = 1; n <= 4; n++) await resize('events', 100 - n, 100);
    await expect(resize('events', 50, 200)).rejects.toBeInstanceOf(LimitExceededException);
    expect(await table('events')).toMatchObject({
      ProvisionedThroughput: { NumberOfDecreasesToday: 4, ...units(96, 100) },
    });
    expect(await resize('events', 200, 200)).toMatchObject({
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 4,
        LastIncreaseDateTime: new Date(now),
        ...units(200, 200),
      },
    });
  });

  it('is separate for an index, and rejects a call for both completely if either is used up', async () => {
    await create(indexed('events'));
    const index = (read: number) => ({
      GlobalSecondaryIndexUpdates: [
        { Update: { IndexName: 'byOwner', ProvisionedThroughput: units(read, 100) } },
      ],
    });
    for (let n = 1; n <= 4; n++) await update('events', index(100 - n));
    const both = update('events', { ...index(50), ProvisionedThroughput: units(50, 50) });
    await expect(both).rejects.toBeInstanceOf(LimitExceededException);
    expect(await resize('events', 50, 50)).toMatchObject({
      ProvisionedThroughput: { NumberOfDecreasesToday: 1 },
      GlobalSecondaryIndexes: [{ ProvisionedThroughput: { NumberOfDecreasesToday: 4, ...units(96, 100) } }],
    });
  });

  it('shows the count before the call in the response of UpdateTable', async () => {
    await create(spec('events'));
    const { TableDescription: answered } = await db.updateTable({
      TableName: 'events',
      ProvisionedThroughput: units(10, 10),
    });
    expect(answered?.ProvisionedThroughput).toMatchObject({ NumberOfDecreasesToday: 0, ...units(100, 100) });
    expect(await decreases()).toBe(1);
  });
});

describe('settings of a table', () => {
  it('include time to live, which can be enabled and disabled once each', async () => {
    await create(spec('events'));
    const set = (Enabled: boolean) =>
      db.updateTimeToLive({
        TableName: 'events',
        TimeToLiveSpecification: { Enabled, AttributeName: 'expires' },
      });
    const shown = async () => (await db.describeTimeToLive({ TableName: 'events' })).TimeToLiveDescription;
    expect(await shown()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await set(true);
    expect(await shown()).toEqual({ TimeToLiveStatus: 'ENABLING', AttributeName: 'expires' });
    await expect(set(true)).rejects.toThrow('TimeToLive is already enabled');
    await expect(set(false)).rejects.toThrow('modified multiple times within a fixed interval');
    now += HOUR;
    expect(await shown()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    await set(false);
    expect(await shown()).toEqual({ TimeToLiveStatus: 'DISABLING' });
    now += HOUR;
    expect(await shown()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  });

  it('include point-in-time recovery with its period', async () => {
    await create(spec('events'));
    const shown = async () =>
      (await db.describeContinuousBackups({ TableName: 'events' })).ContinuousBackupsDescription
        ?.PointInTimeRecoveryDescription;
    expect(await shown()).toEqual({ PointInTimeRecoveryStatus: 'DISABLED' });
    // A new table's backups are being enabled for a moment.
    await vi.waitFor(() =>
      db.updateContinuousBackups({
        TableName: 'events',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      }),
    );
    expect(await shown()).toMatchObject({ PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 7 });
    const missing = db.describeContinuousBackups({ TableName: 'nothing' });
    await expect(missing).rejects.toBeInstanceOf(TableNotFoundException);
  });

  it('include the limits of the account', async () => {
    expect(await db.describeLimits({})).toMatchObject({
      AccountMaxReadCapacityUnits: 80_000,
      TableMaxWriteCapacityUnits: 40_000,
    });
  });
});

describe('throttling', () => {
  const put = (id: string, bytes = 10) =>
    db.putItem({ TableName: 'events', Item: { id: { S: id }, body: { S: 'x'.repeat(bytes) } } });

  it('starts with one second of capacity, retains 300, and lets one request exceed the rest', async () => {
    await create(spec('events', { ProvisionedThroughput: units(1, 2) }));
    await put('a');
    await put('b');
    await expect(put('c')).rejects.toBeInstanceOf(ProvisionedThroughputExceededException);
    now += 1_000;
    // It is admitted with 2 units left and costs 11. Recovering the other 9 takes 4.5 seconds.
    await put('d', 10_500);
    now += 4_500;
    await expect(put('e')).rejects.toThrow(
      'The level of configured provisioned throughput for the table was exceeded',
    );
    now += 1;
    await put('e');
    now += HOUR;
    for (let n = 0; n < 600 / 30; n++) await put(`big${n}`, 30 * 1024 - 100);
    await expect(put('f')).rejects.toBeInstanceOf(ProvisionedThroughputExceededException);
  });

  it('returns the throttled part of a batch, and the exception if nothing was processed', async () => {
    await create(spec('events', { ProvisionedThroughput: units(1, 1) }));
    await create(spec('other'));
    const write = { PutRequest: { Item: { id: { S: 'a' } } } };
    await put('a');
    const mixed = await db.batchWriteItem({ RequestItems: { events: [write], other: [write] } });
    expect(mixed.UnprocessedItems).toEqual({ events: [write] });
    const alone = db.batchWriteItem({ RequestItems: { events: [write] } });
    await expect(alone).rejects.toBeInstanceOf(ProvisionedThroughputExceededException);
    await db.getItem({ TableName: 'events', Key: { id: { S: 'a' } }, ConsistentRead: true });
    const keys = { Keys: [{ id: { S: 'a' } }] };
    const read = await db.batchGetItem({ RequestItems: { events: keys, other: keys } });
    expect(read).toMatchObject({
      UnprocessedKeys: { events: keys },
      Responses: { other: [{ id: { S: 'a' } }] },
    });
  });

  it('accepts as many writes of one table as it has units for, and returns the others', async () => {
    await create(spec('events', { ProvisionedThroughput: units(10, 10) }));
    const writes = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { id: { S: `${i}` } } } }));
    const first = await db.batchWriteItem({ RequestItems: { events: writes } });
    expect(first.UnprocessedItems).toEqual({ events: writes.slice(10) });
    expect((await db.scan({ TableName: 'events' })).Count).toBe(10);
    now += 2_000;
    const second = await db.batchWriteItem({ RequestItems: first.UnprocessedItems });
    expect(second.UnprocessedItems).toEqual({});
  });

  it('rejects writes to an exhausted index, and no others', async () => {
    await create(indexed('events', 'ALL', units(1, 1)));
    const owned = (id: string) =>
      db.putItem({ TableName: 'events', Item: { id: { S: id }, owner: { S: 'me' } } });
    await owned('a');
    await expect(owned('b')).rejects.toThrow('one or more global secondary indexes');
    await put('b');
  });

  it('does not admit parallel requests on the same unit', async () => {
    await create(spec('events', { ProvisionedThroughput: units(5, 5) }));
    const together = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => put(`${n}`)));
    expect(together.filter((one) => one.status === 'fulfilled')).toHaveLength(5);
  });

  it('never happens to an on-demand table', async () => {
    await create(spec('events', { BillingMode: 'PAY_PER_REQUEST' }));
    for (let n = 0; n < 50; n++) await put(`${n}`);
  });
});

describe('consumed capacity', () => {
  it('is returned only as requested', async () => {
    await create(indexed('events', 'KEYS_ONLY'));
    const Item = { id: { S: 'a' }, owner: { S: 'me' }, body: { S: 'x'.repeat(2_000) } };
    const put = (ReturnConsumedCapacity?: 'TOTAL' | 'INDEXES' | 'NONE') =>
      db.putItem({ TableName: 'events', Item, ReturnConsumedCapacity });
    expect((await put('INDEXES')).ConsumedCapacity).toEqual({
      TableName: 'events',
      CapacityUnits: 3,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { byOwner: { CapacityUnits: 1 } },
    });
    // The index contains only keys, which have not changed, so it is not written again.
    expect((await put('TOTAL')).ConsumedCapacity).toEqual({ TableName: 'events', CapacityUnits: 2 });
    expect((await put('NONE')).ConsumedCapacity).toBeUndefined();
    expect((await put()).ConsumedCapacity).toBeUndefined();
    await expect(put('EVERYTHING' as 'NONE')).rejects.toThrow('returnConsumedCapacity');
  });

  it.each<[string, (owner: string) => Promise<{ ConsumedCapacity?: unknown }>, string, number | undefined]>([
    ['a new key deletes and puts the entry', (owner) => setOwner(owner), 'you', 2],
    ['the same key changes nothing', (owner) => setOwner(owner), 'me', undefined],
    ['a deleted item is removed from its index', () => remove(), '', 1],
  ])('of an index: %s', async (_, operation, owner, expected) => {
    await create(indexed('events', 'KEYS_ONLY'));
    await db.putItem({ TableName: 'events', Item: { id: { S: 'a' }, owner: { S: 'me' } } });
    expect((await operation(owner)).ConsumedCapacity).toMatchObject({
      CapacityUnits: 1 + (expected ?? 0),
      ...(expected && { GlobalSecondaryIndexes: { byOwner: { CapacityUnits: expected } } }),
    });
  });

  const key = { TableName: 'events', Key: { id: { S: 'a' } }, ReturnConsumedCapacity: 'INDEXES' } as const;
  const remove = () => db.deleteItem(key);
  const setOwner = (owner: string) =>
    db.updateItem({
      ...key,
      UpdateExpression: 'SET #o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: owner } },
    });
});

describe('the endpoint', () => {
  it('is used by any client through environment variables', async () => {
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const client = new DynamoDB({});
    expect((await client.listTables({})).TableNames).toEqual([]);
    client.destroy();
    vi.unstubAllEnvs();
  });

  it('counts calls, and lets tests make them fail', async () => {
    aws.resetCalls();
    await expect(table('nothing')).rejects.toThrow('Table: nothing not found');
    aws.intercept = (operation) =>
      operation === 'ListTables' ? { type: 'ThrottlingException', message: 'Rate exceeded' } : undefined;
    await expect(db.listTables({})).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    aws.intercept = () => ({ type: 'InternalServerError', message: 'oh', status: 500 });
    await expect(db.listTables({})).rejects.toMatchObject({ name: 'InternalServerError', $fault: 'server' });
    aws.intercept = undefined;
    await db.listTables({});
    expect(Object.fromEntries(aws.calls)).toEqual({ DescribeTable: 1, ListTables: 3 });
  });

  it('rejects an unknown operation', async () => {
    await expect(db.executeStatement({ Statement: 'SELECT * FROM events' })).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });

  it('lists 1,000 tables in order, 100 per page', async () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `t.${String(n).padStart(4, '0')}`);
    for (let n = 0; n < names.length; n += 100)
      await Promise.all(names.slice(n, n + 100).map((name) => db.createTable(spec(name))));
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await db.listTables({ ExclusiveStartTableName: after });
      pages.push(page.TableNames ?? []);
      after = page.LastEvaluatedTableName;
    } while (after !== undefined);
    expect(pages.map((page) => page.length)).toEqual(Array(10).fill(100));
    expect(pages.flat()).toEqual(names);
    await expect(db.listTables({ Limit: 101 })).rejects.toThrow('less than or equal to 100');
  });
});
