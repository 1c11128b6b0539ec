/** How many tables take(count) reads in parallel. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRotatingClient, type QueryInput } from '../../src/client/index.ts';
import { clientOptions, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, HOUR } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const HOURS = 24;

let world: RotatingWorld;
/** The queries under way, the most of them at a time, and all of them. */
const seen = { underWay: 0, most: 0, queries: 0 };

/** Every hour has three items of `often`. The oldest and the newest hour have one of `rare`. */
beforeAll(async () => {
  world = await openWorld({ start: NOON, scheme: 'hourly', keep: HOURS, backfill: HOURS - 1 });
  await world.run('rotate');
  const hours = Array.from({ length: HOURS }, (_, i) => NOON - i * HOUR);
  const often = hours.flatMap((hour) => [0, 1, 2].map((ms) => ({ Key: 'often', Timestamp: hour + ms })));
  const rare = [hours[0]!, hours.at(-1)!].map((Timestamp) => ({ Key: 'rare', Timestamp }));
  await createRotatingClient(clientOptions(world)).batchWrite([...often, ...rare].map((put) => ({ put })));
  world.documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'QueryCommand') return next(args);
        seen.queries += 1;
        seen.underWay += 1;
        seen.most = Math.max(seen.most, seen.underWay);
        await sleep(20);
        return next(args).finally(() => {
          seen.underWay -= 1;
        });
      },
    { step: 'initialize' },
  );
});

afterAll(() => world.close());

async function take(key: string, count: number, how: Partial<QueryInput> = {}) {
  Object.assign(seen, { most: 0, queries: 0 });
  const client = createRotatingClient(clientOptions(world));
  const read = client.query({
    KeyConditionExpression: '#k = :k',
    ExpressionAttributeNames: { '#k': 'Key' },
    ExpressionAttributeValues: { ':k': key },
    ...how,
  });
  const { items, cursor } = await read.take(count);
  while (seen.underWay > 0) await sleep(5);
  return { times: items.map(({ Timestamp }) => Timestamp as number), cursor };
}

describe('take(count) in order', () => {
  it.each([2, 4, 8])(
    'reads %i tables in parallel if concurrency says so, and keeps the order',
    async (concurrency) => {
      const { times, cursor } = await take('often', 20, { concurrency });
      expect(times).toHaveLength(20);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBe(NOON - (HOURS - 1) * HOUR);
      expect(seen.most).toBe(concurrency);
      const rest = await take('often', Infinity, { concurrency, cursor });
      expect([...times, ...rest.times]).toHaveLength(3 * HOURS);
      expect(rest.times[0]).toBeGreaterThan(times.at(-1)!);
    },
  );

  it('reads one table at a time with a concurrency of 1', async () => {
    const { times } = await take('rare', 5, { concurrency: 1 });
    expect(times).toEqual([NOON - (HOURS - 1) * HOUR, NOON]);
    expect(seen.most).toBe(1);
  });

  it.each(['oldest-first', 'newest-first'] as const)(
    'reads more tables in parallel by default if they have few items, %s',
    async (order) => {
      const { times } = await take('rare', 2, { order });
      const expected = [NOON - (HOURS - 1) * HOUR, NOON];
      expect(times).toEqual(order === 'oldest-first' ? expected : expected.toReversed());
      expect(seen.most).toBe(8);
    },
  );

  it.each([
    ['the first table has enough items', 3, 'oldest-first', 1],
    ['only the upcoming table before them is empty', 3, 'newest-first', 2],
    ['the next table has enough items', 6, 'oldest-first', 2],
  ] as const)('sends no extra request if %s', async (_, count, order, queries) => {
    expect((await take('often', count, { order })).times).toHaveLength(count);
    expect(seen.queries).toBe(queries);
  });

  it('sends at most as many extra requests as it needs', async () => {
    expect((await take('often', 21)).times).toHaveLength(21);
    expect(seen.queries).toBe(7);
  });
});
