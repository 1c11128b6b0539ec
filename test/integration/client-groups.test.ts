/** Groups of every kind: without a retention limit, new, hourly, with a single table. Timestamps in every unit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createRotatingClient, type Unit } from '../../src/client/index.ts';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import { createResolver } from '../../src/index.ts';
import { collect, openWorld, type RotatingWorld } from '../support/rotating.ts';
import { at, DAY, HOUR } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');

let world: RotatingWorld;

afterEach(() => world.close());

const keyed = (type: 'N' | 'S') => ({
  AttributeDefinitions: [
    { AttributeName: 'Key', AttributeType: 'S' as const },
    { AttributeName: 'At', AttributeType: type },
  ],
  KeySchema: [
    { AttributeName: 'Key', KeyType: 'HASH' as const },
    { AttributeName: 'At', KeyType: 'RANGE' as const },
  ],
  GlobalSecondaryIndexes: undefined,
});

interface Setting {
  readonly scheme?: RotationScheme;
  readonly keep?: number;
  readonly unit?: Unit;
  /** How long the group has existed. */
  readonly ageMs?: number;
}

async function open({ scheme = 'daily', keep = 7, unit = 'milliseconds', ageMs = 2 * DAY }: Setting) {
  const properties = keyed(unit === 'iso' ? 'S' : 'N');
  world = await openWorld({ start: NOON - ageMs, scheme, keep, properties });
  await world.run('rotate');
  await world.live(NOON, scheme === 'hourly' ? HOUR : DAY);
  world.aws.resetCalls();
  return createRotatingClient({
    documents: world.documents,
    resolver: world.resolver,
    group: 'Events',
    key: ['Key', 'At'],
    timestamp: { attribute: 'At', unit },
  });
}

const ofA = { KeyConditionExpression: '#k = :k', ExpressionAttributeNames: { '#k': 'Key' } };
const query = { ...ofA, ExpressionAttributeValues: { ':k': 'a' } };
const calls = () => Object.fromEntries(world.aws.calls);

describe('a group whose scheme changed', () => {
  it('is read across the change, each item from its own table, in order and by a cursor', async () => {
    const until = at('2026-11-23');
    const previously = [{ scheme: 'daily' as const, keep: 7, until }];
    const start = at('2026-11-20T12:00');
    world = await openWorld({ start, scheme: 'weekly', keep: 4, previously, properties: keyed('N') });
    await world.run('rotate');
    const client = createRotatingClient({
      documents: world.documents,
      resolver: world.resolver,
      group: 'Events',
      key: ['Key', 'At'],
      timestamp: { attribute: 'At', unit: 'milliseconds' },
    });
    const days = ['20', '21', '22', '23', '24', '25'].map((day) => at(`2026-11-${day}T13:00`));
    for (const day of days) {
      await world.live(day, DAY);
      await client.put({ Key: 'a', At: day });
    }
    expect(await world.tables()).toEqual(['20261120', '20261121', '20261122', '20261123', '20261130']);
    const read = async (order: 'oldest-first' | 'newest-first') =>
      (await collect(client.query({ ...query, order }))).map(({ At }) => At);
    expect(await read('oldest-first')).toEqual(days);
    expect(await read('newest-first')).toEqual(days.toReversed());
    let cursor: string | undefined;
    for await (const page of client.query({ ...query, pageSize: 1 }).pages()) {
      ({ cursor } = page);
      break;
    }
    const rest = await collect(client.query({ ...query, cursor: cursor! }));
    expect(rest.map(({ At }) => At)).toEqual(days.slice(1));
    expect((await client.get({ Key: 'a', At: days[4]! }))?.At).toBe(days[4]);
  });
});

describe('a group that retains all tables', () => {
  it('is read from its start, which one call finds', async () => {
    const client = await open({ keep: Infinity });
    for (const days of [2, 1, 0]) await client.put({ Key: 'a', At: NOON - days * DAY });
    world.aws.resetCalls();
    expect((await collect(client.query(query))).map(({ At }) => At)).toEqual([
      NOON - 2 * DAY,
      NOON - DAY,
      NOON,
    ]);
    expect(calls()).toEqual({ ListTables: 1, Query: 4 });
    const newest = await client.query({ ...query, order: 'newest-first' }).take(1);
    expect(newest.items).toEqual([{ Key: 'a', At: NOON }]);
  });

  it('is not queried for times before its start', async () => {
    const client = await open({ keep: Infinity });
    expect(await collect(client.query({ ...query, from: '2020-01-01', order: 'newest-first' }))).toEqual([]);
    // Four existing tables, the first missing one, and ListTables for the start of the group.
    expect(calls()).toEqual({ Query: 5, ListTables: 1 });
    expect(await client.get({ Key: 'a', At: at('2020-01-01') })).toBeUndefined();
  });

  it('is searched back to its start', async () => {
    const properties = {
      AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
      GlobalSecondaryIndexes: undefined,
    };
    world = await openWorld({ start: NOON - 2 * DAY, keep: Infinity, properties });
    await world.run('rotate');
    await world.live(NOON, DAY);
    const client = createRotatingClient({
      documents: world.documents,
      resolver: world.resolver,
      group: 'Events',
      key: ['Key'],
      timestamp: { attribute: 'At', unit: 'milliseconds' },
    });
    await client.put({ Key: 'oldest', At: NOON - 2 * DAY });
    world.aws.resetCalls();
    expect(await client.get({ Key: 'oldest' })).toBeDefined();
    expect(calls()).toEqual({ GetItem: 3 });
    expect(await client.get({ Key: 'unknown' })).toBeUndefined();
    expect(calls()).toEqual({ GetItem: 3 + 4, ListTables: 1 });
  });
});

