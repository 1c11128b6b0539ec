/** A table or an item that cannot be written does not stop the rest of its batch. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BatchProgress, createRotatingClient, type RotatingError } from '../../src/client/index.ts';
import { clientOptions, collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY } from '../support/specs.ts';

interface Event {
  Key: string;
  Timestamp: number;
  Text?: string;
}

const NOON = at('2026-11-21T12:00');
const STUCK = 'production.Events.20261121';
const THROTTLED = { type: 'ProvisionedThroughputExceededException', message: 'slow down' };

let world: RotatingWorld;

beforeEach(async () => {
  world = await openWorld({ start: NOON, keep: 10, backfill: 9 });
  await world.run('rotate');
  world.aws.resetCalls();
});

afterEach(() => world.close());

const clientOf = () => createRotatingClient<Event, 'Events'>(clientOptions(world));

/** 40 items of each of ten days, in turns. The first one of each turn is for the stuck table. */
const puts = Array.from({ length: 400 }, (_, i) => ({
  put: { Key: `${i}`, Timestamp: NOON - (i % 10) * DAY },
}));
const ofStuck = puts.filter((_, i) => i % 10 === 0);
const stored = async () => (await collect(clientOf().scan())).length;
const failureOf = async (promise: Promise<unknown>): Promise<RotatingError<Event>> => {
  try {
    await promise;
  } catch (error) {
    return error as RotatingError<Event>;
  }
  throw new Error('The batch did not fail.');
};
const tableIn = (input: unknown) => Object.keys((input as { RequestItems?: object }).RequestItems ?? {})[0];
const blockStuck = () => {
  world.aws.intercept = (operation, input) =>
    operation === 'BatchWriteItem' && tableIn(input) === STUCK ? THROTTLED : undefined;
};

describe('a throttled table', () => {
  it('leaves only its own requests unprocessed, in their order, and says why', async () => {
    blockStuck();
    const error = await failureOf(clientOf().batchWrite(puts, { retries: 2 }));
    expect(error).toMatchObject({
      code: 'unprocessed',
      table: STUCK,
      taken: 400,
      written: 360,
      rejected: [],
    });
    expect(error.unprocessed).toEqual(ofStuck);
    expect(error.failures).toMatchObject([
      { table: STUCK, cause: { code: 'unprocessed', cause: { name: THROTTLED.type } } },
    ]);
    world.aws.intercept = undefined;
    expect(await stored()).toBe(360);
    expect(await clientOf().batchWrite(error.unprocessed)).toBe(40);
    expect(await stored()).toBe(400);
  });

  it('does not hold up others while it is retried', async () => {
    blockStuck();
    const progress: BatchProgress[] = [];
    const controller = new AbortController();
    const onProgress = (now: BatchProgress) => {
      progress.push(now);
      if (now.written === 360) controller.abort();
    };
    // With so many retries, the table does not fail before the test times out.
    const how = { retries: 50, onProgress, signal: controller.signal };
    const error = await failureOf(clientOf().batchWrite(puts, how));
    expect(error).toMatchObject({ code: 'aborted', taken: 400, written: 360, failures: [] });
    expect(error.unprocessed).toEqual(ofStuck);
  });

  it('is not sent more requests after it failed, so that a later write never comes first', async () => {
    blockStuck();
    const many = Array.from({ length: 100 }, (_, i) => ({ put: { Key: `${i}`, Timestamp: NOON } }));
    const error = await failureOf(clientOf().batchWrite(many, { retries: 0 }));
    expect(error.unprocessed).toEqual(many);
    expect(world.aws.calls.get('BatchWriteItem')).toBe(1);
  });

  it('is one of several, each with its cause', async () => {
    await world.drop('production.Events.20261119');
    blockStuck();
    const error = await failureOf(clientOf().batchWrite(puts, { retries: 1 }));
    expect(error.message).toContain('Other tables failed too: 1. `failures` has the cause of each.');
    expect(error.failures).toMatchObject([
      { table: STUCK, cause: { code: 'unprocessed' } },
      { table: 'production.Events.20261119', cause: { code: 'missing-table' } },
    ]);
    expect(error).toMatchObject({ written: 320, taken: 400 });
    expect(error.unprocessed).toHaveLength(80);
  });
});

