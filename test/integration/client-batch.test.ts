import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attributes,
  type BatchWrite,
  createRotatingClient,
  RotatingError,
} from '../../src/client/index.ts';
import { clientOptions, collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY, HOUR } from '../support/specs.ts';

interface Event {
  Key: string;
  Timestamp: number;
  Text?: string;
}

const NOON = at('2026-11-21T12:00');

let world: RotatingWorld;

beforeEach(async () => {
  world = await openWorld({ start: NOON - DAY, keep: 3 });
  await world.run('rotate');
  await world.live(NOON, DAY);
  world.aws.resetCalls();
});

afterEach(() => world.close());

const clientOf = () => createRotatingClient<Event, 'Events'>(clientOptions(world));

/** 60 items, one every half hour before noon: 25 of today, 35 of yesterday. */
const items = Array.from({ length: 60 }, (_, i) => ({ Key: `${i % 7}`, Timestamp: NOON - i * 0.5 * HOUR }));
const puts = items.map((put) => ({ put }));
const stored = async () => (await collect(clientOf().scan())).map(({ Timestamp }) => Timestamp).toSorted();
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('batchWrite', () => {
  it('sends requests by table, at most 25 in a call', async () => {
    expect(await clientOf().batchWrite(puts)).toBe(60);
    expect(world.aws.calls.get('BatchWriteItem')).toBe(3);
    expect(await stored()).toEqual(items.map(({ Timestamp }) => Timestamp).toSorted());
  });

  it('starts to write before it has read all of an async iterable', async () => {
    let taken = 0;
    const callsWhenTaken: number[] = [];
    async function* source(): AsyncGenerator<BatchWrite<Event>> {
      for (; taken < 600; taken += 1) {
        callsWhenTaken.push(world.aws.calls.get('BatchWriteItem') ?? 0);
        yield { put: { Key: `${taken}`, Timestamp: NOON } };
      }
    }
    await clientOf().batchWrite(source());
    expect(taken).toBe(600);
    expect(callsWhenTaken.at(-1)).toBeGreaterThan(0);
  });

  it('applies only the last request for an item', async () => {
    const client = clientOf();
    await client.put({ Key: 'gone', Timestamp: NOON });
    await client.batchWrite([
      { put: { Key: 'a', Timestamp: NOON, Text: 'first' } },
      { put: { Key: 'b', Timestamp: NOON } },
      { delete: { Key: 'gone', Timestamp: NOON } },
      { put: { Key: 'a', Timestamp: NOON, Text: 'second' } },
      { delete: { Key: 'b', Timestamp: NOON } },
    ]);
    expect(await collect(client.scan())).toEqual([{ Key: 'a', Timestamp: NOON, Text: 'second' }]);
  });

  it('sends unprocessed requests again', async () => {
    let refusals = 0;
    const refuseOften = () => (refusals++ % 3 < 2 ? throttled : undefined);
    const throttled = { type: 'ProvisionedThroughputExceededException', message: 'slow down', status: 400 };
    world.aws.intercept = (operation) => (operation === 'BatchWriteItem' ? refuseOften() : undefined);
    await clientOf().batchWrite(puts);
    world.aws.intercept = undefined;
    expect(await stored()).toHaveLength(60);
  });

  it('returns unwritten requests after all retries', async () => {
    const throttled = { type: 'ProvisionedThroughputExceededException', message: 'slow down' };
    world.aws.intercept = (operation) => (operation === 'BatchWriteItem' ? throttled : undefined);
    const error = await failureOf(clientOf().batchWrite(puts.slice(0, 30), { retries: 2 }));
    expect(error).toBeInstanceOf(RotatingError);
    expect(error).toMatchObject({
      code: 'unprocessed',
      table: 'production.Events.20261121',
      message: expect.stringContaining('DynamoDB did not accept 25 of 25 requests'),
      cause: { name: 'ProvisionedThroughputExceededException' },
    });
    expect((error as RotatingError).unprocessed).toEqual(puts.slice(0, 30));
  });

  it('rejects puts without a table, and writes all others', async () => {
    const late = { put: { Key: 'late', Timestamp: NOON - 30 * DAY } };
    const early = { put: { Key: 'early', Timestamp: NOON + 30 * DAY } };
    const error = await failureOf(clientOf().batchWrite([late, ...puts, early]));
    expect(error).toBeInstanceOf(RotatingError);
    expect(error).toMatchObject({
      code: 'outside-retention',
      unprocessed: [],
      rejected: [late, early],
      taken: 62,
      written: 60,
    });
    expect(await stored()).toHaveLength(60);
  });

  it('returns the requests of a missing table, and writes all others', async () => {
    await world.drop('production.Events.20261121');
    const error = await failureOf(clientOf().batchWrite(puts));
    expect(error).toMatchObject({ code: 'missing-table', cause: { name: 'ResourceNotFoundException' } });
    expect((error as RotatingError).unprocessed).toEqual(puts.slice(0, 25));
    await world.run('rotate');
    expect(await clientOf().batchWrite((error as RotatingError).unprocessed as typeof puts)).toBe(25);
    expect(await stored()).toHaveLength(60);
  });

  const fail = (type: string, after = 0) => {
    let seen = 0;
    world.aws.intercept = (operation) =>
      operation === 'BatchWriteItem' && ++seen > after ? { type, message: 'no', status: 400 } : undefined;
  };

  it.each(['ProvisionedThroughputExceededException', 'InternalServerError'])(
    'returns all unwritten requests after %s',
    async (type) => {
      fail(type, 1);
      const error = (await failureOf(clientOf().batchWrite(puts, { retries: 1 }))) as RotatingError;
      expect(error).toBeInstanceOf(RotatingError);
      expect(error).toMatchObject({ code: 'unprocessed', cause: { name: type } });
      world.aws.intercept = undefined;
      expect((await stored()).length + error.unprocessed.length).toBe(60);
      await clientOf().batchWrite(error.unprocessed as typeof puts);
      expect(await stored()).toHaveLength(60);
    },
  );

  it.each<[string, unknown, string]>([
    ['that is null', null, 'invalid-options'],
    ['that puts nothing', { put: undefined }, 'invalid-options'],
    ['that both puts and deletes', { put: puts[0]!.put, delete: puts[0]!.put }, 'invalid-options'],
    ['that is an item', { Key: 'a', Timestamp: NOON }, 'invalid-options'],
  ])('ends at a request %s, and returns it with the rest', async (_, bad, code) => {
    const requests = [...puts.slice(0, 30), bad, ...puts.slice(30)] as typeof puts;
    const error = (await failureOf(clientOf().batchWrite(requests))) as RotatingError;
    expect(error).toBeInstanceOf(RotatingError);
    expect(error).toMatchObject({ code, taken: 31, message: expect.stringContaining('Request 31') });
    expect(error.unprocessed).toHaveLength(61 - error.written);
    expect(error.unprocessed).toContain(bad);
    expect(error.unprocessed).toContain(puts[59]);
    expect(await stored()).toHaveLength(error.written);
  });

  it.each<[string, object, string]>([
    ['no timestamp', { Key: 'a' }, 'no-timestamp'],
    ['a timestamp in words', { Key: 'a', Timestamp: 'noon' }, 'invalid-timestamp'],
    ['a timestamp in seconds', { Key: 'a', Timestamp: NOON / 1000 }, 'seconds'],
    ['no hash key', { Timestamp: NOON }, 'invalid-options'],
  ])('rejects a request with %s, wherever it is, and writes all others', async (_, bad, code) => {
    for (const position of [0, 30, 60])
      for (const request of [{ put: bad }, { delete: bad }]) {
        const requests = [...puts.slice(0, position), request, ...puts.slice(position)] as typeof puts;
        const error = (await failureOf(clientOf().batchWrite(requests))) as RotatingError;
        expect(error).toMatchObject({ code: 'rejected', taken: 61, written: 60, unprocessed: [] });
        expect(error.rejected).toMatchObject([{ ...request, cause: { code } }]);
        expect(error.message).toMatch(/^1 of 61 requests cannot be written\. .* The first/);
      }
    expect(await stored()).toHaveLength(60);
  });

  it('reports how many requests it took from a source that is not an array', async () => {
    async function* source() {
      yield* puts.slice(0, 40);
      throw new Error('the source failed');
    }
    const error = (await failureOf(clientOf().batchWrite(source()))) as RotatingError;
    expect(error).toMatchObject({ code: 'unprocessed', taken: 40, cause: { message: 'the source failed' } });
    expect(error.unprocessed).toHaveLength(40 - error.written);
    expect(await stored()).toHaveLength(error.written);
  });

  it.each([
    ['InternalServerError', 'unprocessed'],
    ['ValidationException', 'rejected'],
  ] as const)('stops to read an endless source after thousands of failures: %s', async (name, list) => {
    let closed = false;
    function* endless(): Generator<BatchWrite<Event>> {
      try {
        for (let i = 0; ; i += 1) yield { put: { Key: `${i}`, Timestamp: NOON } };
      } finally {
        closed = true;
      }
    }
    const send = async () => {
      throw Object.assign(new Error('no'), { name });
    };
    const documents = { send } as unknown as DynamoDBDocumentClient;
    const client = createRotatingClient<Event, 'Events'>({ ...clientOptions(world), documents });
    const error = (await failureOf(client.batchWrite(endless()))) as RotatingError;
    expect(error).toMatchObject({ code: list, written: 0, taken: error[list].length });
    expect(error.taken).toBeGreaterThan(10_000);
    expect(error.taken).toBeLessThan(11_000);
    expect(closed).toBe(true);
  });

  it('iterates a failed source only once', async () => {
    let iterations = 0;
    const broken = {
      *[Symbol.iterator](): Generator<BatchWrite<Event>> {
        iterations += 1;
        yield* puts.slice(0, 10);
        throw new Error('the source failed');
      },
    };
    const error = (await failureOf(clientOf().batchWrite(broken))) as RotatingError;
    expect(error).toMatchObject({ code: 'unprocessed', taken: 10, cause: { message: 'the source failed' } });
    expect(error.unprocessed).toHaveLength(10 - error.written);
    expect(iterations).toBe(1);
  });

  it('rejects a missing source', async () => {
    const nothing = failureOf(clientOf().batchWrite(undefined as unknown as []));
    expect(await nothing).toMatchObject({ code: 'invalid-options' });
  });

  it('holds at most about 500 requests in memory, also with many tables', async () => {
    await world.close();
    world = await openWorld({ start: NOON, scheme: 'hourly', keep: 60, backfill: 59 });
    await world.run('rotate');
    let most = 0;
    let taken = 0;
    const written = () => world.aws.calls.get('BatchWriteItem') ?? 0;
    world.aws.resetCalls();
    function* source(): Generator<BatchWrite<Event>> {
      for (; taken < 60 * 20; taken += 1) {
        if (written() === 0) most = taken;
        yield { put: { Key: `${taken}`, Timestamp: NOON - (taken % 60) * HOUR } };
      }
    }
    expect(await clientOf().batchWrite(source())).toBe(1_200);
    expect(most).toBeLessThanOrEqual(501);
    expect(await stored()).toHaveLength(1_200);
  });

  it('counts a deletion from a purged table as done', async () => {
    const old = { delete: { Key: 'old', Timestamp: NOON - 30 * DAY } };
    expect(await clientOf().batchWrite([old])).toBe(1);
  });

  it('stops waiting if it is aborted', async () => {
    const throttled = { type: 'ProvisionedThroughputExceededException', message: 'slow down' };
    world.aws.intercept = (operation) => (operation === 'BatchWriteItem' ? throttled : undefined);
    const controller = new AbortController();
    const reason = new Error('enough');
    const writing = failureOf(clientOf().batchWrite(puts, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 100);
    expect(await writing).toMatchObject({
      code: 'aborted',
      cause: reason,
      taken: 60,
      written: 0,
      unprocessed: puts,
    });
  });
});

it('batchWrite writes everything to a small provisioned table in the end', async () => {
  const controlled = { ReadCapacityUnits: 100, WriteCapacityUnits: 5 };
  const { UpdateTableCommand } = await import('@aws-sdk/client-dynamodb');
  await world.documents.send(
    new UpdateTableCommand({
      TableName: 'production.Events.20261121',
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: controlled,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'ByKind', ProvisionedThroughput: controlled } }],
    }),
  );
  // The virtual clock does not run by itself. Time must pass for capacity to recover.
  const ticking = setInterval(() => {
    world.now += 1_000;
  }, 20);
  await clientOf().batchWrite(items.map(({ Timestamp }) => ({ put: { Key: 'a', Timestamp } })));
  clearInterval(ticking);
  expect(await stored()).toHaveLength(60);
});

