/** Missing arguments, null and wrong types throw an error with a code before anything is sent. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createRotatingClient, RotatingError } from '../../src/client/index.ts';
import { createResolver, ResolverError } from '../../src/index.ts';

type Loose = Record<string, (...args: unknown[]) => unknown>;

const NOW = Date.parse('2026-11-21T12:00Z');
let sent = 0;
const documents = DynamoDBDocumentClient.from(
  new DynamoDBClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }),
);
documents.middlewareStack.add(
  () => async () => {
    sent += 1;
    return { output: { $metadata: {} }, response: {} };
  },
  { step: 'initialize' },
);
const options = {
  documents,
  resolver: createResolver({
    environment: 'production',
    tables: [{ TableName: 'Events', RotationScheme: 'daily', PurgeRotation: 7 }],
    now: () => NOW,
  }),
  group: 'Events',
  key: ['Key', 'At'],
  timestamp: { attribute: 'At', unit: 'milliseconds' },
} as const;
const client = createRotatingClient(options) as unknown as Loose;
const create = createRotatingClient as unknown as (options?: unknown) => Loose;
const item = { Key: 'a', At: NOW };
const bare = Object.create(null) as object;

const primitives = [null, true, 5, '', 'words', Symbol('x'), 1n, Number.NaN, () => {}];
const nothingOr = [undefined, ...primitives];

const places: readonly [string, readonly unknown[], (value: unknown) => unknown][] = [
  ['createRotatingClient()', nothingOr, (value) => create(value)],
  ...['documents', 'resolver', 'group', 'key', 'timestamp'].map((name): (typeof places)[number] => [
    `its ${name}`,
    [...nothingOr, {}, bare, []],
    (value) => create({ ...options, [name]: value }),
  ]),
  ['three key attributes', ['Page'], (third) => create({ ...options, key: ['Key', 'At', third] })],
  ...['TableName', 'ExclusiveStartKey', 'Limit', 'abortSignal'].map((name): (typeof places)[number] => [
    `scan({ ${name} }), which the client sets itself`,
    [1, 'words', bare],
    (value) => client.scan!({ [name]: value }),
  ]),
  ...['TableName', 'Item', 'abortSignal'].map((name): (typeof places)[number] => [
    `put(…, { ${name} }), which the client sets itself`,
    ['words', bare],
    (value) => client.put!(item, { [name]: value }),
  ]),
  [
    'a ScanIndexForward that contradicts the order',
    [
      { ScanIndexForward: false },
      { ScanIndexForward: true, order: 'newest-first' },
      { ScanIndexForward: false, order: 'oldest-first' },
    ],
    (how) => client.query!(how),
  ],
  ['its indexes', [...primitives, { I: 'Key' }], (indexes) => create({ ...options, indexes })],
  ['put(item)', nothingOr, (value) => client.put!(value)],
  ['put(…, options)', primitives, (value) => client.put!(item, value)],
  ['get(key)', nothingOr, (value) => client.get!(value)],
  ['get() with half a key', [{ Key: 'a' }, { At: NOW }], (key) => client.get!(key)],
  ['put() with half a key', [{ At: NOW, Text: 'x' }], (key) => client.put!(key)],
  [
    'update() with half a key',
    [{ At: NOW }],
    (key) => client.update!(key, { UpdateExpression: 'SET A = B' }),
  ],
  ['update() with half a key at an instant', [{ Key: 'a' }], (key) => client.update!(key, { at: NOW })],
  ['delete() with half a key', [{ At: NOW }], (key) => client.delete!(key)],
  ['get(…, options)', primitives, (value) => client.get!(item, value)],
  ['get(…, { at })', [...primitives, bare], (at) => client.get!({ Key: 'a' }, { at })],
  ['get(…, { from })', [...primitives, bare], (from) => client.get!({ Key: 'a' }, { from })],
  ['update(key)', nothingOr, (value) => client.update!(value, {})],
  ['update(…, options)', nothingOr, (value) => client.update!(item, value)],
  ['delete(key)', nothingOr, (value) => client.delete!(value)],
  ['delete(…, options)', primitives, (value) => client.delete!(item, value)],
  ['query()', nothingOr, (value) => client.query!(value)],
  ['scan()', primitives, (value) => client.scan!(value)],
  ...['from', 'to', 'order', 'concurrency', 'pageSize', 'cursor', 'signal'].map(
    (name): (typeof places)[number] => [
      `scan({ ${name} })`,
      [...primitives.filter((value) => !(value === 5 && /concurrency|pageSize/.test(name))), bare],
      (value) => client.scan!({ [name]: value }),
    ],
  ),
  [
    'take()',
    [...nothingOr.filter((value) => value !== 5), bare],
    (count) => (client.scan!() as Loose).take!(count),
  ],
  [
    'batchWrite()',
    nothingOr.filter((value) => typeof value !== 'string'),
    (value) => client.batchWrite!(value),
  ],
  [
    'batchWrite([request])',
    [
      ...[...nothingOr, {}, bare, { put: null }, { delete: 5 }, { put: item, delete: item }],
      ...[{ put: { At: NOW } }, { delete: { At: NOW } }, { delete: { Key: 'a' }, at: NOW }],
    ],
    (value) => client.batchWrite!([value]),
  ],
  ['batchWrite(…, options)', primitives, (value) => client.batchWrite!([], value)],
  [
    'batchWrite(…, { retries })',
    [...primitives.filter((value) => value !== 5), bare, -1],
    (retries) => client.batchWrite!([], { retries }),
  ],
  ['put(…, { signal })', [...primitives, bare], (signal) => client.put!(item, { signal })],
  [
    'put({ At })',
    [...primitives.filter((value) => value !== 5 && value !== 1n), bare],
    (At) => client.put!({ Key: 'a', At }),
  ],
];

describe('the rotating client', () => {
  it.each(places)('rejects a wrong value for %s', async (_, values, attempt) => {
    sent = 0;
    for (const value of values) {
      const error = await Promise.resolve()
        .then(() => attempt(value))
        .then(
          () => `${typeof value} was accepted`,
          (reason: unknown) => reason,
        );
      expect(error instanceof RotatingError || error instanceof ResolverError || error).toBe(true);
    }
    expect(sent).toBe(0);
  });

  it('accepts missing optional arguments', async () => {
    await client.put!(item, undefined);
    await client.delete!(item);
    expect(await client.batchWrite!([], undefined)).toBe(0);
    expect(client.scan!()).toBeDefined();
  });
});
