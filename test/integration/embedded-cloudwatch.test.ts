import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatch,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { type ConsumedCapacity, DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 2, 15, 12);

let now: number;
let aws: EmbeddedAws;
let cw: CloudWatch;
let db: DynamoDB;

beforeEach(async () => {
  now = NOON;
  aws = await startEmbeddedAws({ now: () => now, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const client = {
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  cw = new CloudWatch(client);
  db = new DynamoDB(client);
});

afterEach(async () => {
  cw.destroy();
  db.destroy();
  await aws.close();
});

interface Wanted {
  id?: string;
  metric?: string;
  table?: string;
  index?: string;
  period?: number;
  stat?: string;
}

function query({
  id = 'q',
  metric = 'ConsumedReadCapacityUnits',
  table = 'events',
  index,
  ...how
}: Wanted): MetricDataQuery {
  const Dimensions = [{ Name: 'TableName', Value: table }];
  if (index) Dimensions.push({ Name: 'GlobalSecondaryIndexName', Value: index });
  return {
    Id: id,
    MetricStat: {
      Metric: { Namespace: 'AWS/DynamoDB', MetricName: metric, Dimensions },
      Period: how.period ?? 60,
      Stat: how.stat ?? 'Sum',
    },
  };
}

const get = (
  queries: MetricDataQuery[],
  from: number,
  to: number,
  more: Partial<GetMetricDataCommandInput> = {},
) =>
  cw.getMetricData({
    MetricDataQueries: queries,
    StartTime: new Date(from),
    EndTime: new Date(to),
    ScanBy: 'TimestampAscending',
    ...more,
  });

/** [minutes after noon, value] */
const pointsOf = (result: MetricDataResult | undefined): [number, number][] =>
  (result?.Timestamps ?? []).map((at, i) => [
    (at.getTime() - NOON) / MINUTE,
    result?.Values?.[i] ?? Number.NaN,
  ]);

async function read(wanted: Wanted, from = NOON - DAY, to = NOON + DAY): Promise<[number, number][]> {
  const { MetricDataResults: results } = await get([query(wanted)], from, to);
  return pointsOf(results?.[0]);
}

const record = (minute: number, sum: number, more: { table?: string; index?: string } = {}) =>
  aws.recordMetric({
    metric: 'ConsumedReadCapacityUnits',
    table: 'events',
    minute: NOON + minute * MINUTE,
    sum,
    ...more,
  });

describe('GetMetricData', () => {
  beforeEach(() => {
    for (const [minute, sum] of [
      [-10, 5],
      [-9, 7],
      [-8, 1],
      [-4, 20],
      [-2, 3],
      [-1, 4],
    ] as const)
      record(minute, sum);
  });

  it.each<[string, Wanted, [number, number], [number, number][]]>([
    [
      'returns the sum per minute',
      {},
      [-10, 0],
      [
        [-10, 5],
        [-9, 7],
        [-8, 1],
        [-4, 20],
        [-2, 3],
      ],
    ],
    [
      'excludes the end',
      {},
      [-10, -8],
      [
        [-10, 5],
        [-9, 7],
      ],
    ],
    [
      'returns the sum per longer period',
      { period: 300 },
      [-10, 0],
      [
        [-10, 13],
        [-5, 23],
      ],
    ],
    ['returns the average', { period: 300, stat: 'Average' }, [-10, -5], [[-10, 13 / 3]]],
    ['returns the maximum', { period: 300, stat: 'Maximum' }, [-10, -5], [[-10, 7]]],
    ['returns the minimum', { period: 300, stat: 'Minimum' }, [-10, -5], [[-10, 1]]],
    ['returns the sample count', { period: 300, stat: 'SampleCount' }, [-10, -5], [[-10, 3]]],
    ['returns nothing for another table', { table: 'nothing' }, [-10, 0], []],
    ['returns nothing for an index of the table', { index: 'byOwner' }, [-10, 0], []],
  ])('%s', async (_, wanted, [from, to], expected) => {
    expect(await read(wanted, NOON + from * MINUTE, NOON + to * MINUTE)).toEqual(expected);
  });

  it('returns a minute two minutes after its start', async () => {
    expect((await read({})).at(-1)).toEqual([-2, 3]);
    now += MINUTE - 1;
    expect((await read({})).at(-1)).toEqual([-2, 3]);
    now += 1;
    expect((await read({})).at(-1)).toEqual([-1, 4]);
  });

  it('returns the newest point first by default', async () => {
    const answer = await get([query({})], NOON - 10 * MINUTE, NOON, { ScanBy: undefined });
    expect(pointsOf(answer.MetricDataResults?.[0])[0]).toEqual([-2, 3]);
  });

  it('returns pages of MaxDatapoints across queries, at the time of the first page', async () => {
    record(-3, 9, { table: 'other' });
    const queries = [
      query({ id: 'a' }),
      query({ id: 'b', table: 'other' }),
      query({ id: 'c', table: 'nothing' }),
    ];
    const series: Record<string, [number, number][]> = {};
    const statuses: Record<string, string | undefined> = {};
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const answer = await get(queries, NOON - 10 * MINUTE, NOON, { MaxDatapoints: 2, NextToken });
      for (const result of answer.MetricDataResults ?? []) {
        series[result.Id ?? ''] = [...(series[result.Id ?? ''] ?? []), ...pointsOf(result)];
        statuses[result.Id ?? ''] = result.StatusCode;
      }
      if (pages++ === 0) expect(statuses).toEqual({ a: 'PartialData', b: 'PartialData', c: 'Complete' });
      now += MINUTE;
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(pages).toBe(3);
    expect(series).toEqual({
      a: [
        [-10, 5],
        [-9, 7],
        [-8, 1],
        [-4, 20],
        [-2, 3],
      ],
      b: [[-3, 9]],
      c: [],
    });
    expect(statuses).toEqual({ a: 'Complete', b: 'Complete', c: 'Complete' });
  });

  it('accepts 500 queries in a call', async () => {
    const queries = Array.from({ length: 500 }, (_, n) => query({ id: `q${n}` }));
    const { MetricDataResults: results } = await get(queries, NOON - 10 * MINUTE, NOON);
    expect(results).toHaveLength(500);
    expect(results?.every((result) => result.Values?.length === 5)).toBe(true);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      '501 queries',
      () =>
        get(
          Array.from({ length: 501 }, (_, n) => query({ id: `q${n}` })),
          NOON,
          NOON + 1,
        ),
      'size greater than 500',
    ],
    ['an upper-case id', () => get([query({ id: 'Q' })], NOON, NOON + 1), 'expected pattern'],
    ['a duplicate id', () => get([query({}), query({})], NOON, NOON + 1), 'not unique'],
    ['a period of 90 seconds', () => get([query({ period: 90 })], NOON, NOON + 1), 'multiple of 60'],
    ['an unknown statistic', () => get([query({ stat: 'p99' })], NOON, NOON + 1), 'not supported'],
    ['an end before its start', () => get([query({})], NOON, NOON), 'must be less than'],
    ['an expression', () => get([{ Id: 'e', Expression: '1+1' }], NOON, NOON + 1), 'not expressions'],
  ])('rejects %s', async (_, call, message) => {
    const failed = call();
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ Code: 'ValidationError', $fault: 'client' });
  });

  it('retains one-minute points for 15 days, five-minute points for 63 and hourly points for 455', async () => {
    const readable = async (period: number) => (await read({ period }, NOON - 10 * MINUTE, NOON)).length > 0;
    const expected: [number, boolean, boolean, boolean][] = [
      [14, true, true, true],
      [16, false, true, true],
      [64, false, false, true],
      [456, false, false, false],
    ];
    for (const [age, minutes, fives, hours] of expected) {
      now = NOON + age * DAY;
      expect([age, await readable(60), await readable(300), await readable(3600)]).toEqual([
        age,
        minutes,
        fives,
        hours,
      ]);
    }
  });
});

