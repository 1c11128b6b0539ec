import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/failure.ts';
import { withoutFinalDot } from '../core/text.ts';
import type { BucketFile, ConfigBucket } from '../ports.ts';
import { type CallLimits, limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';
import type { S3Sdk } from './s3.ts';

/** A bucket that keeps versions answers with one; before it did, their ID is `null`, which the next object replaces. */
const versionOf = ({ VersionId }: GetObjectCommandOutput): string | undefined =>
  VersionId === 'null' ? undefined : VersionId;

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
        const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
        const file = { bytes, version: versionOf(answer), etag: answer.ETag ?? '' };
        if (answer.ETag) known.set(id, file);
        return file;
      } catch (error) {
        return withoutObject(error, cached, `s3://${bucket}/${key}`);
      }
    },
  };
}

/** What an error says of an object: unchanged, missing, or why it could not be read. @throws ServiceError */
function withoutObject(
  error: unknown,
  cached: BucketFile | undefined,
  address: string,
): BucketFile | undefined {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if ($metadata?.httpStatusCode === 304 && cached) return cached;
  if (name === 'NoSuchKey') return undefined;
  const { code, message } = translate(error);
  const hint =
    $metadata?.httpStatusCode === 403
      ? ' If the file does not exist, S3 answers so without the permission s3:ListBucket.'
      : '';
  throw new ServiceError(code, `Could not read ${address}: ${withoutFinalDot(message)}.${hint}`, {
    cause: error,
  });
}
