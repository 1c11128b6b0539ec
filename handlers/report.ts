import type { Context, ScheduledEvent } from 'aws-lambda';
import { archiveStore } from '../src/archive-store.ts';
import { lambdaMappings } from '../src/mappings.ts';
import { bucketOfReports } from '../src/report-bucket.ts';
import { reportHandlerOf } from '../src/report-handler.ts';

const report = reportHandlerOf(bucketOfReports, () => ({ ...lambdaMappings(), ...archiveStore() }));

/** Writes the page of the fleet into a bucket. Scheduled by stack/report.yml, if deployment.json has a ReportBucket. */
export const handler = (event: ScheduledEvent, context: Context) => report(event, context);
