import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient, type QueryInput, type RotatingClient } from '../../src/client/index.ts';
import { clientOptions, collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY, HOUR } from '../support/specs.ts';

interface Event {
  Key: string;
  Timestamp: number;
  Kind: string;
}

const START = at('2026-11-18T00:00');
const NOON = at('2026-11-21T12:00');

let world: RotatingWorld;
let client: RotatingClient<Event>;

/** One item every two hours from the 18th, while rotate and purge run. */
beforeAll(async () => {
  world = await openWorld({ start: START, keep: 5 });
  client = createRotatingClient({ ...clientOptions(world), indexes: { ByKind: ['Kind', 'Timestamp'] } });
  await world.run('rotate');
  for (let time = START; time <= NOON; time += 2 * HOUR) {
    await world.live(time, DAY);
    await client.put({ Key: 'a', Timestamp: time, Kind: new Date(time).getUTCHours() % 4 ? 'odd' : 'even' });
  }
});

afterAll(() => world.close());

const ofA: QueryInput = {
  KeyConditionExpression: '#k = :k',
  ExpressionAttributeNames: { '#k': 'Key' },
  ExpressionAttributeValues: { ':k': 'a' },
};
const hours = async (items: AsyncIterable<Event>) =>
  (await collect(items)).map(({ Timestamp }) => new Date(Timestamp).toISOString().slice(8, 13));
const all = Array.from({ length: 43 }, (_, i) => new Date(START + i * 2 * HOUR).toISOString().slice(8, 13));

