import { GetCommand, NumberValue } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type BatchWrite,
  createRotatingClient,
  type RotatingClient,
  RotatingError,
} from '../../src/client/index.ts';
import { ResolverError } from '../../src/index.ts';
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
  world = await openWorld({ start: NOON, keep: 3 });
  await world.run('rotate');
});

afterEach(() => world.close());

const clientOf = (): RotatingClient<Event> => createRotatingClient(clientOptions(world));

const stored = async (suffix: string, Key: string, Timestamp: number) =>
  (
    await world.documents.send(
      new GetCommand({ TableName: `production.Events.${suffix}`, Key: { Key, Timestamp } }),
    )
  ).Item;

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was thrown',
    (error: unknown) =>
      error instanceof RotatingError || error instanceof ResolverError ? error.code : String(error),
  );

describe('an item', () => {
  it('is written to and read from the table of its timestamp', async () => {
    const client = clientOf();
    const today = { Key: 'a', Timestamp: NOON, Text: 'today' };
    const tomorrow = { Key: 'a', Timestamp: at('2026-11-22'), Text: 'tomorrow' };
    await client.put(today);
    await client.put(tomorrow);
    expect(await stored('20261121', 'a', NOON)).toEqual(today);
    expect(await stored('20261122', 'a', tomorrow.Timestamp)).toEqual(tomorrow);
    expect(await client.get({ Key: 'a', Timestamp: NOON })).toEqual(today);
    expect(await client.get({ Key: 'b', Timestamp: NOON })).toBeUndefined();
  });

  it('is updated and deleted in its table', async () => {
    const client = clientOf();
    const key = { Key: 'a', Timestamp: NOON };
    await client.put(key);
    const { Attributes } = await client.update(key, {
      UpdateExpression: 'SET #t = :t',
      ExpressionAttributeNames: { '#t': 'Text' },
      ExpressionAttributeValues: { ':t': 'new' },
      ReturnValues: 'ALL_NEW',
    });
    expect(Attributes).toEqual({ ...key, Text: 'new' });
    await client.delete(key);
    expect(await client.get(key)).toBeUndefined();
  });

  it('fails a condition with the error of the SDK', async () => {
    const client = clientOf();
    const once = {
      ConditionExpression: 'attribute_not_exists(#k)',
      ExpressionAttributeNames: { '#k': 'Key' },
    };
    await client.put({ Key: 'a', Timestamp: NOON }, once);
    await expect(client.put({ Key: 'a', Timestamp: NOON }, once)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
  });

  it.each<[string, unknown, string]>([
    ['no timestamp', { Key: 'a' }, 'no-timestamp'],
    ['the value null', null, 'invalid-options'],
    ['the value undefined', undefined, 'invalid-options'],
    ['a timestamp of null', { Key: 'a', Timestamp: null }, 'invalid-timestamp'],
    ['a timestamp in words', { Key: 'a', Timestamp: 'yesterday' }, 'invalid-timestamp'],
    ['a timestamp in seconds', { Key: 'a', Timestamp: NOON / 1000 }, 'seconds'],
    ['a timestamp of next week', { Key: 'a', Timestamp: NOON + 7 * DAY }, 'outside-retention'],
    ['a timestamp of last month', { Key: 'a', Timestamp: NOON - 30 * DAY }, 'outside-retention'],
  ])('with %s is rejected', async (_, item, code) => {
    expect(await codeOf(clientOf().put(item as Event))).toBe(code);
  });
});

it('offers `at` only to calls that accept it', async () => {
  const item = { Key: 'a' } as Event;
  const alone = 'Cannot choose a table: the item has no "Timestamp".';
  const either = 'Cannot choose a table: set "Timestamp" or `at`.';
  await expect(clientOf().put(item)).rejects.toThrow(alone);
  await expect(clientOf().delete(item)).rejects.toThrow(either);
  await expect(clientOf().update(item, { UpdateExpression: 'REMOVE #x' })).rejects.toThrow(either);
  await expect(clientOf().batchWrite([{ put: item }])).rejects.toThrow(alone);
  await expect(clientOf().batchWrite([{ delete: item }])).rejects.toThrow(either);
  // @ts-expect-error: the timestamp of the item decides
  const dated: BatchWrite<Event> = { put: { Key: 'a', Timestamp: NOON }, at: NOON - DAY };
  await expect(clientOf().batchWrite([dated])).rejects.toMatchObject({
    code: 'invalid-options',
    message:
      'Request 1 of the batch is invalid. A put does not accept `at`. The timestamp of its item decides which table is used.',
  });
});

it('accepts any type of number as a timestamp', async () => {
  const client = createRotatingClient(clientOptions(world));
  await client.put({ Key: 'wrapped', Timestamp: NumberValue.from(String(NOON)) });
  await client.put({ Key: 'big', Timestamp: BigInt(NOON) });
  expect(await client.get({ Key: 'wrapped', Timestamp: NOON })).toBeDefined();
  expect(await client.get({ Key: 'big', Timestamp: NumberValue.from(String(NOON)) })).toBeDefined();
  expect(await codeOf(client.get(null as never))).toBe('invalid-options');
  expect(await codeOf(client.delete(undefined as never))).toBe('invalid-options');
});

describe('a late item', () => {
  it('is written to the table of its timestamp after midnight', async () => {
    world.now = at('2026-11-22T00:00:30');
    await clientOf().put({ Key: 'late', Timestamp: at('2026-11-21T23:59:59') });
    expect(await stored('20261121', 'late', at('2026-11-21T23:59:59'))).toBeDefined();
  });

  it('is written after retention until its table is purged, and then rejected', async () => {
    const client = clientOf();
    const late = { Key: 'late', Timestamp: NOON };
    // The retention is in force before any table is older.
    await world.run('purge');
    world.now = at('2026-11-24T00:30');
    await world.run('rotate');
    expect(() => world.resolver.tableFor('Events', NOON)).toThrow(ResolverError);
    await client.put(late);
    expect(await client.get(late)).toEqual(late);
    // Purge does not delete a table that was read or written the day before.
    await world.live(at('2026-11-26T18:30'));
    expect(await world.tables()).not.toContain('20261121');
    const failure = client.put(late);
    await expect(failure).rejects.toThrow(
      'Cannot write an item of "Events": its table production.Events.20261121 is purged. Drop the item.',
    );
    expect(await codeOf(client.update(late, { UpdateExpression: 'REMOVE #x' }))).toBe('outside-retention');
    expect(await client.get(late)).toBeUndefined();
    expect(await client.delete(late)).toBeUndefined();
  });
});

it('finds an item after its retention by its key, but not in a range', async () => {
  const client = clientOf();
  for (const day of ['22', '23', '24']) {
    world.now = at(`2026-11-${day}T00:30`);
    await world.run('rotate');
  }
  const late = { Key: 'late', Timestamp: NOON };
  await client.put(late);
  expect(await client.get(late)).toEqual(late);
  expect(await collect(client.scan())).toEqual([]);
  expect(await collect(client.scan({ from: NOON - HOUR }))).toEqual([]);
});

describe('a key without a timestamp', () => {
  const properties = {
    AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' as const }],
    GlobalSecondaryIndexes: undefined,
  };

  beforeEach(async () => {
    await world.close();
    world = await openWorld({ start: NOON - 3 * DAY, keep: 3, properties });
    await world.run('rotate');
    await world.live(NOON);
  });

  const plain = () =>
    createRotatingClient({
      documents: world.documents,
      resolver: world.resolver,
      group: 'Events',
      key: ['Key'],
      timestamp: { attribute: 'When', unit: 'iso' },
    });
  const daysAgo = (days: number) => new Date(NOON - days * DAY).toISOString();

  it('is searched from the newest table back until it is found', async () => {
    const client = plain();
    await client.put({ Key: 'a', When: daysAgo(2), Text: 'old' });
    await client.put({ Key: 'a', When: daysAgo(1), Text: 'newer' });
    world.aws.resetCalls();
    expect(await client.get({ Key: 'a' })).toMatchObject({ Text: 'newer' });
    expect(world.aws.calls.get('GetItem')).toBe(2);
    expect(await client.get({ Key: 'a' }, { at: daysAgo(2) })).toMatchObject({ Text: 'old' });
    expect(world.aws.calls.get('GetItem')).toBe(3);
    expect(await client.get({ Key: 'unknown' })).toBeUndefined();
    expect(world.aws.calls.get('GetItem')).toBe(6);
    expect(await client.get({ Key: 'a' }, { from: daysAgo(0) })).toBeUndefined();
  });

  it('finds an item that a fast clock wrote to the next table', async () => {
    world.now = at('2026-11-21T23:58');
    await plain().put({ Key: 'a', When: '2026-11-22T00:01:00.000Z' });
    expect(await plain().get({ Key: 'a' })).toBeDefined();
  });

  it('can have the timestamp as another attribute, or be the whole item', async () => {
    const client = plain();
    const item = { Key: 'a', When: daysAgo(2), Text: 'old' };
    await client.put(item);
    expect(await client.get(item)).toEqual(item);
    await client.update(
      { Key: 'a', When: daysAgo(2) },
      {
        UpdateExpression: 'SET #text = :new',
        ExpressionAttributeNames: { '#text': 'Text' },
        ExpressionAttributeValues: { ':new': 'new' },
      },
    );
    expect(await client.get({ Key: 'a' })).toEqual({ ...item, Text: 'new' });
    await client.delete(item);
    await client.put(item);
    await client.batchWrite([{ delete: item }]);
    expect(await client.get({ Key: 'a' })).toBeUndefined();
  });

  it('can be updated and deleted only with a timestamp', async () => {
    const client = plain();
    await client.put({ Key: 'a', When: daysAgo(1) });
    expect(await codeOf(client.delete({ Key: 'a' }))).toBe('no-timestamp');
    await client.delete({ Key: 'a' }, { at: daysAgo(1) });
    expect(await client.get({ Key: 'a' })).toBeUndefined();
  });
});

describe('a missing table', () => {
  const drop = (suffix: string) => world.drop(`production.Events.${suffix}`);

  it('is an error that names what can be wrong and the command to run', async () => {
    await drop('20261121');
    const failure = clientOf().put({ Key: 'a', Timestamp: NOON });
    await expect(failure).rejects.toMatchObject({
      code: 'missing-table',
      table: 'production.Events.20261121',
      message: expect.stringMatching(/Check the environment, the account and the region\..*turntable rotate/),
      cause: { name: 'ResourceNotFoundException' },
    });
    expect(await codeOf(clientOf().get({ Key: 'a', Timestamp: NOON }))).toBe('missing-table');
  });

  it('is an error in the past too, unless the group had not started', async () => {
    const yesterday = { Key: 'a', Timestamp: NOON - DAY };
    expect(await clientOf().get(yesterday)).toBeUndefined();
    await world.live(NOON + DAY);
    await drop('20261122');
    expect(await clientOf().get({ Key: 'a', Timestamp: NOON })).toBeUndefined();
    world.now += HOUR;
    expect(await codeOf(clientOf().get({ Key: 'a', Timestamp: NOON + DAY }))).toBe('missing-table');
    world.now += DAY;
    await world.run('rotate');
    const past = { Key: 'a', Timestamp: NOON + DAY };
    for (const call of [() => clientOf().get(past), () => clientOf().put(past)])
      await expect(call()).rejects.toMatchObject({
        code: 'missing-table',
        message:
          'The table production.Events.20261122 is missing, and its period has ended. Rotate creates past tables only if the spec has a `Backfill`. If the table was deleted, `turntable restore` can restore its backup.',
      });
  });
});

describe('the abort signal', () => {
  it('rejects a running call with its own reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const request = clientOf().put({ Key: 'a', Timestamp: NOON }, { signal: controller.signal });
    controller.abort(reason);
    await expect(request).rejects.toBe(reason);
    await expect(clientOf().get({ Key: 'a', Timestamp: NOON }, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});
