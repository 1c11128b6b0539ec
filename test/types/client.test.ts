/** What compiles and what does not of the rotating client; nothing here is sent anywhere. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Attributes,
  createRotatingClient,
  type Reading,
  type RotatingClient,
  RotatingError,
  type RotatingErrorCode,
} from '../../src/client/index.ts';
import { createResolver, ResolverError } from '../../src/index.ts';

interface Event {
  Key: string;
  Timestamp: number;
}

const options = {
  documents: DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' })),
  resolver: createResolver({
    environment: 'production',
    tables: [{ TableName: 'Events', RotationScheme: 'daily' }],
  }),
  key: ['Key', 'Timestamp'],
  timestamp: { attribute: 'Timestamp', unit: 'milliseconds' },
} as const;

test('a client has the type of its items, and groups are checked', () => {
  const client: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events' });
  expectTypeOf(client.get).returns.resolves.toEqualTypeOf<Event | undefined>();
  expectTypeOf(client.query).returns.toEqualTypeOf<Reading<Event>>();
  expectTypeOf(client.put).parameter(0).toEqualTypeOf<Event>();
  expectTypeOf(createRotatingClient({ ...options, group: 'Events' })).toEqualTypeOf<
    RotatingClient<Attributes>
  >();
  // @ts-expect-error there is no such group
  expect(() => createRotatingClient({ ...options, group: 'Evnts' })).toThrow(ResolverError);
});

test('keys are made of the items’ attributes, and what a batch left may be written again', () => {
  const client: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events' });
  expectTypeOf(client.get).parameter(0).toEqualTypeOf<Readonly<Partial<Event>>>();
  // @ts-expect-error no item has such an attribute
  const typo = () => client.get({ Key: 'a', Timestmap: 1 });
  // @ts-expect-error nor is a timestamp a string there
  const text = () => client.batchWrite([{ delete: { Key: 'a', Timestamp: '1' } }]);
  const again = (error: unknown) =>
    error instanceof RotatingError ? client.batchWrite(error.unprocessed) : undefined;
  expectTypeOf(again).returns.toEqualTypeOf<Promise<number> | undefined>();
  expect([typo, text]).toHaveLength(2);
});

test('groups are checked where their name is given beside the type of items', () => {
  const wrong = { ...options, group: 'Evnts' } as const;
  // @ts-expect-error there is no such group
  expect(() => createRotatingClient<Event, 'Evnts'>(wrong)).toThrow(ResolverError);
  const client = createRotatingClient<Event, 'Events'>({ ...options, group: 'Events' });
  expectTypeOf(client).toEqualTypeOf<RotatingClient<Event>>();
  // @ts-expect-error with the type of items alone no name is inferred: nothing compiles rather than anything
  createRotatingClient<Event>({ ...options, group: 'Events' });
  // @ts-expect-error nor does a wrong one
  expect(() => createRotatingClient<Event>({ ...options, group: 'Evnts' })).toThrow(ResolverError);
  // @ts-expect-error nor where the client's type is declared
  const declared = (): RotatingClient<Event> => createRotatingClient({ ...options, group: 'Evnts' });
  expect(declared).toThrow(ResolverError);
  // Of an imported JSON file no names are known.
  const resolver = createResolver({
    environment: 'production',
    tables: [{ TableName: 'Events' as string, RotationScheme: 'daily' }],
  });
  expectTypeOf(createRotatingClient<Event>({ ...options, resolver, group: 'Events' })).toEqualTypeOf<
    RotatingClient<Event>
  >();
});

test('what answers no items can not be selected', () => {
  const client = createRotatingClient({ ...options, group: 'Events' });
  // @ts-expect-error a count has no items
  expect(() => client.query({ Select: 'COUNT' })).toThrow('COUNT');
  // @ts-expect-error a count has no items
  expect(() => client.scan({ Select: 'COUNT' })).toThrow('COUNT');
  client.scan({ Select: 'ALL_ATTRIBUTES' });
});

test('what is optional may be undefined under exactOptionalPropertyTypes', () => {
  const tsc = fileURLToPath(import.meta.resolve('typescript/lib/tsc.js'));
  const project = fileURLToPath(new URL('exact', import.meta.url));
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  // The sources themselves are not written for that flag, and nobody compiles them with it.
  const lines = stdout.split('\n');
  expect(lines.filter((line) => line.includes('optional.ts') || line.startsWith('error'))).toEqual([]);
});

test('timestamp and key are attributes that items have', () => {
  const { key, timestamp } = options;
  const typo = { attribute: 'Timestmap', unit: 'milliseconds' } as const;
  // @ts-expect-error no item has such an attribute
  const wrong: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events', timestamp: typo });
  const wrongKey = ['Kye', 'Timestamp'] as const;
  // @ts-expect-error nor such a key
  createRotatingClient<Event, 'Events'>({ ...options, group: 'Events', key: wrongKey });
  expectTypeOf(createRotatingClient<Event, 'Events'>).toBeCallableWith({
    ...options,
    ...{ group: 'Events', key, timestamp },
  });
  // Where the type of items is not given, any name will do.
  expectTypeOf(createRotatingClient({ ...options, group: 'Events', timestamp: typo })).toEqualTypeOf<
    RotatingClient<Attributes>
  >();
  expect(wrong).toBeDefined();
});

test('the unit of timestamps has to be said', () => {
  const timestamp = { attribute: 'Timestamp' };
  // @ts-expect-error milliseconds, seconds or iso
  expect(() => createRotatingClient({ ...options, group: 'Events', timestamp })).toThrow('unit');
});

test('what the client decides by itself can not be given', () => {
  const client = createRotatingClient({ ...options, group: 'Events' });
  // @ts-expect-error the table follows from the range
  expect(() => client.query({ TableName: 'production.Events.20261121' })).toThrow('takes no TableName');
  // @ts-expect-error pages are asked for by pageSize
  expect(() => client.scan({ Limit: 10 })).toThrow('Give `pageSize`');
  // @ts-expect-error there is no such order
  expect(() => client.scan({ order: 'random' })).toThrow('There is no order "random"');
});

test('codes of errors are a closed list', () => {
  expectTypeOf<RotatingErrorCode>().toEqualTypeOf<
    | 'missing-table'
    | 'outside-retention'
    | 'no-timestamp'
    | 'invalid-timestamp'
    | 'invalid-options'
    | 'invalid-cursor'
    | 'no-cursor'
    | 'unprocessed'
  >();
});
