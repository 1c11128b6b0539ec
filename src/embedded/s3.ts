/**
 * S3: objects of buckets with or without versions, by path-style requests. Errors and status codes as in
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html and ErrorResponses.html beside it.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from './failure.ts';

interface Version {
  readonly id: string;
  readonly body: Buffer;
  readonly etag: string;
  /** The Content-Type that it was put with. */
  readonly type: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What S3 says of an object that was put without a Content-Type. */
const UNKNOWN_TYPE = 'binary/octet-stream';

const KEYS_PER_PAGE = 1_000;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html */
const NO_VERSION = 'null';

/** A bucket. Without versions, an object has one, whose ID is `null`. */
export class Bucket {
  readonly #objects = new Map<string, (Version | 'deleted')[]>();
  /** Someone can suspend versioning. Older versions then stay. */
  versioned: boolean;

  constructor(versioned: boolean) {
    this.versioned = versioned;
  }

  put(key: string, body: Buffer | string, at: number, type = UNKNOWN_TYPE): Version {
    const bytes = Buffer.from(body);
    const id = this.versioned ? randomUUID().replaceAll('-', '') : NO_VERSION;
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const version = { id, body: bytes, etag, type, at };
    this.#add(key, version);
    return version;
  }

  /** Adds a delete marker if the bucket has versions. */
  delete(key: string): void {
    this.#add(key, 'deleted');
  }

  /** @throws AwsError `NoSuchKey`, `NoSuchVersion` */
  get(key: string, id?: string): Version {
    const versions = this.#objects.get(key) ?? [];
    const found =
      id === undefined ? versions.at(-1) : versions.find((one) => one !== 'deleted' && one.id === id);
    if (found && found !== 'deleted') return found;
    if (id === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  }

  /** The keys of the objects that exist, in the order of S3. */
  keys(): string[] {
    const present = [...this.#objects].filter(([, versions]) => versions.at(-1) !== 'deleted');
    return present.map(([key]) => key).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  #add(key: string, version: Version | 'deleted'): void {
    const earlier = this.#objects.get(key) ?? [];
    const kept = this.versioned
      ? earlier
      : earlier.filter((one) => one !== 'deleted' && one.id !== NO_VERSION);
    this.#objects.set(key, [...kept, version]);
  }
}

/** What a request asks for. The members have the names of the API. */
export interface S3Call {
  readonly operation: 'GetObject' | 'PutObject' | 'DeleteObject' | 'ListObjectsV2' | '';
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
  readonly IfNoneMatch?: string;
  readonly ContentType?: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly ContinuationToken?: string;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Whether a request is for S3, by the service in its signature. */
export const isForS3 = ({ headers }: IncomingMessage): boolean =>
  /Credential=[^/,]+\/\d{8}\/[a-z0-9-]+\/s3\//.test(headers.authorization ?? '');

export function s3Call({ method = '', url = '', headers }: IncomingMessage): S3Call {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, bucket = '', ...key] = pathname.split('/').map(decodeURIComponent);
  const operations: Readonly<Record<string, S3Call['operation']>> = {
    GET: 'GetObject',
    PUT: 'PutObject',
    DELETE: 'DeleteObject',
  };
  if (method === 'GET' && searchParams.get('list-type') === '2') return listCall(bucket, searchParams);
  const version = searchParams.get('versionId');
  const match = headers['if-none-match'];
  const type = headers['content-type'];
  return {
    operation: key.join('/') === '' ? '' : (operations[method] ?? ''),
    Bucket: bucket,
    Key: key.join('/'),
    ...(version !== null && { VersionId: version }),
    ...(match !== undefined && { IfNoneMatch: match }),
    ...(type !== undefined && { ContentType: type }),
  };
}

function listCall(Bucket: string, parameters: URLSearchParams): S3Call {
  return {
    operation: 'ListObjectsV2',
    Bucket,
    Key: '',
    Prefix: parameters.get('prefix') ?? '',
    Delimiter: parameters.get('delimiter') ?? '',
    MaxKeys: Number(parameters.get('max-keys') ?? KEYS_PER_PAGE),
    ContinuationToken: parameters.get('continuation-token') ?? '',
  };
}

/** @throws AwsError */
export function s3Answer(
  buckets: ReadonlyMap<string, Bucket>,
  call: S3Call,
  body: Buffer,
  now: number,
): S3Answer {
  const { operation, Key: key, VersionId, IfNoneMatch, ContentType } = call;
  const bucket = buckets.get(call.Bucket);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  const none = Buffer.alloc(0);
  switch (operation) {
    case 'GetObject': {
      const version = bucket.get(key, VersionId);
      const headers = headersOf(version, bucket);
      if (IfNoneMatch === version.etag) return { status: 304, headers, body: none };
      return { status: 200, headers: { ...headers, 'content-type': version.type }, body: version.body };
    }
    case 'ListObjectsV2':
      return { status: 200, headers: { 'content-type': 'application/xml' }, body: listed(bucket, call) };
    case 'PutObject':
      return { status: 200, headers: headersOf(bucket.put(key, body, now, ContentType), bucket), body: none };
    case 'DeleteObject':
      bucket.delete(key);
      return { status: 204, headers: {}, body: none };
    default:
      throw new AwsError('NotImplemented', 'The embedded AWS does not support this operation of S3', 501);
  }
}

/**
 * The keys after a prefix, up to the delimiter. Each key, and each common prefix, counts as one.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
function listed(bucket: Bucket, { Bucket: name, ...call }: S3Call): Buffer {
  const { Prefix = '', Delimiter = '', MaxKeys = KEYS_PER_PAGE, ContinuationToken: after = '' } = call;
  const found = bucket.keys().filter((key) => key.startsWith(Prefix));
  const entries = [
    ...new Set(
      found.map((key) => {
        const end = Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length);
        return end === -1 ? key : key.slice(0, end + 1);
      }),
    ),
  ].filter((entry) => after === '' || entry > after);
  const page = entries.slice(0, MaxKeys);
  const more = entries.length > page.length;
  const isFolder = (entry: string): boolean => Delimiter !== '' && entry.endsWith(Delimiter);
  const parts = page.map((entry) =>
    isFolder(entry)
      ? `<CommonPrefixes><Prefix>${escaped(entry)}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${escaped(entry)}</Key></Contents>`,
  );
  const next = more ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>` : '';
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${escaped(name)}</Name><Prefix>${escaped(Prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${MaxKeys}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${parts.join('')}</ListBucketResult>`,
  );
}

const headersOf = ({ id, etag, at }: Version, { versioned }: Bucket) => ({
  etag,
  'last-modified': new Date(at).toUTCString(),
  ...(versioned && { 'x-amz-version-id': id }),
});

const escaped = (text: string): string => text.replace(/[&<>]/g, (each) => `&#${each.charCodeAt(0)};`);

export function s3Failure(error: unknown): S3Answer {
  const { type, status, message } =
    error instanceof AwsError ? error : new AwsError('InternalError', String(error), 500);
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escaped(type)}</Code><Message>${escaped(message)}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) };
}
