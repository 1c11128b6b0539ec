/** Ranges that start long before a group that retains all of its tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient } from '../../src/client/index.ts';
import type { Resolver } from '../../src/index.ts';
import { clientOptions, collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, HOUR } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const items = Array.from({ length: 6 }, (_, i) => ({ Key: 'a', Timestamp: NOON - (5 - i) * HOUR }));

let world: RotatingWorld;

beforeAll(async () => {
  world = await openWorld({ start: NOON, scheme: 'hourly', keep: Infinity, backfill: 5 });
  await world.run('rotate');
  await createRotatingClient(clientOptions(world)).batchWrite(items.map((put) => ({ put })));
});

afterAll(() => world.close());

/** A client, and the number of periods that its resolver has returned. */
function counting() {
  const found = { periods: 0 };
  const resolver: Resolver<'Events'> = {
    ...world.resolver,
    locate: (...args) => {
      found.periods += 1;
      return world.resolver.locate(...args);
    },
    periodsBetween: (...args) => {
      const periods = world.resolver.periodsBetween(...args);
      found.periods += periods.length;
      return periods;
    },
  };
  world.aws.resetCalls();
  return { client: createRotatingClient({ ...clientOptions(world), resolver }), found };
}

const ofA = {
  KeyConditionExpression: '#k = :k',
  ExpressionAttributeNames: { '#k': 'Key' },
  ExpressionAttributeValues: { ':k': 'a' },
};

describe.each([0, '1970-01-01', '0001-01-01', '1973-01-01T10:00'])('a range from %s', (from) => {
  it.each(['oldest-first', 'newest-first', 'unordered'] as const)(
    'returns all items, and finds only the tables that it reads, %s',
    async (order) => {
      const { client, found } = counting();
      const times = (await collect(client.query({ ...ofA, from, order }))).map((item) => item.Timestamp);
      const expected = items.map(({ Timestamp }) => Timestamp);
      expect(times.toSorted()).toEqual(expected);
      if (order !== 'unordered')
        expect(times).toEqual(order === 'oldest-first' ? expected : expected.toReversed());
      expect(world.aws.calls.get('ListTables')).toBe(1);
      expect(world.aws.calls.get('Query')).toBeLessThan(20);
      expect(found.periods).toBeLessThan(100);
    },
  );
});

describe.each([0, '0001-01-01'])('a read in parts from %s', (from) => {
  it.each(['oldest-first', 'newest-first', 'unordered'] as const)(
    'continues from a cursor, %s',
    async (order) => {
      const { client, found } = counting();
      const times: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await client.query({ ...ofA, from, order, cursor }).take(2);
        times.push(...page.items.map((item) => item.Timestamp));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(times.toSorted()).toEqual(items.map(({ Timestamp }) => Timestamp));
      expect(found.periods).toBeLessThan(300);
    },
  );
});
