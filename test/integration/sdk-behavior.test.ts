/** What docs/aws.md says about the SDK, seen by running it. If an upgrade changes it, these tests fail. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DynamoDBClient,
  type DynamoDBClientConfig,
  ListTablesCommand,
  ResourceNotFoundException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { awsClients } from '../../src/aws/clients.ts';
import type { CreateTable } from '../../src/core/plan.ts';
import { awsPorts } from '../../src/runtime.ts';

let requests = 0;
let listener: RequestListener;
const server = createServer((request, response) => {
  requests += 1;
  listener(request, response);
});
const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  requests = 0;
  vi.unstubAllEnvs();
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const json = { 'content-type': 'application/x-amz-json-1.0' };
const answering =
  (status: number, type: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(status, { ...json, ...headers }).end(JSON.stringify({ __type: `x#${type}` }));
  };
const throttling = answering(400, 'ThrottlingException');

function client(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  return new DynamoDBClient({ endpoint: endpoint(), region: 'eu-west-1', credentials, ...config });
}

describe('the SDK', () => {
  it('tries a failed call of DynamoDB four times by default, and three times as Turntable sets it', async () => {
    listener = answering(500, 'InternalServerError');
    await expect(client().send(new ListTablesCommand({}))).rejects.toThrow();
    expect(requests).toBe(4);
    requests = 0;
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL: endpoint(),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_MAX_ATTEMPTS: '7',
      AWS_RETRY_MODE: 'adaptive',
    }))
      vi.stubEnv(name, value);
    await expect(awsPorts('production').tables.list()).rejects.toMatchObject({ code: 'unavailable' });
    expect(requests).toBe(3);
    requests = 0;
    await expect(awsClients().once.send(new ListTablesCommand({}))).rejects.toThrow();
    expect(requests).toBe(1);
  });

  it('sends a call again after LimitExceededException, except a creation, which Turntable repeats by urgency', async () => {
    listener = answering(400, 'LimitExceededException');
    await expect(client().send(new ListTablesCommand({}))).rejects.toThrow();
    expect(requests).toBe(4);
    requests = 0;
    for (const [name, value] of Object.entries({ AWS_ENDPOINT_URL: endpoint(), AWS_REGION: 'eu-west-1' }))
      vi.stubEnv(name, value);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
    const input = { TableName: 'Events' } as CreateTable;
    await expect(awsPorts('production').tables.create(input)).rejects.toMatchObject({
      code: 'limit-exceeded',
    });
    expect(requests).toBe(1);
  });

  it.each([
    ['100 of 300 calls that are throttled together', throttling, 100],
    ['35 of 300 calls that get HTTP 500 together', answering(500, 'InternalServerError'), 35],
  ] as const)(
    'tries %s a second time, because all calls of a client share a purse',
    async (_, given, again) => {
      listener = given;
      const one = client({ maxAttempts: 2 });
      await Promise.allSettled(Array.from({ length: 300 }, () => one.send(new ListTablesCommand({}))));
      expect(requests).toBe(300 + again);
    },
  );

  it('ends requestTimeout with the headers, so that only socketTimeout ends a stalled body', async () => {
    listener = (_, response) => response.writeHead(200, { ...json, 'content-length': '50' }).write('{');
    const outcomeOf = async (requestHandler: object, patienceMs: number): Promise<string> => {
      const call = client({ maxAttempts: 1, requestHandler }).send(new ListTablesCommand({}));
      return Promise.race([call.then(String, (error: Error) => error.name), sleep(patienceMs, 'pending')]);
    };
    expect(await outcomeOf({ requestTimeout: 800, throwOnRequestTimeout: true }, 1_100)).toBe('pending');
    expect(await outcomeOf({ requestTimeout: 10_000, socketTimeout: 50 }, 10_000)).toBe('TimeoutError');
    server.closeAllConnections();
  });

  it('ends a pause between two tries at once if the call is aborted', async () => {
    const controller = new AbortController();
    listener = (request, response) => {
      response.on('finish', () => setTimeout(() => controller.abort(), 50));
      answering(400, 'ThrottlingException', { 'retry-after': '4' })(request, response);
    };
    const started = performance.now();
    await expect(
      client().send(new ListTablesCommand({}), { abortSignal: controller.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(requests).toBe(1);
  });

  it('waits as long as the answer asks before the next try', async () => {
    listener = answering(500, 'InternalServerError', { 'x-amz-retry-after': '300' });
    const started = performance.now();
    await expect(client({ maxAttempts: 2 }).send(new ListTablesCommand({}))).rejects.toThrow();
    expect(performance.now() - started).toBeGreaterThanOrEqual(290);
    expect(requests).toBe(2);
  });

  it('sends a call again that failed with HTTP 500, although the call might have taken effect', async () => {
    listener = (request, response) => {
      if (requests === 1) return answering(500, 'InternalServerError')(request, response);
      response.writeHead(200, json).end('{"TableNames":[]}');
    };
    expect(await client().send(new ListTablesCommand({}))).toMatchObject({ TableNames: [] });
    expect(requests).toBe(2);
  });

  it('signs a call again by the clock of AWS if its own clock is wrong, and says nothing', async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    const signedAt: string[] = [];
    listener = (request, response) => {
      signedAt.push(String(request.headers['x-amz-date']));
      const date = { date: ahead.toUTCString() };
      if (requests === 1) return answering(403, 'RequestTimeTooSkewed', date)(request, response);
      response.writeHead(200, { ...json, ...date }).end('{"TableNames":[]}');
    };
    expect(await client().send(new ListTablesCommand({}))).toMatchObject({ TableNames: [] });
    const hourOf = (date: Date): string => date.toISOString().replace(/[-:]/g, '').slice(0, 11);
    expect(signedAt.map((date) => date.slice(0, 11))).toEqual([hourOf(new Date()), hourOf(ahead)]);
  });
});

it.each([
  [0, [20, 20, 20, 120]],
  [0.5, [20, 30, 50, 120]],
  [0.9999, [20, 40, 80, 120]],
])(
  'waitUntilTableExists looks again after longer and longer times (random number: %d)',
  async (drawn, pauses) => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(drawn);
    try {
      const looks: number[] = [];
      const client = new DynamoDBClient({ region: 'eu-west-1' });
      client.send = async () => {
        looks.push(Date.now());
        throw new ResourceNotFoundException({ message: '', $metadata: {} });
      };
      const waiting = waitUntilTableExists({ client, maxWaitTime: 280 }, { TableName: 'T' }).catch(() => {});
      await vi.advanceTimersByTimeAsync(280_000);
      await waiting;
      const found = looks.slice(1, 5).map((at, i) => Math.round((at - (looks[i] ?? 0)) / 1000));
      expect(found).toEqual(pauses);
    } finally {
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  },
);
