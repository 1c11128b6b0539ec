/** What people read if an endpoint answers with an error that says little, over the SDK. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { awsPorts } from '../../src/runtime.ts';

let answer: readonly [status: number, body: string] = [200, '{}'];
const server = createServer((_, response) => {
  const [status, body] = answer;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
  server.closeAllConnections();
});

const unknown = '{"__type":"com.amazon.coral.service#UnknownOperationException"}';

it.each<[string, number, string, string, string]>([
  [
    'does not know the operation',
    400,
    unknown,
    'refused',
    'The endpoint does not know the operation CreateBackup (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL.',
  ],
  [
    'does not know the operation and says more',
    400,
    unknown.replace('}', ',"message":"Not in this edition."}'),
    'refused',
    'The endpoint does not know the operation CreateBackup (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL. Not in this edition.',
  ],
  [
    'names only a code',
    400,
    '{"__type":"x#TableInUseException"}',
    'in-use',
    'CreateBackup failed (TableInUseException, HTTP 400), and the answer gives no reason.',
  ],
  [
    'names a new code',
    400,
    '{"__type":"x#NewException","message":"Something new."}',
    'unavailable',
    'Something new. (NewException, HTTP 400)',
  ],
  [
    'has nothing but a status',
    403,
    '{}',
    'access-denied',
    'CreateBackup failed (HTTP 403), and the answer gives no reason.',
  ],
  [
    'is the page of a proxy',
    404,
    '<html>No such page.</html>',
    'unavailable',
    'CreateBackup got an answer that is not JSON (HTTP 404). If this happens again, check AWS_ENDPOINT_URL and proxies.',
  ],
  [
    'is half of an answer',
    200,
    '{"BackupDetails":',
    'unavailable',
    'CreateBackup got an answer that is not JSON (HTTP 200). If this happens again, check AWS_ENDPOINT_URL and proxies.',
  ],
])('names operation, code and status if the endpoint %s', async (_, status, body, code, message) => {
  answer = [status, body];
  await expect(awsPorts('production').backups.create('Events', 'last')).rejects.toMatchObject({
    code,
    message,
  });
});

it('names the operation for CloudWatch too', async () => {
  answer = [400, unknown];
  const query = { metric: 'ConsumedReadCapacityUnits', table: 'Events' };
  expect(await awsPorts('production').metrics.read([query], 0, 60_000)).toEqual([
    {
      error:
        'The endpoint does not know the operation GetMetricData (UnknownOperationException, HTTP 400). Check AWS_ENDPOINT_URL.',
    },
  ]);
});
