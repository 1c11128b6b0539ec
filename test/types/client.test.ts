/** Which code compiles with the rotating client, and which does not. Nothing is sent. */
import { join } from 'node:path';
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
import { typeErrors } from '../support/tsc.ts';

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

test('types a client by its items, and checks its group', () => {
  const client: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events' });
  expectTypeOf(client.get<undefined>).returns.resolves.toEqualTypeOf<Event | undefined>();
  expectTypeOf(client.query({})).toEqualTypeOf<Reading<Event>>();
  expectTypeOf(client.put).parameter(0).toEqualTypeOf<Event>();
  expectTypeOf(createRotatingClient({ ...options, group: 'Events' })).toExtend<RotatingClient<Attributes>>();
  // @ts-expect-error unknown group
  expect(() => createRotatingClient({ ...options, group: 'Evnts' })).toThrow(ResolverError);
});

test('types keys by the attributes of items, and accepts unprocessed requests again', () => {
  const client: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events' });
  expectTypeOf(client.get).parameter(0).toEqualTypeOf<Readonly<Partial<Event>>>();
  // @ts-expect-error unknown attribute
  const typo = () => client.get({ Key: 'a', Timestmap: 1 });
  // @ts-expect-error a timestamp that is a string
  const text = () => client.batchWrite([{ delete: { Key: 'a', Timestamp: '1' } }]);
  const again = (error: unknown) =>
    error instanceof RotatingError ? client.batchWrite(error.unprocessed) : undefined;
  expectTypeOf(again).returns.toEqualTypeOf<Promise<number> | undefined>();
  expect([typo, text]).toHaveLength(2);
});

test('checks the group if its name is a type argument', () => {
  const wrong = { ...options, group: 'Evnts' } as const;
  // @ts-expect-error unknown group
  expect(() => createRotatingClient<Event, 'Evnts'>(wrong)).toThrow(ResolverError);
  const client = createRotatingClient<Event, 'Events'>({ ...options, group: 'Events' });
  expectTypeOf(client).toExtend<RotatingClient<Event>>();
  // @ts-expect-error unknown group with an annotated result
  const declared = (): RotatingClient<Event> => createRotatingClient({ ...options, group: 'Evnts' });
  expect(declared).toThrow(ResolverError);
  // With an imported JSON file, the names are unknown.
  const resolver = createResolver({
    environment: 'production',
    tables: [{ TableName: 'Events' as string, RotationScheme: 'daily' }],
  });
  expectTypeOf(createRotatingClient<Event>({ ...options, resolver, group: 'Events' })).toExtend<
    RotatingClient<Event>
  >();
});

test('rejects a Select that returns no items', () => {
  const client = createRotatingClient({ ...options, group: 'Events' });
  // @ts-expect-error COUNT returns no items
  expect(() => client.query({ Select: 'COUNT' })).toThrow('COUNT');
  // @ts-expect-error COUNT returns no items
  expect(() => client.scan({ Select: 'COUNT' })).toThrow('COUNT');
  client.scan({ Select: 'ALL_ATTRIBUTES' });
});

test('accepts undefined for optional properties under exactOptionalPropertyTypes', async () => {
  const project = join(import.meta.dirname, 'exact');
  // The sources themselves are not written for that flag, and applications do not compile them.
  const errors = await typeErrors(['-p', project], project);
  expect(errors.filter((line) => line.includes('optional.ts') || line.startsWith('error'))).toEqual([]);
});

test('accepts only attributes of items as timestamp and key', () => {
  const { key, timestamp } = options;
  const typo = { attribute: 'Timestmap', unit: 'milliseconds' } as const;
  // @ts-expect-error unknown attribute
  const wrong: RotatingClient<Event> = createRotatingClient({ ...options, group: 'Events', timestamp: typo });
  const wrongKey = ['Kye', 'Timestamp'] as const;
  // @ts-expect-error unknown key attribute
  createRotatingClient<Event, 'Events'>({ ...options, group: 'Events', key: wrongKey });
  expectTypeOf(createRotatingClient<Event, 'Events'>).toBeCallableWith({
    ...options,
    ...{ group: 'Events', key, timestamp },
  });
  // Without an item type, any name is accepted.
  expectTypeOf(createRotatingClient({ ...options, group: 'Events', timestamp: typo })).toExtend<
    RotatingClient<Attributes>
  >();
  expect(wrong).toBeDefined();
});

test('requires the unit of timestamps', () => {
  const timestamp = { attribute: 'Timestamp' };
  // @ts-expect-error milliseconds, seconds or iso
  expect(() => createRotatingClient({ ...options, group: 'Events', timestamp })).toThrow('unit');
});

test('rejects inputs that the client sets itself', () => {
  const client = createRotatingClient({ ...options, group: 'Events' });
  // @ts-expect-error the range decides the tables
  expect(() => client.query({ TableName: 'production.Events.20261121' })).toThrow(
    'does not accept TableName',
  );
  // @ts-expect-error pageSize replaces Limit
  expect(() => client.scan({ Limit: 10 })).toThrow('Use `pageSize`');
  // @ts-expect-error unknown order
  expect(() => client.scan({ order: 'random' })).toThrow('Invalid order: random.');
});

test('limits error codes to a closed list', () => {
  expectTypeOf<RotatingErrorCode>().toEqualTypeOf<
    | 'missing-table'
    | 'missing-index'
    | 'other-key'
    | 'outside-retention'
    | 'no-timestamp'
    | 'invalid-timestamp'
    | 'invalid-options'
    | 'invalid-cursor'
    | 'no-cursor'
    | 'rejected'
    | 'aborted'
    | 'unprocessed'
  >();
});