describe('an invalid item', () => {
  const wrongKey = { put: { Key: 7 as unknown as string, Timestamp: NOON } };
  const oversized = { put: { Key: 'big', Timestamp: NOON - DAY, Text: 'x'.repeat(450_000) } };

  it('is rejected with its table and cause, and all others are written', async () => {
    const requests = [
      ...puts.slice(0, 111),
      wrongKey,
      ...puts.slice(111, 222),
      oversized,
      ...puts.slice(222),
    ];
    const error = await failureOf(clientOf().batchWrite(requests));
    expect(error).toMatchObject({
      code: 'rejected',
      taken: 402,
      written: 400,
      unprocessed: [],
      failures: [],
    });
    expect(error.rejected).toMatchObject([
      { ...wrongKey, table: STUCK, cause: { name: 'ValidationException' } },
      { ...oversized, table: 'production.Events.20261120', cause: { name: 'ValidationException' } },
    ]);
    expect(error.message).toContain('2 of 402 requests cannot be written. `rejected` has each');
    expect(await stored()).toBe(400);
  });

  it('is rejected if it is larger than a request can be', async () => {
    world.aws.intercept = (operation, input) =>
      operation === 'BatchWriteItem' && JSON.stringify(input).includes('huge')
        ? { type: 'RequestEntityTooLarge', message: '', status: 413 }
        : undefined;
    const huge = { put: { Key: 'huge', Timestamp: NOON } };
    const error = await failureOf(clientOf().batchWrite([...puts.slice(0, 40), huge]));
    expect(error).toMatchObject({ code: 'rejected', written: 40, unprocessed: [] });
    expect(error.rejected).toMatchObject([{ ...huge, table: STUCK }]);
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each<[string, unknown]>([
    ['Unsupported type', new Date()],
    ['Maximum call stack', circular],
    ['Cannot convert a Symbol', Symbol('text')],
  ])('is rejected if the document client cannot convert it: %s', async (message, Text) => {
    const unconvertible = { put: { Key: 'x', Timestamp: NOON, Text: Text as string } };
    const error = await failureOf(clientOf().batchWrite([...puts.slice(0, 40), unconvertible]));
    expect(error).toMatchObject({ code: 'rejected', written: 40 });
    expect(error.rejected).toMatchObject([
      { table: STUCK, cause: { message: expect.stringContaining(message) } },
    ]);
  });

  it('is rejected beside a put to a purged table, each with its own cause', async () => {
    const late = { put: { Key: 'late', Timestamp: NOON - 60 * DAY } };
    const error = await failureOf(clientOf().batchWrite([late, wrongKey, ...puts]));
    expect(error).toMatchObject({ code: 'rejected', written: 400 });
    expect(error.rejected).toMatchObject([
      { ...late, table: 'production.Events.20260922', cause: { code: 'outside-retention' } },
      { ...wrongKey, cause: { name: 'ValidationException' } },
    ]);
    const fixed = error.rejected.slice(1).map(() => ({ put: { Key: '7', Timestamp: NOON } }));
    expect(await clientOf().batchWrite(fixed)).toBe(1);
  });
});

describe('several requests for one key', () => {
  const first = { put: { Key: 'a', Timestamp: NOON, Text: 'first' } };
  const second = { put: { Key: 'a', Timestamp: NOON, Text: 'second' } };
  const tooLarge = { put: { Key: 'a', Timestamp: NOON, Text: 'x'.repeat(450_000) } };
  const remove = { delete: { Key: 'a', Timestamp: NOON } };
  const late = { put: { Key: 'late', Timestamp: NOON - 60 * DAY } };
  const texts = async () => (await collect(clientOf().scan())).map(({ Text }) => Text);

  it.each([
    ['an earlier put', [first, tooLarge], ['first']],
    ['the last valid put', [first, second, tooLarge, tooLarge], ['second']],
    ['a put after the rejected one', [first, tooLarge, second], ['second']],
    ['a delete', [first, remove, tooLarge], []],
  ])('write %s if a later one is rejected', async (_, requests, expected) => {
    const error = await failureOf(
      clientOf()
        .batchWrite([...requests, ...puts.slice(1, 30)])
        .then(() => {
          throw { rejected: [], written: requests.length + 29, unprocessed: [] };
        }),
    );
    const rejected = requests.at(-1) === tooLarge ? requests.filter((each) => each === tooLarge).length : 0;
    expect(error.rejected).toHaveLength(rejected);
    expect(error).toMatchObject({ written: requests.length + 29 - rejected, unprocessed: [] });
    expect((await texts()).filter((text) => text !== undefined)).toEqual(expected);
  });

  it('are all rejected if none is valid, and all counted', async () => {
    const progress: BatchProgress[] = [];
    const onProgress = (now: BatchProgress) => progress.push(now);
    const gone = { delete: { Key: 'late', Timestamp: NOON - 60 * DAY } };
    const requests = [tooLarge, late, gone, late, late, tooLarge];
    const error = await failureOf(clientOf().batchWrite(requests, { onProgress }));
    expect(error.rejected).toHaveLength(4);
    expect(error).toMatchObject({ taken: 6, written: 2, unprocessed: [] });
    expect(error.message).toContain('4 of 6 requests cannot be written.');
    expect(progress.at(-1)).toEqual({ taken: 6, written: 2, rejected: 4, unprocessed: 0 });
  });

  it('are all unprocessed if their table fails, so that a repetition does the same', async () => {
    blockStuck();
    const progress: BatchProgress[] = [];
    const onProgress = (now: BatchProgress) => progress.push(now);
    const requests = [first, ...puts.slice(1, 4), tooLarge];
    const error = await failureOf(clientOf().batchWrite(requests, { retries: 0, onProgress }));
    expect(error.unprocessed).toEqual([first, tooLarge]);
    expect(progress.at(-1)).toEqual({ taken: 5, written: 3, rejected: 0, unprocessed: 2 });
    world.aws.intercept = undefined;
    const again = await failureOf(clientOf().batchWrite(error.unprocessed));
    expect(again).toMatchObject({ taken: 2, written: 1, rejected: [tooLarge] });
  });
});

describe('a batch', () => {
  it('fails without rejected items if the network does', async () => {
    const dynamodb = new DynamoDBClient({ maxAttempts: 1, endpoint: 'http://127.0.0.1:1' });
    const documents = DynamoDBDocumentClient.from(dynamodb);
    const client = createRotatingClient<Event, 'Events'>({ ...clientOptions(world), documents });
    const error = await failureOf(client.batchWrite(puts));
    expect(error).toMatchObject({ code: 'unprocessed', rejected: [], written: 0 });
    expect(error.unprocessed).toHaveLength(400);
    expect(error.failures).toHaveLength(10);
  });

  it('reports its progress after every batch', async () => {
    const progress: BatchProgress[] = [];
    await clientOf().batchWrite(puts, { onProgress: (now) => progress.push(now) });
    expect(progress).toHaveLength(world.aws.calls.get('BatchWriteItem')!);
    expect(progress.map(({ written }) => written)).toEqual(
      progress.map(({ written }) => written).toSorted((a, b) => a - b),
    );
    expect(progress.at(-1)).toEqual({ taken: 400, written: 400, rejected: 0, unprocessed: 0 });
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('the disk is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the disk is full'))],
  ])('ends if onProgress %s, and returns what is not written', async (_, onProgress) => {
    const error = await failureOf(clientOf().batchWrite(puts, { onProgress }));
    expect(error).toMatchObject({ code: 'unprocessed', cause: { message: 'the disk is full' } });
    expect(error.unprocessed).toHaveLength(400 - error.written);
    expect(await stored()).toBe(error.written);
  });

  it('rejects an onProgress that is not a function', async () => {
    const onProgress = true as unknown as () => void;
    expect(await failureOf(clientOf().batchWrite(puts, { onProgress }))).toMatchObject({
      code: 'invalid-options',
    });
  });

  it('keeps the last of many writes to one item, whatever DynamoDB returns', async () => {
    let calls = 0;
    world.aws.intercept = (operation) =>
      operation === 'BatchWriteItem' && ++calls % 3 === 1 ? THROTTLED : undefined;
    const writes = Array.from({ length: 300 }, (_, i) => ({
      put: { Key: `${i % 30}`, Timestamp: NOON, Text: `${i}` },
    }));
    expect(await clientOf().batchWrite(writes)).toBe(300);
    world.aws.intercept = undefined;
    const texts = (await collect(clientOf().scan()))
      .map(({ Text }) => Number(Text))
      .toSorted((a, b) => a - b);
    expect(texts).toEqual(Array.from({ length: 30 }, (_, i) => 270 + i));
  });
});
