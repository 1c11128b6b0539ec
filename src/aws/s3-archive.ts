import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ArchiveSdk } from './archive-store.ts';

/** For bundles, which can leave out the rest of the client only if the names of what is used are imported. */
export const archiveSdk: ArchiveSdk = { GetObjectCommand, ListObjectsV2Command, S3Client };
