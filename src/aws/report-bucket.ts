import type { S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/failure.ts';
import { withoutFinalDot } from '../core/text.ts';
import type { ReportBucket } from '../ports.ts';
import { regionHint } from './bucket-region.ts';
import { limitCalls, usualLimits } from './call-limits.ts';
import { clientSettings } from './clients.ts';
import { notingOperations } from './error-words.ts';
import { translate } from './errors.ts';

/** What is used of the SDK's S3 client to write. */
export type S3WriteSdk = Pick<typeof import('@aws-sdk/client-s3'), 'PutObjectCommand' | 'S3Client'>;

/** Writes pages into a bucket. Browsers and caches must ask for a page again, because another one can replace it. */
export function reportBucket(bucket: string, sdk: S3WriteSdk): ReportBucket {
  let client: S3Client | undefined;
  return {
    async write(key, page) {
      client ??= limitCalls(notingOperations(new sdk.S3Client(clientSettings(usualLimits))), usualLimits);
      const command = new sdk.PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: page,
        ContentType: 'text/html; charset=utf-8',
        CacheControl: 'no-cache',
      });
      try {
        await client.send(command);
      } catch (error) {
        const { code, message } = translate(error);
        const words = `Could not write s3://${bucket}/${key}: ${withoutFinalDot(message)}.${regionHint(error)}`;
        throw new ServiceError(code, words, { cause: error });
      }
    },
  };
}
