import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Sdk } from './config-bucket.ts';

/** For bundles, which can leave out the rest of the client only if they import it at once. */
export const s3Sdk: S3Sdk = { GetObjectCommand, S3Client };