describe('a query over many tables', () => {
  it('returns all items, oldest first', async () => {
    expect(await hours(client.query(ofA))).toEqual(all);
  });

  it('returns all items, newest first', async () => {
    expect(await hours(client.query({ ...ofA, order: 'newest-first' }))).toEqual(all.toReversed());
  });

  it('reads across midnight, and excludes the end of the range', async () => {
    const range = { from: '2026-11-19T20:00', to: '2026-11-20T04:00' };
    expect(await hours(client.query({ ...ofA, ...range }))).toEqual(['19T20', '19T22', '20T00', '20T02']);
  });

  it('queries only the tables and the items of its range', async () => {
    world.aws.resetCalls();
    const to = new Date(at('2026-11-20T02:00') + 1);
    expect(await hours(client.query({ ...ofA, from: at('2026-11-20T02:00'), to }))).toEqual(['20T02']);
    expect(Object.fromEntries(world.aws.calls)).toEqual({ Query: 1 });
  });

  it('returns all items unordered if it reads tables in parallel', async () => {
    const found = await hours(client.query({ ...ofA, order: 'unordered', pageSize: 3, concurrency: 3 }));
    expect(found.toSorted()).toEqual(all);
  });

  it('reads an index by its own sort key', async () => {
    const found = await hours(
      client.query({
        IndexName: 'ByKind',
        KeyConditionExpression: 'Kind = :k',
        ExpressionAttributeValues: { ':k': 'even' },
        from: '2026-11-20T21:00',
        to: '2026-11-21T05:00',
      }),
    );
    expect(found).toEqual(['21T00', '21T04']);
  });

  it('rejects an unknown index, order and concurrency', () => {
    const query = () => client.query({ ...ofA, IndexName: 'ByColor', from: NOON });
    expect(query).toThrow('Unknown index "ByColor".');
    expect(() => client.query({ ...ofA, concurrency: 0 })).toThrow('concurrency must be a whole number');
    const order = 'desc' as 'newest-first';
    expect(() => client.query({ ...ofA, order })).toThrow(
      expect.objectContaining({ code: 'invalid-options' }),
    );
  });

  it('combines its range with a filter', async () => {
    const filter = { FilterExpression: 'Kind = :even OR Kind = :none' };
    const ExpressionAttributeValues = { ...ofA.ExpressionAttributeValues, ':even': 'even', ':none': 'none' };
    const query = client.query({ ...ofA, ...filter, ExpressionAttributeValues, from: '2026-11-21T03:00' });
    expect(await hours(query)).toEqual(['21T04', '21T08', '21T12']);
  });

  it('sends no more requests than take(count) needs', async () => {
    world.aws.resetCalls();
    const { items } = await client.query({ ...ofA, order: 'newest-first' }).take(3);
    expect(items.map(({ Timestamp }) => Timestamp)).toEqual([NOON, NOON - 2 * HOUR, NOON - 4 * HOUR]);
    // One for the upcoming table, which is empty, and one for the current table.
    expect(Object.fromEntries(world.aws.calls)).toEqual({ Query: 2 });
  });

  it('returns all items that are left with take(Infinity)', async () => {
    const { items, cursor } = await client.query({ ...ofA, pageSize: 5 }).take(Infinity);
    expect([items.length, cursor]).toEqual([all.length, undefined]);
    expect((await client.query(ofA).take(Infinity)).items).toHaveLength(all.length);
    expect((await client.query(ofA).take(0)).items).toEqual([]);
  });

  it.each([Number.NaN, 2.5, -1, '5' as unknown as number])('rejects take(%s)', async (count) => {
    await expect(client.query(ofA).take(count)).rejects.toMatchObject({ code: 'invalid-options' });
  });

  it.each(['COUNT'])('rejects Select: %s, which returns no items', (Select) => {
    const input = { ...ofA, Select } as QueryInput;
    expect(() => client.query(input)).toThrow(expect.objectContaining({ code: 'invalid-options' }));
  });

  it('continues after a loop that was left', async () => {
    const reading = client.query({ ...ofA, pageSize: 5 });
    for await (const { Timestamp } of reading) if (Timestamp === START + 12 * HOUR) break;
    expect(await hours(reading)).toEqual(all.slice(7));
    expect(await hours(reading)).toEqual([]);
  });

  it.each(['oldest-first', 'unordered'] as const)(
    'returns no item twice to two loops over one read, %s',
    async (order) => {
      const reading = client.query({ ...ofA, order, pageSize: 5 });
      const first = reading[Symbol.asyncIterator]();
      const found = [(await first.next()).value];
      const [one, other] = await Promise.allSettled([reading.take(7), reading.take(7)]);
      expect(one).toMatchObject({ reason: { code: 'invalid-options' } });
      if (other.status === 'fulfilled') found.push(...other.value.items);
      await expect(first.next()).rejects.toMatchObject({ code: 'invalid-options' });
      found.push(...(await collect(reading)));
      expect(found.map((item) => (item as Event).Timestamp).toSorted()).toEqual(
        Array.from({ length: 43 }, (_, i) => START + i * 2 * HOUR),
      );
    },
  );

  it('continues after a failure at the same position', async () => {
    const reading = client.query({ ...ofA, pageSize: 5 });
    const seen: Event[] = [];
    const read = async () => {
      for await (const item of reading) seen.push(item);
    };
    let queries = 0;
    world.aws.intercept = (operation) => {
      queries += operation === 'Query' ? 1 : 0;
      return queries === 4 ? { type: 'InternalServerError', message: 'sorry', status: 500 } : undefined;
    };
    await expect(read()).rejects.toMatchObject({ name: 'InternalServerError' });
    world.aws.intercept = undefined;
    expect(seen.length).toBeGreaterThan(0);
    await read();
    expect(seen.map(({ Timestamp }) => new Date(Timestamp).toISOString().slice(8, 13))).toEqual(all);
  });

  it('returns pages with their tables', async () => {
    const pages = await collect(client.query({ ...ofA, to: '2026-11-19T12:00' }).pages());
    expect(pages.map(({ table, items }) => [table, items.length])).toEqual([
      ['production.Events.20261118', 12],
      ['production.Events.20261119', 6],
    ]);
    expect(pages.map(({ cursor }) => typeof cursor)).toEqual(['string', 'undefined']);
  });

  it('is rejected by an abort between items', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: Event[] = [];
    const reading = client.query({ ...ofA, pageSize: 9, signal: controller.signal });
    const read = async () => {
      for await (const item of reading) {
        seen.push(item);
        if (seen.length === 3) controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(seen).toHaveLength(3);
    expect(await hours(client.query({ ...ofA, cursor: reading.cursor! }))).toEqual(all.slice(3));
  });
});

describe('a scan over many tables', () => {
  it('reads a range', async () => {
    const found = await hours(client.scan({ from: '2026-11-19T23:00', to: '2026-11-20T01:00' }));
    expect(found).toEqual(['20T00']);
  });

  it('reads all items without a range', async () => {
    expect(await hours(client.scan())).toEqual(all);
  });
});

describe('a cursor', () => {
  it.each(['oldest-first', 'newest-first'] as const)('continues in a new process, %s', async (order) => {
    const found: Event[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.query({ ...ofA, order, ...(cursor && { cursor }) }).take(5);
      found.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const names = found.map(({ Timestamp }) => new Date(Timestamp).toISOString().slice(8, 13));
    expect(names).toEqual(order === 'oldest-first' ? all : all.toReversed());
  });

  it('continues an unordered read', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const input: QueryInput = { ...ofA, order: 'unordered', pageSize: 3, ...(cursor && { cursor }) };
      const page = await client.query(input).take(4);
      found.push(...page.items.map(({ Timestamp }) => new Date(Timestamp).toISOString().slice(8, 13)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(all);
  });

  it('remembers its range', async () => {
    const { cursor } = await client.query({ ...ofA, from: '2026-11-20', to: '2026-11-20T07:00' }).take(2);
    expect(await hours(client.query({ ...ofA, cursor: cursor! }))).toEqual(['20T04', '20T06']);
  });

  it('is rejected for another read, as is any other text', async () => {
    const { cursor = '' } = await client.query(ofA).take(1);
    const codeOf = (attempt: () => unknown) => {
      try {
        return attempt();
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(codeOf(() => client.scan({ cursor }))).toBe('invalid-cursor');
    expect(codeOf(() => client.query({ ...ofA, IndexName: 'ByKind', cursor }))).toBe('invalid-cursor');
    for (const nonsense of ['', 'nonsense', '###', btoa('[2]'), btoa('{}'), btoa('[1]')])
      expect(
        codeOf(() => client.query({ ...ofA, cursor: nonsense })),
        nonsense,
      ).toBe('invalid-cursor');
  });

  const ofEven: QueryInput<'ByKind'> = {
    IndexName: 'ByKind',
    KeyConditionExpression: 'Kind = :k',
    ExpressionAttributeValues: { ':k': 'even' },
  };
  const code = async (attempt: () => Promise<unknown>) => {
    try {
      return await attempt();
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  it('contains its order, and is rejected with another', async () => {
    const { cursor } = await client.query({ ...ofA, order: 'newest-first' }).take(3);
    expect(await hours(client.query({ ...ofA, cursor }))).toEqual(all.toReversed().slice(3));
    const read = () => client.query({ ...ofA, cursor, order: 'oldest-first' });
    expect(read).toThrow(
      'The cursor has the order newest-first, and the read has oldest-first. Start again without it.',
    );
    expect(read).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
  });

  it('is rejected with another key, filter or name', async () => {
    const { cursor = '' } = await client.query(ofA).take(1);
    const others: QueryInput[] = [
      { ...ofA, ExpressionAttributeValues: { ':k': 'b' } },
      { ...ofA, ExpressionAttributeNames: { '#k': 'Kind' } },
      { ...ofA, KeyConditionExpression: '#k = :k AND #t > :t' },
      { ...ofA, FilterExpression: 'Kind = :k' },
    ];
    for (const other of others)
      expect(await code(() => client.query({ ...other, cursor }).take(1))).toBe('invalid-cursor');
    const same = { ExpressionAttributeNames: { '#k': 'Key' }, ExpressionAttributeValues: { ':k': 'a' } };
    expect((await client.query({ ...ofA, ...same, pageSize: 3, cursor }).take(1)).items).toHaveLength(1);
  });

  it.each<[string, (content: unknown[]) => void]>([
    ['from that is text', (c) => c.splice(4, 1, 'x')],
    ['from outside all years', (c) => c.splice(4, 1, 1e300)],
    ['from in seconds', (c) => c.splice(4, 1, 1_795_305_600)],
    ['to that is an object', (c) => c.splice(5, 1, {})],
    ['order', (c) => c.splice(6, 1, 'desc')],
    ['last table', (c) => c.splice(7, 1, 5)],
    ['list of tables that is text', (c) => c.splice(8, 1, 'ab')],
    ['table that is not text', (c) => c.splice(8, 1, [[1, null]])],
    ['key that is text', (c) => c.splice(8, 1, [['t', 'a']])],
    ['key without its sort key', (c) => c.splice(8, 1, [['t', { Key: 'a' }]])],
    ['key with another attribute', (c) => c.splice(8, 1, [['t', { Key: 'a', Timestamp: 1, Kind: 'x' }]])],
    ['number', (c) => c.splice(8, 1, [['t', { Key: 'a', Timestamp: { N: 'abc' } }]])],
    ['binary', (c) => c.splice(8, 1, [['t', { Key: { B: '***' }, Timestamp: 1 }]])],
    [
      'duplicate table',
      (c) =>
        c.splice(8, 1, [
          ['t', null],
          ['t', null],
        ]),
    ],
    ['digest', (c) => c.splice(9, 1)],
  ])('is rejected with a forged %s', async (_, forge) => {
    const { cursor = '' } = await client.query(ofA).take(1);
    const content: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    forge(content);
    const forged = Buffer.from(JSON.stringify(content)).toString('base64url');
    expect(await code(() => client.query({ ...ofA, cursor: forged }).take(1))).toBe('invalid-cursor');
  });

  it.each([null, 5, {}])('cannot be %s', async (cursor) => {
    const read = () => client.query({ ...ofA, cursor: cursor as unknown as string }).take(1);
    expect(await code(read)).toBe('invalid-cursor');
  });

  it('is limited by the range of the read, which never widens it', async () => {
    const { cursor = '' } = await client.query(ofA).take(1);
    const range = { from: '2026-11-20', to: '2026-11-20T05:00' };
    expect(await hours(client.query({ ...ofA, ...range, cursor }))).toEqual(['20T00', '20T02', '20T04']);
    const narrow = (await client.query({ ...ofA, ...range }).take(1)).cursor!;
    const wide = { from: START, to: NOON };
    expect(await hours(client.query({ ...ofA, ...wide, cursor: narrow }))).toEqual(['20T02', '20T04']);
    // The cursor is within a table. The new range starts after that position, or ends before it.
    const later = { from: '2026-11-20T03:00', to: '2026-11-20T05:00' };
    expect(await hours(client.query({ ...ofA, ...later, cursor: narrow }))).toEqual(['20T04']);
    expect(await hours(client.query({ ...ofA, to: '2026-11-20', cursor: narrow }))).toEqual([]);
    const back = (await client.query({ ...ofA, ...range, order: 'newest-first' }).take(1)).cursor!;
    const earlier = { to: '2026-11-20T03:00' };
    expect(await hours(client.query({ ...ofA, ...earlier, cursor: back }))).toEqual(['20T02', '20T00']);
    const ofIndex = (await client.query({ ...ofEven, ...range }).take(1)).cursor!;
    expect(await hours(client.query({ ...ofEven, ...range, cursor: ofIndex }))).toEqual(['20T04']);
  });

  it('needs the key attributes of an item within a page', async () => {
    const reading = client.query({
      ...ofA,
      ProjectionExpression: '#kind',
      ExpressionAttributeNames: { ...ofA.ExpressionAttributeNames, '#kind': 'Kind' },
    });
    for await (const _ of reading) break;
    expect(() => reading.cursor).toThrow('Cannot create a cursor: the item has no Key, Timestamp.');
  });
});

describe('missing tables', () => {
  it('count as empty if they are purged, also the table of a cursor', async () => {
    const reading = client.query({ ...ofA, pageSize: 4 });
    for await (const { Timestamp } of reading) if (Timestamp >= START + 10 * HOUR) break;
    const cursor = reading.cursor!;
    await world.live(NOON + 4 * DAY);
    expect(await world.tables()).not.toContain('20261118');
    const left = all.filter((hour) => hour >= '21');
    expect(await hours(client.query({ ...ofA, cursor }))).toEqual(left);
    expect(await hours(client.query({ ...ofA, from: START }))).toEqual(left);
  });

  it('are an error in every order if they should exist', async () => {
    await world.drop('production.Events.20261123');
    const missing = { code: 'missing-table', table: 'production.Events.20261123' };
    for (const order of ['oldest-first', 'newest-first', 'unordered'] as const)
      await expect(hours(client.query({ ...ofA, order })), order).rejects.toMatchObject(missing);
  });
});
