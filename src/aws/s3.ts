import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** What is used of the SDK's S3 client to read. */
export type S3Sdk = Pick<typeof import('@aws-sdk/client-s3'), 'GetObjectCommand' | 'S3Client'>;

/** For bundles, which can leave out the rest of the client only if the names of what is used are imported. */
export const s3Sdk: S3Sdk = { GetObjectCommand, S3Client };
