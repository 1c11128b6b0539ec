/** What compiles if a client knows the keys of its group, and what does not. Nothing is sent. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Attributes,
  createRotatingClient,
  type QueryInput,
  type Reading,
  type RotatingClient,
  RotatingError,
} from '../../src/client/index.ts';
import { createResolver, ResolverError } from '../../src/index.ts';

interface Visit {
  Visitor: string;
  At: number;
  Page: string;
  Referrer?: string;
  Seconds: number;
}

/** As `turntable generate` writes it. */
const keys = {
  Visits: {
    key: ['Visitor', 'At'],
    indexes: { ByPage: ['Page', 'At'], ByReferrer: ['Referrer', 'At'], Recent: ['Page', 'At'] },
    projections: { ByReferrer: ['Page'], Recent: [] },
  },
  Users: { key: ['Id'] },
} as const;

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const resolver = createResolver({
  environment: 'production',
  tables: [
    { TableName: 'Visits', RotationScheme: 'daily' },
    { TableName: 'Users', RotationScheme: 'none' },
  ],
});
const timestamp = { attribute: 'At', unit: 'milliseconds' } as const;
const options = { documents, resolver, group: 'Visits', timestamp, ...keys.Visits } as const;

const visits: RotatingClient<Visit, typeof keys.Visits> = createRotatingClient(options);

test('requires the whole key', () => {
  const incomplete = [
    // @ts-expect-error without its hash key
    () => visits.get({ At: 1 }),
    // @ts-expect-error without its sort key
    () => visits.get({ Visitor: 'ada' }),
    // @ts-expect-error without its hash key
    () => visits.update({ At: 1 }, {}),
    // @ts-expect-error without its sort key
    () => visits.delete({ Visitor: 'ada' }),
    // @ts-expect-error without its hash key
    () => visits.batchWrite([{ delete: { At: 1 } }]),
    // @ts-expect-error a misspelt attribute
    () => visits.get({ Visitor: 'ada', At: 1, Pgae: '/' }),
  ];
  const complete = [
    () => visits.get({ Visitor: 'ada', At: 1 }),
    (visit: Visit) => visits.delete(visit),
    () => visits.batchWrite([{ delete: { Visitor: 'ada', At: 1 } }]),
    (error: unknown) => error instanceof RotatingError && visits.batchWrite(error.unprocessed),
  ];
  expect(incomplete.length + complete.length).toBe(10);
});

test('accepts a key without the timestamp, if the timestamp is not part of it', () => {
  const client = createRotatingClient<Attributes, 'Users', readonly ['Id']>({
    ...{ documents, resolver, group: 'Users', timestamp, ...keys.Users },
  });
  const calls = [
    () => client.get({ Id: 'a' }),
    () => client.get({ Id: 'a', At: 1 }),
    // @ts-expect-error without its key
    () => client.get({ At: 1 }),
  ];
  expect(calls).toHaveLength(3);
});

test('knows the names of the indexes', () => {
  visits.query({ IndexName: 'ByPage' });
  // @ts-expect-error an unknown index
  expect(() => visits.query({ IndexName: 'ByPgae' })).toThrow(RotatingError);
  // @ts-expect-error an unknown index
  expect(() => visits.scan({ IndexName: 'ByPgae' })).toThrow(RotatingError);
  const users = createRotatingClient({ documents, resolver, group: 'Users', timestamp, ...keys.Users });
  // @ts-expect-error the group has no index
  expect(() => users.query({ IndexName: 'ByPage' })).toThrow(RotatingError);
  const byPage: QueryInput<'ByPage'> = { IndexName: 'ByPage' };
  expectTypeOf(visits.query(byPage)).toEqualTypeOf<Reading<Visit>>();
});

test('accepts only attributes of the items as keys of tables and indexes', () => {
  const misspelt = { ByPage: ['Pgae', 'At'] } as const;
  const wrong = [
    // @ts-expect-error an index whose key is no attribute
    (): RotatingClient<Visit> => createRotatingClient({ ...options, indexes: misspelt }),
    // @ts-expect-error an index whose key is no attribute
    () => createRotatingClient<Visit>({ ...options, indexes: misspelt }),
    // @ts-expect-error a projected attribute that items do not have
    (): RotatingClient<Visit> => createRotatingClient({ ...options, projections: misspelt }),
    // @ts-expect-error a key that is no attribute
    (): RotatingClient<Visit> => createRotatingClient({ ...options, key: ['Visitr', 'At'] }),
    // @ts-expect-error a misspelt option
    () => createRotatingClient({ ...options, indexs: {} }),
    // @ts-expect-error the start of an index that does not exist
    () => createRotatingClient({ ...options, since: { ByPgae: '2026-11-25' } }),
  ];
  createRotatingClient({ ...options, since: { ByPage: '2026-11-25' } });
  createRotatingClient<Visit>({ ...options, since: { ByPage: new Date() } });
  expect(wrong).toHaveLength(6);
});

