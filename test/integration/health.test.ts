import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { refusalOf } from '../../src/addresses.ts';
import { askHealth, type HealthOptions } from '../../src/health.ts';

let server: Server | undefined;
let requests = 0;
afterEach(() => {
  server?.close();
  requests = 0;
});

async function serving(
  status: number,
  headers: Record<string, string> = {},
  silent = false,
  address = '127.0.0.1',
): Promise<string> {
  server = createServer((_, response) => {
    requests += 1;
    if (!silent) response.writeHead(status, headers).end('body');
  });
  await new Promise<void>((resolve) => server!.listen(0, address, resolve));
  return `http://${address}:${portOf(server!)}/health?token=secret`;
}

const portOf = (of: Server): number => (of.address() as AddressInfo).port;

/** For the tests of responses, whose servers are on this machine. */
const anywhere: HealthOptions = { refusal: () => undefined };

/** A DNS that gives the next of these answers to each lookup. */
function dns(...answers: string[][]) {
  const asked: string[] = [];
  const resolver: HealthOptions['resolver'] = (host, _, callback) => {
    const addresses = answers[Math.min(asked.push(host), answers.length) - 1]!;
    const found = addresses.map(
      (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
    );
    setImmediate(() => callback(null, found));
  };
  return { resolver, asked };
}

it.each([
  [200, true, '200 OK'],
  [204, true, '204 No Content'],
  [404, false, '404 Not Found'],
  [503, false, '503 Service Unavailable'],
])('takes status %d as healthy: %s', async (status, healthy, answer) => {
  expect(await askHealth(await serving(status), false, anywhere)).toEqual({ healthy, answer });
});

it('follows no redirect, because the page behind it might always answer', async () => {
  const url = await serving(302, { location: '/login' });
  expect(await askHealth(url, false, anywhere)).toEqual({ healthy: false, answer: '302 Found' });
  expect(requests).toBe(1);
});

it('stops waiting after its time limit', async () => {
  const url = await serving(200, {}, true);
  expect(await askHealth(url, false, { ...anywhere, patienceMs: 50 })).toEqual({
    healthy: false,
    answer: 'no answer within 0.05 seconds',
  });
  server?.closeAllConnections();
});

it('stops waiting for a DNS that does not answer', async () => {
  const silent: HealthOptions = { resolver: () => {}, patienceMs: 50 };
  expect(await askHealth('http://status.test/', false, silent)).toMatchObject({
    answer: 'no answer within 0.05 seconds',
  });
});

it('reports a failed connection, and nothing of the URL', async () => {
  const url = await serving(200);
  await new Promise((resolve) => server!.close(resolve));
  expect(await askHealth(url, false, anywhere)).toEqual({
    healthy: false,
    answer: 'no connection (ECONNREFUSED)',
  });
});

const RESERVED = 'no request was sent: its host is a loopback, link-local, metadata, or reserved address';
const PRIVATE =
  'no request was sent: its host is a private address. To allow that, set Scaling.AllowPrivateHealthUrl to true';

const reserved = [
  '127.0.0.1',
  '127.9.8.7',
  '0.0.0.0',
  '169.254.169.254',
  '169.254.170.2',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00:ec2::254',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '::ffff:0:127.0.0.1',
  '64:ff9b::169.254.169.254',
  '2002:a9fe:a9fe::1',
];
const inNetwork = ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', 'fd12:3456::1', '::ffff:10.1.2.3'];

it.each(reserved)(
  'sends no request to %s, neither by address nor by name, even if private hosts are allowed',
  async (address) => {
    const { resolver } = dns([address]);
    const literal = address.includes(':') ? `[${address}]` : address;
    for (const url of [
      `http://${literal}:9/`,
      `https://${literal}:9/`,
      'http://status.test:9/',
      'https://status.test:9/',
    ])
      expect(await askHealth(url, true, { resolver }), url).toEqual({ healthy: false, answer: RESERVED });
  },
);

it.each(inNetwork)('sends no request to the private %s unless the settings allow it', async (address) => {
  const { resolver } = dns([address]);
  expect(await askHealth('http://status.test:9/', false, { resolver })).toEqual({
    healthy: false,
    answer: PRIVATE,
  });
  expect(refusalOf(address, true)).toBeUndefined();
});

it.each([
  'http://2130706433/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://[::ffff:7f00:1]/',
  'http://localhost/',
])('recognizes this machine in %s', async (url) => {
  expect(await askHealth(url, true)).toEqual({ healthy: false, answer: RESERVED });
});

it('sends no request if one of several addresses of the host is not allowed', async () => {
  const { resolver } = dns(['192.0.2.1', '127.0.0.1']);
  expect(await askHealth('http://status.test/', false, { resolver })).toEqual({
    healthy: false,
    answer: RESERVED,
  });
});

it('connects to the address that it checked, and does not ask DNS again', async () => {
  await serving(200);
  const { resolver, asked } = dns(['127.0.0.1'], ['127.0.0.2']);
  const checked: string[] = [];
  const refusal = (address: string) => {
    checked.push(address);
    return undefined;
  };
  const health = await askHealth(`http://status.test:${portOf(server!)}/`, false, { resolver, refusal });
  expect(health).toEqual({ healthy: true, answer: '200 OK' });
  expect([asked, checked, requests]).toEqual([['status.test'], ['127.0.0.1'], 1]);
});

it('checks each request, because a host can move to a forbidden address later', async () => {
  await serving(200);
  const { resolver } = dns(['127.0.0.1'], ['127.0.0.1', '127.0.0.2']);
  const refusal = (address: string) => (address === '127.0.0.2' ? 'forbidden' : undefined);
  const url = `http://status.test:${portOf(server!)}/`;
  expect(await askHealth(url, false, { resolver, refusal })).toMatchObject({ healthy: true });
  expect(await askHealth(url, false, { resolver, refusal })).toMatchObject({
    answer: 'no request was sent: forbidden',
  });
  expect(requests).toBe(1);
});

it('sends no request to the target of a redirect', async () => {
  const url = await serving(307, { location: 'http://169.254.169.254/latest/meta-data/' });
  const { resolver, asked } = dns(['127.0.0.1']);
  const named = url.replace('127.0.0.1', 'status.test');
  expect(await askHealth(named, false, { ...anywhere, resolver })).toMatchObject({
    answer: '307 Temporary Redirect',
  });
  expect(asked).toEqual(['status.test']);
});

it.each(['8.8.8.8', '192.0.2.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::8.8.8.8'])(
  'allows the public address %s',
  (address) => {
    expect(refusalOf(address, false)).toBeUndefined();
  },
);
