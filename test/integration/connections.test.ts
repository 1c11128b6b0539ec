/** The connections that the runs of one process share. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { CreateTable } from '../../src/core/plan.ts';
import { awsPorts } from '../../src/runtime.ts';

const connections = new Set<Socket>();
/** Connections that end with the next request on them. */
const broken = new Set<Socket>();
let requests = 0;
/** Answers wait for so many requests, so that each of these has a connection of its own. */
let together = 1;
let waiting: (() => void)[] = [];

const table = {
  ...{ TableName: 'Events', TableStatus: 'ACTIVE', TableArn: 'x', TableId: 'x', CreationDateTime: 1 },
  ...{ KeySchema: [], ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
};
const body = JSON.stringify({ Table: table, TableDescription: table });
const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  requests += 1;
  if (broken.has(request.socket)) return void request.socket.resetAndDestroy();
  request.resume();
  waiting.push(() => response.setHeader('content-type', 'application/x-amz-json-1.0').end(body));
  if (waiting.length < together) return;
  for (const answer of waiting) answer();
  waiting = [];
});
server.on('connection', (socket) => connections.add(socket));

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
beforeEach(() => {
  server.closeAllConnections();
  connections.clear();
  broken.clear();
  requests = 0;
  together = 1;
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

const describe = () => awsPorts('production').tables.describe('Events');

/** Leaves eight idle connections. */
async function openEight(): Promise<void> {
  const { tables } = awsPorts('production');
  together = 8;
  await Promise.all(Array.from({ length: 8 }, () => tables.describe('Events')));
  together = 1;
}

it('uses the connection of an earlier run', async () => {
  await describe();
  await describe();
  expect(connections.size).toBe(1);
});

it('gets an answer although all connections of an earlier run are broken', async () => {
  await openEight();
  for (const socket of connections) broken.add(socket);
  requests = 0;
  await expect(describe()).resolves.toMatchObject({ status: 'ACTIVE' });
  expect(requests).toBe(2);
});

it('creates a table on a connection of its own, because this call is not repeated', async () => {
  await openEight();
  for (const socket of connections) broken.add(socket);
  requests = 0;
  await awsPorts('production').tables.create({ TableName: 'Events' } as CreateTable);
  expect(requests).toBe(1);
});

it('opens a connection if the earlier ones have been idle for minutes', async () => {
  await describe();
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_000);
  await describe();
  now.mockRestore();
  expect(connections.size).toBe(2);
});
