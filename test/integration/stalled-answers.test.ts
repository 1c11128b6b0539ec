/** Answers that stop arriving, and calls and runs that take too long, on a real loopback connection. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { within } from '../../src/aws/call-limits.ts';
import { awsPorts } from '../../src/runtime.ts';

const calls = { connectMs: 100, silenceMs: 100, callMs: 250 };
const generous = { connectMs: 10_000, silenceMs: 10_000, callMs: 10_000 };
/** Tests that share a busy machine are late. Without its limit, each of these calls would take longer or never end. */
const LATE_MS = 5_000;

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function ports(listener: RequestListener, limits = calls) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  return awsPorts('production', { calls: limits });
}

const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' };

it.each<[string, RequestListener]>([
  ['never starts', () => {}],
  ['stops after its headers', (_, response) => response.writeHead(200, headers).flushHeaders()],
  ['stops in its body', (_, response) => response.writeHead(200, headers).write('{"Table":')],
  [
    'arrives byte by byte',
    (_, response) => {
      response.writeHead(200, headers);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
  ],
])('ends a call whose answer %s', async (_, listener) => {
  const { tables } = await ports(listener);
  const started = performance.now();
  await expect(tables.list()).rejects.toMatchObject({ name: 'ServiceError', code: 'unavailable' });
  expect(performance.now() - started).toBeLessThan(calls.callMs + LATE_MS);
});

it('ends a call that is throttled again and again, and says so', async () => {
  const { tables } = await ports((_, response) =>
    response
      .writeHead(400, { 'content-type': headers['content-type'] })
      .end('{"__type":"x#ThrottlingException","message":"Rate exceeded"}'),
  );
  const started = performance.now();
  await expect(tables.list()).rejects.toMatchObject({
    code: 'throttled',
    message:
      'ListTables did not succeed within the time limit of 0.3 seconds. The last try failed: Rate exceeded',
  });
  expect(performance.now() - started).toBeLessThan(calls.callMs + LATE_MS);
});

it('names the operation if the connection ends in the middle of the answer', async () => {
  const { tables } = await ports((_, response) => {
    response.writeHead(200, { ...headers, 'content-length': '100' });
    response.write('{"TableNames":', () => response.destroy());
  }, generous);
  await expect(tables.list()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Could not reach AWS: aborted (ListTables)',
  });
});

it('ends a call, its pause and its connection when the run ends, and starts no other', async () => {
  let requests = 0;
  let closed = 0;
  const { tables } = await ports((_, response) => {
    requests += 1;
    response.on('close', () => {
      closed += 1;
    });
  });
  const run = within(50, () => tables.list().catch(() => tables.list()));
  await expect(run).rejects.toThrow('ListTables did not succeed within the time limit of 0.1 seconds.');
  await vi.waitFor(() => expect([requests, closed]).toEqual([1, 1]));
});

it('gives up a run that does not end after its calls', async () => {
  await expect(within(20, () => new Promise(() => {}))).rejects.toMatchObject({ code: 'unavailable' });
});

it('lets an inner limit end first, and leaves time for the last call', async () => {
  let requests = 0;
  const { tables } = await ports((_, response) => {
    requests += 1;
    if (requests > 1)
      response.writeHead(200, { 'content-type': headers['content-type'] }).end('{"TableNames":[]}');
  }, generous);
  const both = within(20_000, async () => {
    await expect(
      within(200, async () => {
        await tables.list();
      }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    requests = Math.max(1, requests);
    return tables.list();
  });
  expect(await both).toEqual([]);
});
