import {
  dataPrefix,
  type Export,
  type Manifest,
  manifestFrom,
  SUMMARY_FILE,
  summaryKey,
} from '../../../src/core/archives.ts';
import { iso } from '../../../src/core/calendar/instant.ts';
import { DAY_MS, HOUR_MS } from '../../../src/core/calendar/period.ts';
import { ServiceError } from '../../../src/core/failure.ts';
import type { ArchiveStore, ExportRequest } from '../../../src/ports.ts';
import type { SimTable } from './table.ts';

interface SimExport extends Omit<Export, 'status'> {
  readonly tableArn: string;
  readonly endsAt: number;
  readonly itemCount: number;
  readonly items: ReadonlyMap<string, string>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html */
const TOKEN_MS = 8 * HOUR_MS;
/** How long DynamoDB remembers exports. Their objects stay. */
const REMEMBERED_MS = 90 * DAY_MS;

/** Exports in memory: first IN_PROGRESS, then COMPLETED or FAILED. Only their manifests are in S3, because tables have no items. */
export class SimExports {
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
  atOnce = 300;
  /** Set it to let the exports that start from now on FAIL, with this reason. */
  failure: string | undefined;
  readonly #all: SimExport[] = [];
  /** Keys of manifests that were deleted from S3. */
  readonly lost = new Set<string>();

  /** @throws ServiceError like DynamoDB */
  start(table: SimTable, request: ExportRequest, now: number, exportMs: number): void {
    const { arn: tableArn, id, itemCount } = table.describe(now);
    const earlier = this.#all.find(
      ({ token, startedAt }) => token === request.token && now - startedAt < TOKEN_MS,
    );
    if (earlier) {
      const { bucket, prefix, format } = earlier;
      const same = bucket === request.bucket && prefix === request.prefix && format === request.format;
      if (same && earlier.tableArn === tableArn) return;
      throw new ServiceError('in-use', 'An export with the same client token, and other parameters, exists.');
    }
    if (!table.recovery.enabled)
      throw new ServiceError(
        'refused',
        `Point in time recovery is not enabled for table '${table.input.TableName}'`,
      );
    if (this.#all.filter(({ endsAt }) => now < endsAt).length >= this.atOnce)
      throw new ServiceError('limit-exceeded', `Subscriber limit exceeded: Only ${this.atOnce} exports`);
    this.#all.push({
      ...request,
      arn: `${tableArn}/export/${String(now).padStart(14, '0')}-${this.#all.length}`,
      tableArn,
      tableId: id,
      startedAt: now,
      exportTime: now,
      endsAt: now + exportMs,
      itemCount,
      items: new Map(table.items),
      ...(this.failure !== undefined && { failure: this.failure }),
    });
  }

  of(tableArn: string, now: number): Export[] {
    return this.#remembered(now)
      .filter((one) => one.tableArn === tableArn)
      .map((one) => described(one, now));
  }

  find(arn: string, now: number): Export | undefined {
    const found = this.#remembered(now).find((one) => one.arn === arn);
    return found && described(found, now);
  }

  /** What S3 has. */
  store(now: () => number): ArchiveStore {
    const keys = (bucket: string) =>
      this.#all
        .filter((one) => one.bucket === bucket && described(one, now()).status === 'COMPLETED')
        .map((one) => ({ key: summaryKey(one), one }))
        .filter(({ key }) => !this.lost.has(key));
    return {
      read: async (bucket, key) => {
        const found = keys(bucket).find((each) => each.key === key);
        return found && summaryOf(found.one);
      },
      folders: async (bucket, prefix) => {
        const found = keys(bucket).filter(({ key }) => key.startsWith(prefix));
        return [...new Set(found.map(({ key }) => key.slice(0, key.indexOf('/', prefix.length) + 1)))].sort();
      },
    };
  }

  /** All manifests in S3. */
  manifests(now: number): Manifest[] {
    return this.#all.flatMap((one) =>
      described(one, now).status === 'COMPLETED' ? (manifestFrom(summaryOf(one)) ?? []) : [],
    );
  }

  /** What S3 has below a prefix. Tables count more items than tests give them. */
  below(bucket: string, prefix: string): { count: number; items: ReadonlyMap<string, string> } {
    const found = this.#all.find((one) => one.bucket === bucket && dataPrefix(one) === prefix);
    return { count: found?.itemCount ?? 0, items: found?.items ?? new Map() };
  }

  /** Deletes the manifests of a table, as a lifecycle rule of the bucket would. */
  lose(table: string): void {
    for (const one of this.#all) if (one.tableArn.endsWith(`/${table}`)) this.lost.add(summaryKey(one));
  }

  /** The ClientToken of every export. */
  get tokens(): string[] {
    return this.#all.map(({ token }) => token);
  }

  #remembered(now: number): SimExport[] {
    return this.#all.filter(({ startedAt }) => now - startedAt < REMEMBERED_MS);
  }
}

function described(
  { tableArn: _, endsAt, itemCount: __, items: ___, failure, ...one }: SimExport,
  now: number,
): Export {
  if (now < endsAt) return { ...one, status: 'IN_PROGRESS' };
  return failure === undefined ? { ...one, status: 'COMPLETED' } : { ...one, status: 'FAILED', failure };
}

const summaryOf = (one: SimExport): string =>
  JSON.stringify({
    version: '2020-06-30',
    exportArn: one.arn,
    startTime: iso(one.startedAt),
    endTime: iso(one.endsAt),
    tableArn: one.tableArn,
    tableId: one.tableId,
    exportTime: iso(one.exportTime),
    s3Bucket: one.bucket,
    s3Prefix: one.prefix,
    manifestFilesS3Key: summaryKey(one).replace(SUMMARY_FILE, 'manifest-files.json'),
    billedSizeBytes: 0,
    itemCount: one.itemCount,
    outputFormat: one.format,
    exportType: 'FULL_EXPORT',
  });
