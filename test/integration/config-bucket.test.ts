/** What a job reads of a configuration in S3: the same on the embedded S3 and on s3rver, which has no versions. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallLimits } from '../../src/aws/call-limits.ts';
import { configBucket } from '../../src/aws/config-bucket.ts';
import { reportBucket } from '../../src/aws/report-bucket.ts';
import { s3WriteSdk } from '../../src/aws/report-s3.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/embedded/index.ts';
import { type RealS3, s3Kinds } from '../support/s3-kinds.ts';

const BUCKET = 'our-config';
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

const clientOf = (endpoint: string): S3Client =>
  new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true });

/** A reader on an endpoint, with the client's own settings. */
const readerOf = (endpoint: string, sent: string[] = [], limits?: CallLimits) =>
  configBucket(
    BUCKET,
    async () => {
      const sdk = await import('@aws-sdk/client-s3');
      class Client extends sdk.S3Client {
        constructor(settings: object) {
          super({ ...settings, endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
          this.middlewareStack.add(
            (next) => async (args) => {
              const { response, ...rest } = await next(args);
              sent.push(String((response as { statusCode?: number }).statusCode));
              return { response, ...rest };
            },
            { step: 'deserialize', priority: 'low' },
          );
        }
      }
      return { ...sdk, S3Client: Client } as typeof sdk;
    },
    limits,
  );

describe.each(Object.keys(s3Kinds))('on %s, an object', (kind) => {
  let real: RealS3;
  let client: S3Client;
  const put = (Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));

  beforeAll(async () => {
    real = await s3Kinds[kind]!(BUCKET);
    client = clientOf(real.endpoint);
  });
  afterAll(async () => {
    client.destroy();
    await real.close();
  });

  it('is read, and has no version', async () => {
    await put('team/tables.json', '[]\u00e9');
    const file = await readerOf(real.endpoint).read('team/tables.json');
    expect(file?.bytes.toString()).toBe('[]\u00e9');
    expect(file?.version).toBeUndefined();
  });

  it('is not sent again while it is the same, and is read again after a change', async () => {
    const sent: string[] = [];
    const reader = readerOf(real.endpoint, sent);
    await put('a b.json', 'one');
    const texts = [];
    for (const text of [undefined, undefined, 'two', undefined]) {
      if (text) await put('a b.json', text);
      texts.push((await reader.read('a b.json'))?.bytes.toString());
    }
    expect(texts).toEqual(['one', 'one', 'two', 'two']);
    expect(sent).toEqual(['200', '304', '200', '304']);
  });

  it('is undefined if it does not exist, or no longer', async () => {
    const reader = readerOf(real.endpoint);
    await put('gone.json', 'x');
    await reader.read('gone.json');
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'gone.json' }));
    expect(await reader.read('gone.json')).toBeUndefined();
    expect(await reader.read('never.json')).toBeUndefined();
  });
});

it('an object that arrives byte by byte is an error after the time limit of a call', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { etag: '"1"' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const limits = { connectMs: 1_000, silenceMs: 1_000, callMs: 300 };
  const reader = readerOf(endpoint, [], limits);
  await expect(reader.read('tables.json')).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Could not read s3://our-config/tables.json: The file did not arrive within 0.3 seconds.',
  });
  server.close();
  server.closeAllConnections();
});

describe('on the embedded S3', () => {
  let aws: EmbeddedAws;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
  });
  afterAll(() => aws.close());

  it('a bucket that does not exist, or that is denied, is an error that names the object', async () => {
    const reader = readerOf(aws.endpoint);
    await expect(reader.read('tables.json')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Could not read s3://our-config/tables.json: '),
    });
    aws.intercept = () => ({ type: 'AccessDenied', message: 'Access Denied', status: 403 });
    await expect(reader.read('tables.json')).rejects.toMatchObject({
      code: 'access-denied',
      message:
        'Could not read s3://our-config/tables.json: GetObject failed: Access Denied (AccessDenied, HTTP 403). If the file does not exist, S3 answers so without the permission s3:ListBucket.',
    });
    aws.intercept = undefined;
  });

  it.each([
    ['PermanentRedirect', 301],
    ['AuthorizationHeaderMalformed', 400],
  ])('a bucket in another region, %s, is an error that says so', async (type, status) => {
    aws.intercept = () => ({ type, message: 'Use another endpoint.', status });
    const error = {
      code: 'refused',
      message: expect.stringMatching(
        /team\/x\.html: .*\. The bucket is in another region\. Use one in the region of the tables\.$/,
      ),
    };
    await expect(readerOf(aws.endpoint).read('team/x.html')).rejects.toMatchObject(error);
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const writer = reportBucket('our-reports', s3WriteSdk);
    await expect(writer.write('team/x.html', 'page')).rejects.toMatchObject(error);
    vi.unstubAllEnvs();
    aws.intercept = undefined;
  });

  it('the same content as a new version has the version of the newest', async () => {
    const bucket = aws.createBucket(BUCKET, 'versioned');
    const reader = readerOf(aws.endpoint);
    const versions = [];
    for (const _ of [1, 2]) {
      const { id } = bucket.put('tables.json', 'same', 0);
      versions.push((await reader.read('tables.json'))?.version === id);
    }
    versions.push((await reader.read('tables.json'))?.bytes.toString() === 'same');
    expect(versions).toEqual([true, true, true]);
  });

  it('a version is read although there is a newer one, or the object is deleted', async () => {
    const bucket = aws.createBucket(BUCKET, 'versioned');
    const reader = readerOf(aws.endpoint);
    const { id } = bucket.put('tables.json', 'old', 0);
    bucket.put('tables.json', 'new', 0);
    expect((await reader.read('tables.json'))?.bytes.toString()).toBe('new');
    expect(await reader.read('tables.json', id)).toMatchObject({ version: id, bytes: Buffer.from('old') });
    bucket.delete('tables.json');
    expect(await reader.read('tables.json')).toBeUndefined();
    expect((await reader.read('tables.json', id))?.bytes.toString()).toBe('old');
  });
});
