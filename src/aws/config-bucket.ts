import type { Readable } from 'node:stream';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/failure.ts';
import { withoutFinalDot } from '../core/text.ts';
import type { BucketFile, ConfigBucket } from '../ports.ts';
import { regionHint } from './bucket-region.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';
import type { S3Sdk } from './s3.ts';

/** No file of a configuration may be larger: src/config/read.ts. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/** A bucket that keeps versions answers with one; before it did, their ID is `null`, which the next object replaces. */
const versionOf = ({ VersionId }: Pick<GetObjectCommandOutput, 'VersionId'>): string | undefined =>
  VersionId === 'null' ? undefined : VersionId;

/** The start of an object, up to more than `largestBytes`, so that the caller can tell that it is too large. */
async function startOf(
  body: GetObjectCommandOutput['Body'],
  largestBytes: number,
  { callMs }: CallLimits,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = body as Readable | undefined;
  // A call ends with the headers, so a body that trickles has a limit of its own.
  const overdue = new ServiceError('unavailable', `The file did not arrive within ${callMs / 1000} seconds`);
  const timer = setTimeout(() => stream?.destroy(overdue), callMs);
  try {
    let bytes = 0;
    for await (const chunk of stream ?? []) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > largestBytes) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads objects, and keeps them in memory: an object that has not changed since is not sent again.
 * `s3:ListBucket` is needed too, because S3 answers without it that a missing object is denied:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function configBucket(
  bucket: string,
  load: () => Promise<S3Sdk> = async () => (await import('./s3.ts')).s3Sdk,
  limits: CallLimits = usualLimits,
  chosen: Chosen = {},
  largestBytes = LARGEST_BYTES,
): ConfigBucket {
  const known = new Map<string, BucketFile & { readonly etag: string }>();
  let opened: Promise<{ client: S3Client; sdk: S3Sdk }> | undefined;
  const open = async () => {
    const sdk = await load();
    return {
      sdk,
      client: limitCalls(
        notingOperations(new sdk.S3Client({ ...clientSettings(limits), ...chosen })),
        limits,
      ),
    };
  };
  return {
    async read(key, version) {
      opened ??= open();
      const { client, sdk } = await opened;
      const id = JSON.stringify([key, version]);
      const cached = known.get(id);
      const etag = cached && { IfNoneMatch: cached.etag };
      try {
        const answer = await client.send(
          new sdk.GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version, ...etag }),
        );
        const bytes = await startOf(answer.Body, largestBytes, limits);
        const file = { bytes, version: versionOf(answer), etag: answer.ETag ?? '' };
        if (answer.ETag) known.set(id, file);
        return file;
      } catch (error) {
        const unchanged = cached && unchangedObject(error, cached);
        if (unchanged) known.set(id, unchanged);
        return unchanged ?? withoutObject(error, `s3://${bucket}/${key}`);
      }
    },
  };
}

/** The object that was read before, if S3 answers that it is the same. Someone can have uploaded the same content as a new version. */
function unchangedObject<T extends BucketFile>(error: unknown, cached: T): T | undefined {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Readonly<Record<string, string>> };
  };
  if ($metadata?.httpStatusCode !== 304) return undefined;
  const newer = $response?.headers?.['x-amz-version-id'];
  return newer === undefined ? cached : { ...cached, version: versionOf({ VersionId: newer }) };
}

/** What an error says of an object: missing, or why it could not be read. @throws ServiceError */
function withoutObject(error: unknown, address: string): undefined {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (name === 'NoSuchKey') return undefined;
  const { code, message } = translate(error);
  const hint =
    name === 'InvalidObjectState'
      ? ' Restore the object in S3 first (aws s3api restore-object).'
      : $metadata?.httpStatusCode === 403
        ? ' If the file does not exist, S3 answers so without the permission s3:ListBucket.'
        : regionHint(error);
  throw new ServiceError(code, `Could not read ${address}: ${withoutFinalDot(message)}.${hint}`, {
    cause: error,
  });
}
