import { reportBucket } from './aws/report-bucket.ts';
import { s3WriteSdk } from './aws/report-s3.ts';
import type { ReportBucket } from './ports.ts';

/** A bucket for the bundle of the report. */
export const bucketOfReports = (bucket: string): ReportBucket => reportBucket(bucket, s3WriteSdk);
