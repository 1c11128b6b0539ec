import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { webhookOf } from '../../src/cli/daemon/webhook-option.ts';
import { webhookNotices } from '../../src/webhook.ts';

let server: Server | undefined;
const got: { type: string | undefined; body: string }[] = [];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  got.length = 0;
});

/** A receiver that answers with a status, or not at all. */
async function receiver(status: number | undefined, headers: Record<string, string> = {}): Promise<string> {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
    if (status !== undefined) response.writeHead(status, headers).end('no');
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`;
}

const notice = { subject: 'One table', message: 'é\n“two”', types: ['delete', 'failed'] } as const;
const post = (url: string) => webhookNotices(url, 'production', 200).publish(notice);

it('posts a notice as JSON', async () => {
  await post(await receiver(204));
  expect(got).toEqual([{ type: 'application/json', body: expect.any(String) }]);
  expect(JSON.parse(got[0]!.body)).toEqual({ environment: 'production', ...notice });
});

it.each<[string, number | undefined, string, string]>([
  ['an error', 500, 'refused', 'HTTP 500'],
  ['a redirect, which is not followed', 302, 'refused', 'HTTP 302'],
  ['no answer', undefined, 'unavailable', 'no answer within 0.2 seconds'],
])('fails with %s, and shows nothing of the URL', async (_, status, code, message) => {
  const url = await receiver(status, { location: '/' });
  await expect(post(url)).rejects.toMatchObject({ code, message });
  expect(got).toHaveLength(1);
});

it('knows that a receiver that refuses the connection has got nothing', async () => {
  const url = await receiver(204);
  server!.close();
  await expect(post(url)).rejects.toMatchObject({
    code: 'refused',
    message: 'no connection (ECONNREFUSED)',
  });
});

/** The certificate of dynalite, whose authority no machine trusts. */
const dynalite = (file: string): Buffer =>
  readFileSync(new URL(`../../node_modules/dynalite/ssl/${file}`, import.meta.url));

it('knows that a receiver with a bad certificate, or without TLS, has got nothing', async () => {
  const listener = () => got.push({ type: undefined, body: '' });
  const plain = await receiver(204);
  await expect(post(plain.replace('http:', 'https:'))).rejects.toMatchObject({ code: 'refused' });
  const secure = createSecure(
    { key: dynalite('server-key.pem'), cert: dynalite('server-crt.pem') },
    listener,
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/?token=secret`;
  await expect(post(url)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/^no connection \([A-Z_]+\)$/),
  });
  secure.close();
  expect(got).toEqual([]);
});

it('shows nothing of a URL that fetch does not accept', async () => {
  await expect(post('https://user:secret@hooks.example.com')).rejects.toMatchObject({
    message: 'the request failed',
  });
});

it.each([
  ['hooks.example.com', /is not an HTTP or HTTPS URL/],
  ['ftp://hooks.example.com/secret', /is not an HTTP or HTTPS URL/],
  ['https://user:secret@hooks.example.com', /contains a user name or a password/],
])('is not accepted as --webhook: %s', (text, message) => {
  expect(() => webhookOf(text)).toThrow(message);
  expect(() => webhookOf(text)).not.toThrow(/secret/);
});
