/**
 * Which hosts the SDK sends calls of DynamoDB to, by its own rules, and what doctor sees of a firewall in between. Only the network
 * is replaced: it answers as DynamoDB does, or as a firewall.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { usualLimits } from '../../src/aws/call-limits.ts';
import { hostsOf } from '../../src/aws/hosts.ts';

const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/production.Events.20261121';
const REGIONAL = 'dynamodb.eu-west-1.amazonaws.com';
const OF_ACCOUNT = '123456789012.ddb.eu-west-1.amazonaws.com';

type Answer = { readonly status: number; readonly body: string } | Error;

const network = (answerOf: (host: string) => Answer) => ({
  handle: async ({ hostname }: { hostname: string }) => {
    const answer = answerOf(hostname);
    if (answer instanceof Error) throw answer;
    const headers = { 'content-type': 'application/x-amz-json-1.0', date: new Date().toUTCString() };
    return {
      response: { statusCode: answer.status, headers, body: Readable.from([Buffer.from(answer.body)]) },
    };
  },
});

const blocked = (host: string): Error =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
const fine: Answer = { status: 200, body: '{"TableNames":[]}' };
const denied: Answer = {
  status: 400,
  body: '{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}',
};

const ask = (answerOf: (host: string) => Answer, more: object = {}) =>
  hostsOf(
    ARN,
    {
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: network(answerOf) as never,
      ...more,
    },
    usualLimits,
  );

it('names the host of the account beside that of the region', async () => {
  expect(await ask(() => fine)).toEqual([{ name: REGIONAL }, { name: OF_ACCOUNT }]);
});

it('finds only the host of the account that a firewall blocks', async () => {
  const hosts = await ask((host) => (host === OF_ACCOUNT ? blocked(host) : fine));
  expect(hosts).toEqual([
    { name: REGIONAL },
    {
      name: OF_ACCOUNT,
      error: `Could not reach AWS: getaddrinfo ENOTFOUND ${OF_ACCOUNT} (ListTagsOfResource)`,
    },
  ]);
});

it('asks the host of the region alone if the account is unknown, as without a network', async () => {
  const settings = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: network(blocked) as never,
  };
  expect(await hostsOf(undefined, settings, usualLimits)).toEqual([
    { name: REGIONAL, error: `Could not reach AWS: getaddrinfo ENOTFOUND ${REGIONAL} (ListTables)` },
  ]);
});

it('counts a denied call as an answer', async () => {
  expect(await ask(() => denied)).toEqual([{ name: REGIONAL }, { name: OF_ACCOUNT }]);
});

it('names one host if the account is in the credentials, if its host is turned off, or with an endpoint URL', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b', accountId: '123456789012' };
  expect(await ask(() => fine, { credentials })).toEqual([{ name: OF_ACCOUNT }]);
  expect(await ask(() => fine, { accountIdEndpointMode: 'disabled' })).toEqual([{ name: REGIONAL }]);
  expect(await ask(() => fine, { endpoint: 'http://127.0.0.1:8000' })).toEqual([{ name: '127.0.0.1' }]);
});

it('sends no call to the proxy of HTTPS_PROXY', async () => {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'ALL_PROXY']) vi.stubEnv(name, url);
  // Port 1 refuses every connection.
  const more = { endpoint: 'https://127.0.0.1:1', requestHandler: {} };
  const [host] = await ask(() => fine, more);
  expect(host!.error).toContain('ECONNREFUSED 127.0.0.1:1');
  expect(connections).toBe(0);
  vi.unstubAllEnvs();
  proxy.close();
});
