/** Compares range reads over many tables with one big table that has the same items. */
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient, type QueryInput, type RotatingClient } from '../../src/client/index.ts';
import { clientOptions, collect, EVENTS, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY } from '../support/specs.ts';

interface Event {
  Key: string;
  Timestamp: number;
  Kind: string;
}

const START = at('2026-11-17');
const NOW = at('2026-11-21T12:00');
const REFERENCE = 'reference';
const KEYS = ['a', 'b', 'c'];

let world: RotatingWorld;
let client: RotatingClient<Event>;

/** Any time, and often a time around midnight, where mistakes are likely. */
const instant = fc.oneof(
  fc.integer({ min: START, max: NOW - 1 }),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -2, max: 2 }))
    .map(([day, ms]) => START + day * DAY + ms),
);
const event = fc.record({
  Key: fc.constantFrom(...KEYS),
  Timestamp: instant,
  Kind: fc.constantFrom('x', 'y'),
});

beforeAll(async () => {
  world = await openWorld({ start: START, keep: 7 });
  await world.run('rotate');
  await world.live(NOW, DAY);
  client = createRotatingClient({ ...clientOptions(world), indexes: { ByKind: ['Kind', 'Timestamp'] } });
  await world.documents.send(
    new CreateTableCommand({ ...EVENTS, TableName: REFERENCE, BillingMode: 'PAY_PER_REQUEST' } as never),
  );
  await new Promise((made) => setTimeout(made, 50));
  const drawn = fc.sample(event, { numRuns: 400, seed: 20261121 });
  const events = [...new Map(drawn.map((each) => [`${each.Key} ${each.Timestamp}`, each])).values()];
  await client.batchWrite(events.map((put) => ({ put })));
  for (let i = 0; i < events.length; i += 25) {
    const writes = events.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }));
    await world.documents.send(new BatchWriteCommand({ RequestItems: { [REFERENCE]: writes } }));
  }
});

afterAll(() => world.close());

/** The result of the same query on one big table. */
async function reference(key: string, from: number, to: number, newestFirst = false): Promise<Event[]> {
  const { Items = [] } = await world.documents.send(
    new QueryCommand({
      TableName: REFERENCE,
      KeyConditionExpression: '#k = :k AND #t BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#k': 'Key', '#t': 'Timestamp' },
      ExpressionAttributeValues: { ':k': key, ':from': from, ':to': to - 1 },
      ScanIndexForward: !newestFirst,
    }),
  );
  return Items as Event[];
}

const ofKey = (key: string): QueryInput => ({
  KeyConditionExpression: '#k = :k',
  ExpressionAttributeNames: { '#k': 'Key' },
  ExpressionAttributeValues: { ':k': key },
});
const inAnyOrder = (events: readonly Event[]) =>
  events.map(({ Key, Timestamp }) => `${Key} ${Timestamp}`).toSorted();

const query = fc.record({
  key: fc.constantFrom(...KEYS),
  bounds: fc.tuple(instant, instant),
  pageSize: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  concurrency: fc.integer({ min: 1, max: 4 }),
});
const sorted = ([a, b]: readonly [number, number]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 });
const runs = { numRuns: 60 };

describe('a range over many tables', () => {
  it('equals one big table in order, in either direction', async () => {
    const order = fc.constantFrom('oldest-first' as const, 'newest-first' as const);
    await fc.assert(
      fc.asyncProperty(query, order, async ({ key, bounds, ...how }, order) => {
        const range = sorted(bounds);
        const found = await collect(client.query({ ...ofKey(key), ...range, ...how, order }));
        expect(found).toEqual(await reference(key, range.from, range.to, order === 'newest-first'));
      }),
      runs,
    );
  });

  it('has the same items unordered, each once', async () => {
    await fc.assert(
      fc.asyncProperty(query, async ({ key, bounds, ...how }) => {
        const range = sorted(bounds);
        const found = await collect(client.query({ ...ofKey(key), ...range, ...how, order: 'unordered' }));
        expect(inAnyOrder(found)).toEqual(inAnyOrder(await reference(key, range.from, range.to)));
      }),
      runs,
    );
  });

  it('has the items of all keys if it is scanned', async () => {
    await fc.assert(
      fc.asyncProperty(query, async ({ bounds, ...how }) => {
        const { key: _, ...input } = { ...how, ...sorted(bounds) };
        const found = await collect(client.scan({ ...input, order: 'unordered' }));
        const all = await Promise.all(KEYS.map((key) => reference(key, input.from, input.to)));
        expect(inAnyOrder(found)).toEqual(inAnyOrder(all.flat()));
      }),
      { numRuns: 30 },
    );
  });

  it('is the same in any number of parts', async () => {
    const order = fc.constantFrom('oldest-first' as const, 'newest-first' as const, 'unordered' as const);
    const takes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(query, order, takes, async ({ key, bounds, ...how }, order, sizes) => {
        const range = sorted(bounds);
        const found: Event[] = [];
        let cursor: string | undefined;
        for (let i = 0; i === 0 || cursor !== undefined; i += 1) {
          const input = { ...ofKey(key), ...range, ...how, order, ...(cursor && { cursor }) };
          const part = await client.query(input).take(sizes[i % sizes.length]!);
          found.push(...part.items);
          cursor = part.cursor;
        }
        const expected = await reference(key, range.from, range.to, order === 'newest-first');
        if (order === 'unordered') expect(inAnyOrder(found)).toEqual(inAnyOrder(expected));
        else expect(found).toEqual(expected);
      }),
      runs,
    );
  });
});