describe('custom metrics', () => {
  it('are stored unchanged and can be listed', async () => {
    const Dimensions = [{ Name: 'Group', Value: 'events' }];
    await cw.putMetricData({
      Namespace: 'Turntable',
      MetricData: [
        { MetricName: 'Holds', Dimensions, Value: 2, Timestamp: new Date(NOON - 5 * MINUTE) },
        {
          MetricName: 'Holds',
          Dimensions,
          Values: [1, 4],
          Counts: [2, 1],
          Timestamp: new Date(NOON - 5 * MINUTE),
        },
      ],
    });
    const Metric = { Namespace: 'Turntable', MetricName: 'Holds', Dimensions };
    const stored = await get(
      [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
      NOON - DAY,
      NOON,
    );
    expect(pointsOf(stored.MetricDataResults?.[0])).toEqual([[-5, 8]]);
    expect(
      (await cw.listMetrics({ Namespace: 'Turntable', Dimensions: [{ Name: 'Group' }] })).Metrics,
    ).toEqual([Metric]);
    await expect(cw.putMetricData({ Namespace: 'AWS/DynamoDB', MetricData: [] })).rejects.toThrow(
      'Namespace',
    );
  });
});

it('reads large bodies, which the SDK compresses', async () => {
  const encodings: unknown[] = [];
  cw.middlewareStack.add(
    (next) => (args) => {
      encodings.push((args.request as { headers: Record<string, string> }).headers['content-encoding']);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'seeEncoding' },
  );
  const MetricData = Array.from({ length: 1_000 }, (_, n) => ({
    MetricName: `Holds${n}`,
    Value: n,
    Timestamp: new Date(NOON - 5 * MINUTE),
  }));
  await cw.putMetricData({ Namespace: 'Turntable', MetricData });
  const Metric = { Namespace: 'Turntable', MetricName: 'Holds999' };
  const stored = await get(
    [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    NOON - 10 * MINUTE,
    NOON,
  );
  expect(pointsOf(stored.MetricDataResults?.[0])).toEqual([[-5, 999]]);
  expect(encodings[0]).toBe('gzip');
});

describe('metrics of tables', () => {
  const units = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

  async function create(read: number, write: number): Promise<void> {
    await db.createTable({
      TableName: 'events',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      ProvisionedThroughput: units(read, write),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byOwner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
          ProvisionedThroughput: units(read, write),
        },
      ],
    });
  }

  const item = (id: string, kilobytes: number, owner?: string) => ({
    id: { S: id },
    body: { S: 'x'.repeat(kilobytes * 1024) },
    ...(owner && { owner: { S: owner } }),
  });

  it('equal the consumed capacity that clients got, for items of many sizes, indexes and batches', async () => {
    await create(1_000, 1_000);
    const reported = { read: { table: 0, index: 0 }, write: { table: 0, index: 0 } };
    const note = (kind: 'read' | 'write', consumed: ConsumedCapacity | undefined) => {
      reported[kind].table += consumed?.Table?.CapacityUnits ?? 0;
      reported[kind].index += consumed?.GlobalSecondaryIndexes?.byOwner?.CapacityUnits ?? 0;
    };
    const asked = { TableName: 'events', ReturnConsumedCapacity: 'INDEXES' } as const;
    for (const [n, kilobytes] of [0, 1, 3, 7, 40, 120].entries()) {
      const owner = n % 2 ? 'me' : undefined;
      note('write', (await db.putItem({ ...asked, Item: item(`${n}`, kilobytes, owner) })).ConsumedCapacity);
      const Key = { id: { S: `${n}` } };
      note('read', (await db.getItem({ ...asked, Key })).ConsumedCapacity);
      note('read', (await db.getItem({ ...asked, Key, ConsistentRead: true })).ConsumedCapacity);
    }
    const query = { KeyConditionExpression: '#o = :o', ExpressionAttributeNames: { '#o': 'owner' } };
    const values = { ExpressionAttributeValues: { ':o': { S: 'me' } } };
    note('read', (await db.query({ ...asked, ...query, ...values, IndexName: 'byOwner' })).ConsumedCapacity);
    note('read', (await db.scan(asked)).ConsumedCapacity);
    const Update = {
      UpdateExpression: 'SET #o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ...values,
    };
    note('write', (await db.updateItem({ ...asked, ...Update, Key: { id: { S: '2' } } })).ConsumedCapacity);
    note('write', (await db.deleteItem({ ...asked, Key: { id: { S: '1' } } })).ConsumedCapacity);
    const writes = [
      { PutRequest: { Item: item('6', 5, 'you') } },
      { DeleteRequest: { Key: { id: { S: '3' } } } },
    ];
    const written = await db.batchWriteItem({ ...asked, RequestItems: { events: writes } });
    note('write', written.ConsumedCapacity?.[0]);
    const got = await db.batchGetItem({ ...asked, RequestItems: { events: { Keys: [{ id: { S: '6' } }] } } });
    note('read', got.ConsumedCapacity?.[0]);

    now += 5 * MINUTE;
    const metrics = async (metric: string) => ({
      table: (await read({ metric }))[0]?.[1],
      index: (await read({ metric, index: 'byOwner' }))[0]?.[1],
    });
    expect(reported.write.index).toBeGreaterThan(100);
    expect(await metrics('ConsumedReadCapacityUnits')).toEqual(reported.read);
    expect(await metrics('ConsumedWriteCapacityUnits')).toEqual(reported.write);
  });

  it('include the cost of a failed condition', async () => {
    await create(10, 10);
    await db.putItem({ TableName: 'events', Item: item('a', 2) });
    now += MINUTE;
    const failed = db.putItem({
      TableName: 'events',
      Item: item('a', 0),
      ConditionExpression: 'attribute_not_exists(id)',
    });
    await expect(failed).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    now += 5 * MINUTE;
    expect(await read({ metric: 'ConsumedWriteCapacityUnits' })).toEqual([
      [0, 3],
      [1, 3],
    ]);
  });

  it('have throttling events only in minutes with throttling, and exclude throttled consumption', async () => {
    await create(10, 1);
    const put = (id: string) => db.putItem({ TableName: 'events', Item: item(id, 1) });
    await put('a');
    now += MINUTE;
    await put('b');
    for (let n = 0; n < 40; n++) await put(`${n}`).catch(() => {});
    now += MINUTE;
    await put('c');
    now += 5 * MINUTE;
    const throttled = await read({ metric: 'WriteThrottleEvents' });
    const consumed = await read({ metric: 'ConsumedWriteCapacityUnits' });
    expect(throttled).toEqual(await read({ metric: 'WriteProvisionedThroughputThrottleEvents' }));
    expect(throttled.map(([minute]) => minute)).toEqual([1]);
    expect(consumed.map(([minute]) => minute)).toEqual([0, 1, 2]);
    // Each item costs two units. The 41 requests of the second minute were either served or throttled.
    expect((throttled[0]?.[1] ?? 0) + (consumed[1]?.[1] ?? 0) / 2).toBe(41);
    expect(await read({ metric: 'ReadThrottleEvents' })).toEqual([]);
  });

  it('remain readable after the table is deleted', async () => {
    await create(10, 10);
    await db.putItem({ TableName: 'events', Item: item('a', 0) });
    await db.deleteTable({ TableName: 'events' });
    await sleep(5);
    expect((await db.listTables({})).TableNames).toEqual([]);
    now += 5 * MINUTE;
    expect(await read({ metric: 'ConsumedWriteCapacityUnits' })).toEqual([[0, 1]]);
  });
});

it('has the provisioned capacity every five minutes, until the table is deleted', async () => {
  const provisioned = { metric: 'ProvisionedWriteCapacityUnits', stat: 'Maximum' };
  const key = { AttributeName: 'Key', KeyType: 'HASH' as const };
  await db.createTable({
    TableName: 'events',
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
    KeySchema: [key],
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 7 },
  });
  await sleep(5);
  now = NOON + 7 * MINUTE;
  await db.updateTable({
    TableName: 'events',
    ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 9 },
  });
  await sleep(5);
  await db.describeTable({ TableName: 'events' });
  now = NOON + 16 * MINUTE;
  await db.deleteTable({ TableName: 'events' });
  now = NOON + DAY;
  expect(await read(provisioned)).toEqual([
    [0, 7],
    [5, 7],
    [7, 9],
    [10, 9],
    [15, 9],
  ]);
  expect(await read({ ...provisioned, period: 300 }, NOON, NOON + 10 * MINUTE)).toEqual([
    [0, 7],
    [5, 9],
  ]);
  expect(await read({ ...provisioned, metric: 'ProvisionedReadCapacityUnits' })).toHaveLength(5);
  expect(await read({ ...provisioned, index: 'byUser' })).toEqual([]);
});
