import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { askHealth } from '../../src/health.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serving(
  status: number,
  headers: Record<string, string> = {},
  silent = false,
): Promise<string> {
  server = createServer((_, response) => {
    if (!silent) response.writeHead(status, headers).end('body');
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health?token=secret`;
}

it.each([
  [200, true, '200 OK'],
  [204, true, '204 No Content'],
  [404, false, '404 Not Found'],
  [503, false, '503 Service Unavailable'],
])('takes status %d as healthy: %s', async (status, healthy, answer) => {
  expect(await askHealth(await serving(status))).toEqual({ healthy, answer });
});

it('follows no redirect, because the page behind it might always answer', async () => {
  const url = await serving(302, { location: '/login' });
  expect(await askHealth(url)).toEqual({ healthy: false, answer: '302 Found' });
});

it('stops waiting after its time limit', async () => {
  const url = await serving(200, {}, true);
  expect(await askHealth(url, 50)).toEqual({ healthy: false, answer: 'no answer within 0.05 seconds' });
  server?.closeAllConnections();
});

it('reports a failed connection, and nothing of the URL', async () => {
  const url = await serving(200);
  await new Promise((resolve) => server!.close(resolve));
  expect(await askHealth(url)).toEqual({ healthy: false, answer: 'no connection (ECONNREFUSED)' });
});
