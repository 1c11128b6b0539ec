import { visible } from './config/quote.ts';
import { iso } from './core/calendar/instant.ts';
import { DAY_MS } from './core/calendar/period.ts';
import { messageOf } from './core/failure.ts';
import { reportWindow } from './core/report/window.ts';
import { currentConfig } from './current-config.ts';
import { bucketAddress } from './fetched-config.ts';
import { environmentOf, type Invocation, instantOf, logLine, type TimedEvent } from './invocation.ts';
import { fleetReport } from './jobs/report.ts';
import type { Ports, ReportBucket } from './ports.ts';
import { reportPage } from './report/page.ts';
import { awsPorts, configFolder, wallClock } from './runtime.ts';

/** The default of `turntable report --since`. */
const SINCE_MS = 7 * DAY_MS;

/** What a run of the report wrote. */
export interface WrittenReport {
  readonly job: 'report';
  readonly environment: string;
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: 'done';
  readonly message: string;
  readonly objects: readonly string[];
  readonly bytes: number;
  readonly metricReads: number;
  readonly metricReadsUsd: number;
}

/** What Lambda's context has besides what jobs read. */
type ReportInvocation = Invocation & { readonly invokedFunctionArn?: string };

/**
 * A Lambda handler that writes the page of `turntable report` into the bucket of TURNTABLE_REPORT, such as `s3://bucket/prefix`: one
 * object for the day, and `latest.html`. It changes nothing else. Logs what it wrote as one line of JSON.
 * @throws ConfigError, and ServiceError if the fleet cannot be read or the page cannot be written
 */
export function reportHandlerOf(
  bucketOf: (bucket: string) => ReportBucket,
  ownPorts: () => Pick<Ports, 'mappings' | 'archive'> = () => ({}),
) {
  return async (event?: TimedEvent | null, context?: ReportInvocation): Promise<WrittenReport> => {
    try {
      const written = await writeReport(event, context, bucketOf, ownPorts());
      logLine(written);
      return written;
    } catch (error) {
      logLine({ job: 'report', outcome: 'failed', message: messageOf(error) });
      throw error;
    }
  };
}

async function writeReport(
  event: TimedEvent | null | undefined,
  context: ReportInvocation | undefined,
  bucketOf: (bucket: string) => ReportBucket,
  own: Pick<Ports, 'mappings' | 'archive'>,
): Promise<WrittenReport> {
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const { bucket, prefix } = placeOfReports(process.env.TURNTABLE_REPORT);
  const now = Math.min(instantOf(event), wallClock.now());
  const ports = { ...awsPorts(environment), ...own };
  const { config, note } = await currentConfig(configFolder(), {
    job: 'report',
    environment,
    state: ports.state,
    now,
  });
  const account = context?.invokedFunctionArn?.split(':')[4];
  const place = { region: process.env.AWS_REGION ?? '', ...(account && { account }) };
  const report = await fleetReport({ config, now, window: reportWindow(SINCE_MS, now), place }, ports);
  const page = reportPage(report);
  const folder = [prefix, environment].filter((part) => part !== '').join('/');
  const keys = [`${iso(now).slice(0, 10)}.html`, 'latest.html'].map((file) => `${folder}/${file}`);
  const reports = bucketOf(bucket);
  for (const key of keys) await reports.write(key, page);
  const objects = keys.map((key) => `s3://${bucket}/${key}`);
  const { metricReads } = report;
  const metricReadsUsd = Number(report.metricReadsUsd.toPrecision(3));
  const message = [`Wrote ${objects[0]} and latest.html.`, note].filter(Boolean).join(' ');
  const bytes = Buffer.byteLength(page);
  return {
    ...{ job: 'report', environment, at: iso(now), outcome: 'done', message },
    ...{ objects, bytes, metricReads, metricReadsUsd },
  };
}

/** @throws Error if TURNTABLE_REPORT names no bucket */
function placeOfReports(place = ''): { readonly bucket: string; readonly prefix: string } {
  const address = place.startsWith('s3://') ? bucketAddress(place) : { problem: '' };
  if ('bucket' in address) return address;
  throw new Error(
    `TURNTABLE_REPORT is "${visible(place)}". It must name a bucket, in a form such as s3://bucket/prefix.`,
  );
}