test('accepts an index of one kind of item, if items are of several kinds', () => {
  type Purchase = { Visitor: string; At: number; Product: string };
  const indexes = { ByPage: ['Page', 'At'], ByProduct: ['Product', 'At'] } as const;
  const { documents, resolver, group, key } = options;
  const both: RotatingClient<Visit | Purchase, { key: typeof key; indexes: typeof indexes }> =
    createRotatingClient({ documents, resolver, group, timestamp, key, indexes });
  expectTypeOf(both.query({ IndexName: 'ByProduct' })).toEqualTypeOf<Reading<Visit | Purchase>>();
  expectTypeOf(both.put).parameter(0).toEqualTypeOf<Visit | Purchase>();
});

test('requires a unit that the timestamps can have', () => {
  type Dated<At> = Omit<Visit, 'At'> & { At: At };
  const inUnit = <Unit extends 'milliseconds' | 'seconds' | 'iso'>(unit: Unit) => ({
    ...options,
    timestamp: { attribute: 'At', unit } as const,
  });
  const wrong = [
    // @ts-expect-error a string in milliseconds
    () => createRotatingClient<Dated<string>>(inUnit('milliseconds')),
    // @ts-expect-error a string in seconds
    (): RotatingClient<Dated<string>> => createRotatingClient(inUnit('seconds')),
    // @ts-expect-error a number as an ISO string
    () => createRotatingClient<Dated<number>>(inUnit('iso')),
    // @ts-expect-error a Date, which the document client cannot write
    () => createRotatingClient<Dated<Date>>(inUnit('milliseconds')),
    // @ts-expect-error another attribute, which is a string
    () => createRotatingClient<Visit>({ ...options, timestamp: { attribute: 'Page', unit: 'seconds' } }),
  ];
  createRotatingClient<Dated<string>>(inUnit('iso'));
  createRotatingClient<Dated<bigint>>(inUnit('seconds'));
  createRotatingClient<Dated<number | undefined>>(inUnit('milliseconds'));
  expect(wrong).toHaveLength(5);
});

test('types what a projection returns as some attributes of an item', () => {
  const some = (Projection?: string) => visits.query({ ProjectionExpression: Projection });
  expectTypeOf(some).returns.toEqualTypeOf<Reading<Partial<Visit>>>();
  expectTypeOf(visits.query({})).toEqualTypeOf<Reading<Visit>>();
  expectTypeOf(visits.scan()).toEqualTypeOf<Reading<Visit>>();
  expectTypeOf(visits.scan({ ProjectionExpression: 'Page' })).toEqualTypeOf<Reading<Partial<Visit>>>();
  const found = () => visits.get({ Visitor: 'ada', At: 1 }, { ProjectionExpression: 'Page' });
  expectTypeOf(found).returns.resolves.toEqualTypeOf<Partial<Visit> | undefined>();
  // @ts-expect-error a projection read as the whole item
  const whole: Reading<Visit> = visits.query({ ProjectionExpression: 'Page' });
  // @ts-expect-error AttributesToGet is the projection of old clients
  const old = visits.scan({ AttributesToGet: ['Page'] });
  expect([whole, old]).toHaveLength(2);
});

test('types what an index returns by its projection', () => {
  expectTypeOf(visits.query({ IndexName: 'ByPage' })).toEqualTypeOf<Reading<Visit>>();
  expectTypeOf(visits.query({ IndexName: 'Recent' })).toEqualTypeOf<
    Reading<Pick<Visit, 'Visitor' | 'At' | 'Page'>>
  >();
  expectTypeOf(visits.scan({ IndexName: 'ByReferrer' })).toEqualTypeOf<
    Reading<Pick<Visit, 'Visitor' | 'At' | 'Page' | 'Referrer'>>
  >();
  // A local index can fetch what it does not project.
  expectTypeOf(visits.query({ IndexName: 'Recent', Select: 'ALL_ATTRIBUTES' })).toEqualTypeOf<
    Reading<Visit>
  >();
  // @ts-expect-error an index that does not project all, read as the whole item
  const whole: Reading<Visit> = visits.query({ IndexName: 'Recent' });
  expect(whole).toBeDefined();
});

test('checks, with the item type as the only type argument, only what follows from the item', async () => {
  const client = createRotatingClient<Visit>(options);
  expectTypeOf(client.query({})).toEqualTypeOf<Reading<Visit>>();
  // @ts-expect-error an attribute that items do not have
  const attribute = () => createRotatingClient<Visit>({ ...options, key: ['Visitr', 'At'] });
  // @ts-expect-error a string in milliseconds
  const unit = () => createRotatingClient<{ At: string }>({ ...options, key: ['At'] });
  expect([attribute, unit]).toHaveLength(2);
  // TypeScript infers nothing else, so these compile, and fail before any request.
  expect(() => createRotatingClient<Visit>({ ...options, group: 'Vists' })).toThrow(ResolverError);
  expect(() => client.query({ IndexName: 'ByPgae' })).toThrow(RotatingError);
  const incomplete = { At: Date.now() };
  await expect(client.get(incomplete)).rejects.toThrow(RotatingError);
});
