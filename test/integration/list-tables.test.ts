/** ListTables in several ranges at once, on a server that pages as DynamoDB does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listTables } from '../../src/aws/list-tables.ts';

let names: string[] = [];
/** Whether names come in another order than by name. */
let shuffled = false;
const starts: (string | undefined)[] = [];
let server: Server;
let client: DynamoDBClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { ExclusiveStartTableName: start, Limit: limit } = JSON.parse(Buffer.concat(chunks).toString());
      starts.push(start);
      const all = shuffled
        ? [...names].sort((a, b) => reversed(a).localeCompare(reversed(b)))
        : [...names].sort();
      const from = shuffled ? all.indexOf(start) + 1 : all.findIndex((name) => name > (start ?? ''));
      const page = from < 0 ? [] : all.slice(from, from + limit);
      const more = from >= 0 && from + limit < all.length;
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(
        JSON.stringify({ TableNames: page, ...(more && { LastEvaluatedTableName: page.at(-1) }) }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new DynamoDBClient({
    endpoint,
    region: 'list-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  shuffled = false;
  starts.length = 0;
});

const reversed = (name: string): string => [...name].reverse().join('');
const named = (count: number, prefix = 'table'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(5, '0')}`);

test('reads page by page first, and then as many pages in ranges, with every name once', async () => {
  names = named(3_250);
  expect((await listTables(client)).sort()).toEqual(names);
  expect(starts.length).toBe(33);
  expect(starts.filter((start) => start === undefined)).toHaveLength(1);
  starts.length = 0;
  expect((await listTables(client)).sort()).toEqual(names);
  expect(starts.length).toBe(33);
  expect(new Set(starts).size).toBe(33);
});

test.each<[string, () => string[]]>([
  ['the same tables', () => named(3_250)],
  ['no tables', () => []],
  ['few tables', () => named(7)],
  [
    'tables before, between and after the others',
    () => [...named(3_250), ...named(900, 'a'), ...named(900, 'z'), ...named(900, 'table-00999x')],
  ],
  ['other tables', () => named(5_000, 'other')],
  ['half of the tables', () => named(3_250).filter((_, i) => i % 2 === 0)],
])('lists every name once if there are now %s', async (_, now) => {
  names = named(3_250);
  await listTables(client);
  names = now();
  expect((await listTables(client)).sort()).toEqual([...names].sort());
});

test('lists every name once if they do not come in their order', async () => {
  names = named(1_000);
  await listTables(client);
  shuffled = true;
  expect((await listTables(client)).sort()).toEqual(names);
});
