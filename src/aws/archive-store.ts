import type { ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/failure.ts';
import { withoutFinalDot } from '../core/text.ts';
import type { ArchiveStore, ConfigBucket } from '../ports.ts';
import { regionHint } from './bucket-region.ts';
import { limitCalls, usualLimits } from './call-limits.ts';
import { type Chosen, clientSettings } from './clients.ts';
import { configBucket } from './config-bucket.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';

/** What is used of the SDK's S3 client to find and read manifests. */
export type ArchiveSdk = Pick<
  typeof import('@aws-sdk/client-s3'),
  'GetObjectCommand' | 'ListObjectsV2Command' | 'S3Client'
>;

/** The objects of exports. The client is loaded with the first call, which only specs with Purge.Archive need. */
export function awsArchiveStore(load: () => Promise<ArchiveSdk>, chosen: Chosen = {}): ArchiveStore {
  const buckets = new Map<string, ConfigBucket>();
  const bucketOf = (name: string): ConfigBucket => {
    const known = buckets.get(name) ?? configBucket(name, load, usualLimits, chosen);
    buckets.set(name, known);
    return known;
  };
  let client: S3Client | undefined;
  return {
    async read(bucket, key) {
      return (await bucketOf(bucket).read(key))?.bytes.toString('utf8');
    },
    async folders(bucket, prefix) {
      const { ListObjectsV2Command, S3Client } = await load();
      client ??= limitCalls(
        notingOperations(new S3Client({ ...clientSettings(usualLimits), ...chosen })),
        usualLimits,
      );
      const found: string[] = [];
      let ContinuationToken: string | undefined;
      try {
        do {
          const input = { Bucket: bucket, Prefix: prefix, Delimiter: '/', ContinuationToken };
          const page: ListObjectsV2CommandOutput = await client.send(new ListObjectsV2Command(input));
          for (const { Prefix = '' } of page.CommonPrefixes ?? []) found.push(Prefix);
          ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken);
        return found;
      } catch (error) {
        const { code, message } = translate(error);
        const words = `Could not list s3://${bucket}/${prefix}: ${withoutFinalDot(message)}.${regionHint(error)}`;
        throw new ServiceError(code, words, { cause: error });
      }
    },
  };
}