describe('batchWrite with unprocessed requests', () => {
  const TABLE = 'production.Events.20261121';
  const keyed = async (AttributeType: 'S' | 'B' | 'N') => {
    await world.drop(TABLE);
    await sleep(30);
    await world.documents.send(
      new CreateTableCommand({
        TableName: TABLE,
        AttributeDefinitions: [
          { AttributeName: 'Key', AttributeType },
          { AttributeName: 'Timestamp', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'Key', KeyType: 'HASH' },
          { AttributeName: 'Timestamp', KeyType: 'RANGE' },
        ],
        ProvisionedThroughput: { ReadCapacityUnits: 1_000, WriteCapacityUnits: 10 },
      }),
    );
    await sleep(30);
  };
  type Translation = NonNullable<Parameters<typeof DynamoDBDocumentClient.from>[1]>;

  it.each<[string, 'S' | 'B' | 'N', (i: number) => Attributes, Translation?]>([
    ['strings', 'S', (i) => ({ Key: `${i}`, Timestamp: NOON + i })],
    ['a bigint timestamp', 'S', (i) => ({ Key: 'a', Timestamp: BigInt(NOON + i) })],
    ['Buffers', 'B', (i) => ({ Key: Buffer.from([7, i]), Timestamp: NOON })],
    ['bytes', 'B', (i) => ({ Key: Uint8Array.from([7, i]), Timestamp: NOON })],
    [
      'numbers that come back wrapped',
      'S',
      (i) => ({ Key: 'a', Timestamp: NOON + i }),
      { unmarshallOptions: { wrapNumbers: true } },
    ],
    [
      'numbers that come back as bigint',
      'N',
      (i) => ({ Key: i, Timestamp: NOON + i }),
      { unmarshallOptions: { wrapNumbers: (s) => BigInt(s) } },
    ],
    [
      'numbers that come back as an unknown type',
      'N',
      (i) => ({ Key: i, Timestamp: NOON + i }),
      { unmarshallOptions: { wrapNumbers: (s) => ({ own: s }) as unknown as bigint } },
    ],
  ])('writes everything with keys of %s', async (_, type, itemOf, translation) => {
    await keyed(type);
    const dynamodb = new DynamoDBClient({ maxAttempts: 1 });
    const client = createRotatingClient({
      ...clientOptions(world),
      documents: DynamoDBDocumentClient.from(dynamodb, translation),
    });
    const ticking = setInterval(() => {
      world.now += 1_000;
    }, 20);
    const requests = Array.from({ length: 25 }, (_, i) => ({ put: itemOf(i) }));
    await client.batchWrite(requests).finally(() => clearInterval(ticking));
    dynamodb.destroy();
    expect((await world.documents.send(new ScanCommand({ TableName: TABLE }))).Count).toBe(25);
  });
});
