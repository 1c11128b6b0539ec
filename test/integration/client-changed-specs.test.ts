/** A group whose spec changed: its older tables lack an index, or have another key. */
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient } from '../../src/client/index.ts';
import { clientOptions, collect, EVENTS, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const table = (day: number) => `production.Events.202611${day}`;
const noIndex = {
  KeySchema: EVENTS.KeySchema!,
  AttributeDefinitions: EVENTS.AttributeDefinitions!.filter(({ AttributeName }) => AttributeName !== 'Kind'),
};
const indexes = { ByKind: ['Kind', 'Timestamp'] } as const;
const ofKind = {
  IndexName: 'ByKind',
  KeyConditionExpression: 'Kind = :k',
  ExpressionAttributeValues: { ':k': 'x' },
} as const;

let world: RotatingWorld;

/** The spec gets the index at noon of the 21st, when the table of the 22nd exists already. Every table has an item at noon. */
beforeAll(async () => {
  world = await openWorld({ start: NOON, keep: 7, backfill: 1, properties: noIndex });
  await world.run('rotate');
  world.change(EVENTS);
  await world.live(NOON + 3 * DAY, DAY);
  const days = [-1, 0, 1, 2, 3].map((day) => NOON + day * DAY);
  await createRotatingClient(clientOptions(world)).batchWrite(
    days.map((Timestamp) => ({ put: { Key: 'a', Timestamp, Kind: 'x', ExpiresAt: Timestamp / 1000 + 60 } })),
  );
});

afterAll(() => world.close());

const clientOf = (since?: string | number) =>
  createRotatingClient({ ...clientOptions(world), indexes, since: { ByKind: since } });
const days = (items: readonly { readonly Timestamp?: unknown }[]) =>
  items.map(({ Timestamp }) => new Date(Number(Timestamp)).getUTCDate());
const failure = async (request: Promise<unknown>) =>
  request.then(
    () => 'done',
    ({ code, table, message, cause }) => ({ code, table, message, cause: cause?.name }),
  );

describe('an index that only newer tables have', () => {
  it.each([
    ['oldest-first', 20],
    ['newest-first', 22],
  ] as const)('is missing, says an error with the table and the index, %s', async (order, day) => {
    for (const read of ['query', 'scan'] as const) {
      const { KeyConditionExpression, ...scan } = ofKind;
      const input = read === 'query' ? ofKind : { ...scan, FilterExpression: KeyConditionExpression };
      expect(await failure(collect(clientOf()[read]({ ...input, order })))).toEqual({
        code: 'missing-index',
        table: table(day),
        message: `The table ${table(day)} has no index "ByKind". If newer tables have it, set \`since\` in the options of the client to the start of the first one: { since: { "ByKind": … } }. Or read older tables without the index.`,
        cause: 'ValidationException',
      });
    }
  });

  it.each(['oldest-first', 'newest-first', 'unordered'] as const)(
    'is read since its first table, %s',
    async (order) => {
      // Any instant of that period will do, and items before it count as well.
      for (const since of ['2026-11-23', '2026-11-23T18:00', at('2026-11-23')]) {
        const client = clientOf(since);
        expect(days(await collect(client.query({ ...ofKind, order }))).toSorted()).toEqual([23, 24]);
        expect(
          days(await collect(client.query({ ...ofKind, order, from: '2026-11-01' }))).toSorted(),
        ).toEqual([23, 24]);
        expect(days(await collect(client.query({ ...ofKind, order, from: '2026-11-24' })))).toEqual([24]);
      }
    },
  );

  it('is continued from a cursor since its first table', async () => {
    const client = clientOf('2026-11-23');
    const first = await client.query({ ...ofKind, order: 'newest-first' }).take(1);
    const second = await client.query({ ...ofKind, cursor: first.cursor }).take(2);
    expect([...days(first.items), ...days(second.items)]).toEqual([24, 23]);
  });

  it('does not limit reads of the tables themselves', async () => {
    expect(days(await collect(clientOf('2026-11-23').scan()))).toEqual([20, 21, 22, 23, 24]);
  });

  it('cannot be read while DynamoDB adds it to an older table', async () => {
    const { AttributeDefinitions, GlobalSecondaryIndexes: [index] = [] } = EVENTS;
    await world.documents.send(
      new UpdateTableCommand({
        TableName: table(22),
        AttributeDefinitions: AttributeDefinitions!.map((each) => ({ ...each })),
        GlobalSecondaryIndexUpdates: [{ Create: index as never }],
      }) as never,
    );
    expect(await failure(collect(clientOf('2026-11-22').query(ofKind)))).toMatchObject({
      code: 'missing-index',
      table: table(22),
      message: `The index "ByKind" of the table ${table(22)} cannot be read yet, because DynamoDB is still filling it. Try again later.`,
    });
  });
});

describe('`since`', () => {
  it.each([
    [{ ByColor: '2026-11-23' }, 'invalid-options', 'unknown index "ByColor"'],
    ['2026-11-23', 'invalid-options', '`since` must list'],
    [{ ByKind: 'monday' }, 'invalid-instant', 'monday'],
    [{ ByKind: 1_700_000_000 }, 'seconds', 'milliseconds'],
  ])('%j is rejected before any request', (since, code, message) => {
    const create = () => createRotatingClient({ ...clientOptions(world), indexes, since: since as never });
    expect(create).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe('a table with another key', () => {
  const Timestamp = NOON;
  const other = () =>
    createRotatingClient({
      ...clientOptions(world),
      key: ['Id', 'Timestamp'],
      indexes: { ByKind: ['Sort'] },
    });
  const key = { Id: 'a', Timestamp };

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => other().get(key)],
    ['update', () => other().update(key, {})],
    ['delete', () => other().delete(key)],
    ['put', () => other().put(key)],
    [
      'query',
      () =>
        collect(
          other().query({
            from: '2026-11-21',
            KeyConditionExpression: 'Id = :i',
            ExpressionAttributeValues: { ':i': 'a' },
          }),
        ),
    ],
  ])('says so in an error with the table and the key: %s', async (_, request) => {
    expect(await failure(request())).toMatchObject({
      code: 'other-key',
      table: table(21),
      message: expect.stringMatching(
        /^The table \S+ does not accept .* The client has the key Id, Timestamp\./,
      ),
      cause: 'ValidationException',
    });
  });

  it('says so for an index', async () => {
    const input = { KeyConditionExpression: 'Sort = :k', ExpressionAttributeValues: { ':k': 'x' } };
    expect(
      await failure(collect(other().query({ ...input, IndexName: 'ByKind', from: '2026-11-23' }))),
    ).toMatchObject({
      code: 'other-key',
      table: table(23),
      message: expect.stringMatching(/^The index "ByKind" of the table .* The client has the key Sort\./),
    });
  });

  it.each<[string, (client: ReturnType<typeof clientOf>) => Promise<unknown>]>([
    ['put', (client) => client.put({ Key: 1, Timestamp })],
    ['get', (client) => client.get({ Key: 1, Timestamp })],
    [
      'query',
      (client) =>
        collect(
          client.query({
            from: '2026-11-21',
            KeyConditionExpression: '#k = :k',
            ExpressionAttributeNames: { '#k': 'Key' },
            ExpressionAttributeValues: { ':k': 1 },
          }),
        ),
    ],
  ])('says so if only the type of the key is another: %s', async (_, request) => {
    expect(await failure(request(clientOf()))).toMatchObject({
      code: 'other-key',
      table: table(21),
      message: expect.stringMatching(
        /^The table \S+ does not accept .* The client has the key Key, Timestamp\./,
      ),
      cause: 'ValidationException',
    });
  });

  it.each([
    ['the table', undefined, 'Key'],
    ['an index', 'ByKind', 'Kind'],
  ])(
    'says so if the timestamp is in the key of %s, and not in that of the client',
    async (_, IndexName, hash) => {
      const before = createRotatingClient({
        ...clientOptions(world),
        key: ['Key'],
        indexes: { ByKind: ['Kind'] },
      });
      const input = {
        IndexName: IndexName as 'ByKind',
        KeyConditionExpression: '#h = :h',
        ExpressionAttributeNames: { '#h': hash },
        ExpressionAttributeValues: { ':h': 'a' },
        from: '2026-11-23',
      };
      expect(await failure(collect(before.query(input)))).toMatchObject({
        code: 'other-key',
        table: table(23),
        message: expect.stringContaining(`The client has the key ${hash}.`),
        cause: 'ValidationException',
      });
    },
  );

  it('leaves other errors of DynamoDB as they are', async () => {
    const condition = { ConditionExpression: 'attribute_exists(Absent)' };
    const put = clientOf().put({ Key: 'a', Timestamp }, condition);
    await expect(put).rejects.toThrow(expect.objectContaining({ name: 'ConditionalCheckFailedException' }));
    const invalid = { ConditionExpression: 'Key exists' };
    await expect(clientOf().put({ Key: 'a', Timestamp }, invalid)).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
  });
});

describe('what the guide says of DynamoDB', () => {
  it('returns items whose time to live has ended, unless a filter leaves them out', async () => {
    const now = NOON / 1000 + DAY / 1000;
    const filter = {
      FilterExpression: 'attribute_not_exists(ExpiresAt) OR ExpiresAt > :now',
      ExpressionAttributeValues: { ':now': now },
    };
    const range = { from: '2026-11-21' };
    expect(days(await collect(clientOf().scan(range)))).toEqual([21, 22, 23, 24]);
    expect(days(await collect(clientOf().scan({ ...range, ...filter })))).toEqual([22, 23, 24]);
  });

  it('does not accept At, a reserved word, in a projection', async () => {
    const reading = collect(clientOf().scan({ ProjectionExpression: 'At' }));
    await expect(reading).rejects.toThrow('reserved keyword: At');
  });
});
