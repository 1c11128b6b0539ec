import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3WriteSdk } from './report-bucket.ts';

/** For bundles, which can leave out the rest of the client only if the names of what is used are imported. */
export const s3WriteSdk: S3WriteSdk = { PutObjectCommand, S3Client };
