/** What is read of exports in S3: the same on the embedded S3 and on s3rver. */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveSdk, awsArchiveStore } from '../../src/aws/archive-store.ts';
import { type RealS3, s3Kinds } from '../support/s3-kinds.ts';

const BUCKET = 'archive';
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** The keys of an export of each table, as DynamoDB writes them. s3rver finds a folder only if an object is directly in it. */
const keys = (table: string, id: string): string[] => [
  ...['_started', 'data/a.json.gz', 'manifest-files.json', 'manifest-summary.json'].map(
    (file) => `cold/production.${table}/AWSDynamoDB/${id}/${file}`,
  ),
  `cold/production.${table}/note`,
];

describe.each(Object.keys(s3Kinds))('on %s, the store of exports', (kind) => {
  let real: RealS3;
  /** How many keys S3 puts on a page. */
  let keysPerPage: number | undefined;
  const load = async (): Promise<ArchiveSdk> => {
    const sdk = await import('@aws-sdk/client-s3');
    class Client extends sdk.S3Client {
      constructor(settings: object) {
        const place = { endpoint: real.endpoint, region: 'us-east-1', credentials, forcePathStyle: true };
        super({ ...settings, ...place });
        this.middlewareStack.add(
          (next) => (args) => {
            const input = args.input as { Delimiter?: string; MaxKeys?: number };
            if (keysPerPage !== undefined && input.Delimiter) input.MaxKeys = keysPerPage;
            return next(args);
          },
          { step: 'initialize' },
        );
      }
    }
    return { ...sdk, S3Client: Client } as ArchiveSdk;
  };

  beforeAll(async () => {
    real = await s3Kinds[kind]!(BUCKET);
    const client = new S3Client({
      endpoint: real.endpoint,
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
    });
    const all = [...keys('A.20261119', '01-a'), ...keys('A.20261120', '02-b'), ...keys('B.20261119', '03-c')];
    for (const Key of all)
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: `of ${Key}` }));
    client.destroy();
  });
  afterAll(() => real.close());

  it('has the text of an object, and undefined for one that does not exist', async () => {
    const [key] = keys('A.20261119', '01-a');
    expect(await awsArchiveStore(load).read(BUCKET, key!)).toBe(`of ${key}`);
    expect(await awsArchiveStore(load).read(BUCKET, 'cold/none')).toBeUndefined();
  });

  it.each([undefined, 1])('finds the folders below a prefix, with %s on each page', async (perPage) => {
    keysPerPage = perPage;
    const store = awsArchiveStore(load);
    expect(await store.folders(BUCKET, 'cold/production.A')).toEqual([
      'cold/production.A.20261119/',
      'cold/production.A.20261120/',
    ]);
    expect(await store.folders(BUCKET, 'cold/production.B.20261119/AWSDynamoDB/')).toEqual([
      'cold/production.B.20261119/AWSDynamoDB/03-c/',
    ]);
    expect(await store.folders(BUCKET, 'cold/production.C')).toEqual([]);
    keysPerPage = undefined;
  });

  it('names the place of what it could not list or read', async () => {
    const store = awsArchiveStore(load);
    await expect(store.folders('no-such-bucket', 'cold')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/^Could not list s3:\/\/no-such-bucket\/cold: .*bucket does not exist/),
    });
    await expect(store.read('no-such-bucket', 'cold')).rejects.toThrow(
      /^Could not read s3:\/\/no-such-bucket\/cold: /,
    );
  });
});

it('says that an object has to be restored from its storage class', async () => {
  const sdk = await import('@aws-sdk/client-s3');
  class Client extends sdk.S3Client {
    constructor(settings: object) {
      super({ ...settings, region: 'us-east-1', credentials });
      const answer = { name: 'InvalidObjectState', $metadata: { httpStatusCode: 403 } };
      const error = Object.assign(
        new Error("The operation is not valid for the object's storage class"),
        answer,
      );
      this.middlewareStack.add(() => () => Promise.reject(error), { step: 'initialize' });
    }
  }
  const load = async () => ({ ...sdk, S3Client: Client }) as ArchiveSdk;
  await expect(awsArchiveStore(load).read(BUCKET, 'key')).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(
      /^Could not read s3:\/\/archive\/key: .*Restore the object in S3 first \(aws s3api restore-object\)\.$/,
    ),
  });
});