describe('a new group', () => {
  it('has no items from before its start', async () => {
    const client = await open({ keep: 30 });
    await client.put({ Key: 'a', At: NOON });
    world.aws.resetCalls();
    expect(await collect(client.query({ ...query, order: 'newest-first' }))).toHaveLength(1);
    expect(calls()).toEqual({ Query: 5, ListTables: 1 });
  });

  it('reads like one that lost its oldest table, but not like one that lost a later table', async () => {
    const client = await open({});
    const drop = (day: string) => world.drop(`production.Events.202611${day}`);
    await drop('19');
    await sleep(30);
    expect(await collect(client.query(query))).toEqual([]);
    await world.live(NOON + DAY, DAY);
    await drop('21');
    await sleep(30);
    await expect(collect(client.query(query))).rejects.toMatchObject({ code: 'missing-table' });
  });

  it('fails without the permission for ListTables', async () => {
    const client = await open({ keep: 30 });
    world.aws.intercept = (operation) =>
      operation === 'ListTables' ? { type: 'AccessDeniedException', message: 'not authorized' } : undefined;
    await expect(collect(client.query(query))).rejects.toMatchObject({
      code: 'missing-table',
      message: expect.stringContaining('dynamodb:ListTables'),
      cause: { name: 'AccessDeniedException' },
    });
    expect(await collect(client.query({ ...query, from: NOON - 2 * DAY }))).toEqual([]);
  });
});

describe('a group without tables', () => {
  it.each([7, -1])('is an error with a PurgeRotation of %d', async (PurgeRotation) => {
    await open({});
    const client = createRotatingClient({
      documents: world.documents,
      resolver: createResolver({
        environment: 'staging',
        tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation }],
        now: () => NOON,
      }),
      group: 'Events',
      key: ['Key', 'At'],
      timestamp: { attribute: 'At', unit: 'milliseconds' },
    });
    for (const read of [
      () => collect(client.scan()),
      () => collect(client.query({ ...query, from: NOON - 2 * DAY, to: NOON - DAY })),
      () => client.get({ Key: 'a', At: NOON - DAY }),
      () => client.delete({ Key: 'a', At: NOON - DAY }),
    ])
      await expect(read()).rejects.toMatchObject({
        code: 'missing-table',
        message: expect.stringMatching(/environment "staging".*`turntable rotate`/),
      });
  });
});

it('reports any other failure of ListTables', async () => {
  const client = await open({ keep: 30 });
  const failure = { type: 'ThrottlingException', message: 'slow down', status: 400 };
  world.aws.intercept = (operation) => (operation === 'ListTables' ? failure : undefined);
  await expect(collect(client.query(query))).rejects.toMatchObject({
    code: 'missing-table',
    message: expect.stringContaining('ListTables failed (ThrottlingException: slow down)'),
    cause: { name: 'ThrottlingException' },
  });
});

describe('a range', () => {
  const written: Readonly<Record<Unit, (ms: number) => number | string>> = {
    milliseconds: (ms) => ms,
    seconds: (ms) => ms / 1000,
    iso: (ms) => new Date(ms).toISOString(),
  };

  it.each(['milliseconds', 'seconds', 'iso'] as const)(
    'excludes its end with timestamps in %s',
    async (unit) => {
      const client = await open({ unit });
      const midnight = at('2026-11-21');
      const times = [-1000, -1, 0, 1, 999, 1000].map((ms) => midnight + ms);
      await client.batchWrite(times.map((ms) => ({ put: { Key: 'a', At: written[unit](ms) } })));
      for (const read of [
        client.query({ ...query, from: midnight - 1, to: midnight + 999 }),
        client.scan({ from: midnight - 1, to: midnight + 999 }),
      ])
        expect((await collect(read)).map(({ At }) => At)).toEqual(times.slice(1, 4).map(written[unit]));
    },
  );

  it('reads only its hours of an hourly group', async () => {
    const client = await open({ scheme: 'hourly', keep: 5, ageMs: 4 * HOUR });
    const times = [3.5, 2.5, 1.5, 0.5].map((hours) => NOON - hours * HOUR);
    await client.batchWrite(times.map((At) => ({ put: { Key: 'a', At } })));
    const found = await collect(client.query({ ...query, from: NOON - 3 * HOUR, to: NOON - HOUR }));
    expect(found.map(({ At }) => At)).toEqual(times.slice(1, 3));
    expect(world.aws.calls.get('Query')).toBe(2);
  });

  it('reads the only table of a group that does not rotate', async () => {
    const client = await open({ scheme: 'none', keep: Infinity });
    await client.batchWrite([1, 2, 3].map((day) => ({ put: { Key: 'a', At: NOON - day * DAY } })));
    expect(await collect(client.query(query))).toHaveLength(3);
    expect(await collect(client.query({ ...query, from: NOON - 2 * DAY }))).toHaveLength(2);
    expect(calls()).toMatchObject({ Query: 2 });
  });
});
