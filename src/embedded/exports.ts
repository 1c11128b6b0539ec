/**
 * Exports to S3: full ones, of the items of now. Items are copied when the export is requested, and S3 has them
 * when it is COMPLETED.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import db from 'dynalite/db/index.js';
import { type ArchiveFormat, isArchiveFormat } from '../core/archives.ts';
import { iso } from '../core/calendar/instant.ts';
import type { Json } from './engine.ts';
import type { TableExport } from './export.ts';
import { AwsError, limitExceeded, notEmbedded, validation } from './failure.ts';
import { itemLines } from './item-lines.ts';
import { itemsOf } from './items.ts';
import type { Operation, Operations, Region } from './region.ts';
import { seconds } from './wire.ts';

const EXPORTS_PER_PAGE = 25;

export function exportOperations(region: Region): Operations {
  const settled = (operation: Operation): Operation => {
    return (input) => {
      settleExports(region);
      return operation(input);
    };
  };
  return {
    ExportTableToPointInTime: settled(start(region)),
    DescribeExport: settled(({ ExportArn }) => ({
      ExportDescription: describe(region.exports.get(ExportArn)),
    })),
    ListExports: settled(list(region)),
  };
}

/** The table of an ARN, which the API takes here instead of its name. */
const nameIn = (arn: unknown): string => /:table\/([^/]+)$/.exec(String(arn))?.[1] ?? '';

function start(region: Region): Operation {
  return async (input) => {
    const name = nameIn(input.TableArn);
    const token = String(input.ClientToken ?? '');
    rejectUnknown(input);
    const earlier = token === '' ? undefined : region.exports.withToken(token);
    if (earlier) {
      if (isSame(earlier, input)) return { ExportDescription: describe(earlier) };
      const message = 'An export with the same client token, and other parameters, exists.';
      throw new AwsError('ExportConflictException', message);
    }
    return region.locks.run([`table ${name}`], async () => {
      const table = region.tables.find(name);
      if (!table) throw new AwsError('TableNotFoundException', `Table not found: ${name}`);
      if (!table.settings.recovery)
        throw new AwsError(
          'PointInTimeRecoveryUnavailableException',
          `Point in time recovery is not enabled for table '${name}'`,
        );
      if (region.exports.inProgress().length >= region.exports.atOnce)
        throw limitExceeded(`Only ${region.exports.atOnce} exports can be in progress simultaneously`);
      const items = await itemsOf(region, name);
      const started = region.exports.add({
        source: { name, arn: table.arn, id: table.id },
        token,
        startedAt: region.now(),
        endsAt: region.elapsed() + region.exportMs,
        bucket: String(input.S3Bucket),
        prefix: String(input.S3Prefix ?? ''),
        format: formatOf(input),
        items,
        sizeBytes: items.reduce((sum, item) => sum + db.itemSize(item), 0),
        failure: region.exports.failure,
      });
      return { ExportDescription: describe(started) };
    });
  };
}

function rejectUnknown({ ExportTime, ExportType, FilterSpecification, ExportFormat, S3Bucket }: Json): void {
  if (typeof S3Bucket !== 'string' || S3Bucket === '')
    throw validation("1 validation error detected: Value at 's3Bucket' failed to satisfy constraint");
  if (ExportTime !== undefined) throw notEmbedded('ExportTime');
  if (ExportType !== undefined && ExportType !== 'FULL_EXPORT') throw notEmbedded('incremental exports');
  if (FilterSpecification !== undefined) throw notEmbedded('FilterSpecification');
  if (ExportFormat !== undefined && !isArchiveFormat(ExportFormat))
    throw validation("1 validation error detected: Value at 'exportFormat' failed to satisfy constraint");
}

const formatOf = ({ ExportFormat = 'DYNAMODB_JSON' }: Json) => ExportFormat as ArchiveFormat;

const isSame = ({ source, bucket, prefix, format }: TableExport, input: Json): boolean =>
  source.arn === input.TableArn &&
  bucket === input.S3Bucket &&
  prefix === String(input.S3Prefix ?? '') &&
  format === formatOf(input);

function list(region: Region): Operation {
  return ({ TableArn, MaxResults = EXPORTS_PER_PAGE, NextToken }) => {
    const all = region.exports
      .remembered()
      .filter(({ source }) => TableArn === undefined || source.arn === TableArn);
    const from = all.findIndex(({ arn }) => arn === NextToken) + 1;
    const page = all.slice(from, from + Number(MaxResults));
    return {
      ExportSummaries: page.map((one) => ({
        ExportArn: one.arn,
        ExportStatus: statusOf(one),
        ExportType: 'FULL_EXPORT',
      })),
      ...(from + page.length < all.length && { NextToken: page.at(-1)?.arn }),
    };
  };
}

function statusOf({ endedAt, failure }: TableExport): string {
  if (endedAt === undefined) return 'IN_PROGRESS';
  return failure ? 'FAILED' : 'COMPLETED';
}

function describe(one: TableExport): Json {
  const { arn, source, token, startedAt, endedAt, bucket, prefix, failure, items, sizeBytes } = one;
  const status = statusOf(one);
  return {
    ExportArn: arn,
    ExportStatus: status,
    StartTime: seconds(startedAt),
    ...(endedAt !== undefined && { EndTime: seconds(endedAt) }),
    ...(status === 'COMPLETED' && {
      ExportManifest: `${folderOf(one)}/manifest-summary.json`,
      BilledSizeBytes: sizeBytes,
      ItemCount: items.length,
    }),
    TableArn: source.arn,
    TableId: source.id,
    ExportTime: seconds(startedAt),
    ...(token !== '' && { ClientToken: token }),
    S3Bucket: bucket,
    ...(prefix !== '' && { S3Prefix: prefix }),
    S3SseAlgorithm: 'AES256',
    ...(status === 'FAILED' && { FailureCode: failure?.code, FailureMessage: failure?.message }),
    ExportFormat: one.format,
    ExportType: 'FULL_EXPORT',
  };
}

const folderOf = ({ prefix, id }: TableExport): string =>
  `${prefix === '' ? '' : `${prefix}/`}AWSDynamoDB/${id}`;

/** Ends the exports whose time is over: S3 then has their objects, unless they FAILED. */
export function settleExports(region: Region): void {
  for (const one of region.exports.inProgress()) {
    if (region.elapsed() < one.endsAt) continue;
    one.endedAt = region.now();
    const bucket = region.buckets.get(one.bucket);
    if (!bucket)
      Object.assign(one, {
        failure: { code: 'S3NoSuchBucket', message: 'The specified bucket does not exist' },
      });
    if (!bucket || one.failure) continue;
    for (const [key, body] of objectsOf(one)) bucket.put(key, body, one.endedAt);
  }
}

/** A file for each partition, of which an embedded table has one, and the manifests with their checksums. */
function objectsOf(one: TableExport): [string, Buffer | string][] {
  const { items, id, format } = one;
  const folder = folderOf(one);
  const { extension, write } = itemLines[format];
  const data = gzipSync(items.map((item) => `${write(item)}\n`).join(''));
  const dataKey = `${folder}/data/${createHash('md5').update(id).digest('hex').slice(0, 26)}.${extension}.gz`;
  const md5 = (body: Buffer | string): string => createHash('md5').update(body).digest('base64');
  const files = `${JSON.stringify({
    itemCount: items.length,
    md5Checksum: md5(data),
    etag: createHash('md5').update(data).digest('hex'),
    dataFileS3Key: dataKey,
  })}\n`;
  const summary = JSON.stringify(summaryOf(one, `${folder}/manifest-files.json`));
  return [
    [`${folder}/_started`, ''],
    [dataKey, data],
    [`${folder}/manifest-files.json`, files],
    [`${folder}/manifest-files.checksum`, md5(files)],
    [`${folder}/manifest-summary.json`, summary],
    [`${folder}/manifest-summary.checksum`, md5(summary)],
  ];
}

const summaryOf = (one: TableExport, manifestFilesS3Key: string): Json => ({
  version: '2020-06-30',
  exportArn: one.arn,
  startTime: iso(one.startedAt),
  endTime: iso(one.endedAt ?? 0),
  tableArn: one.source.arn,
  tableId: one.source.id,
  exportTime: iso(one.startedAt),
  s3Bucket: one.bucket,
  s3Prefix: one.prefix === '' ? null : one.prefix,
  s3SseAlgorithm: 'AES256',
  s3SseKmsKeyId: null,
  manifestFilesS3Key,
  billedSizeBytes: one.sizeBytes,
  itemCount: one.items.length,
  outputFormat: one.format,
  exportType: 'FULL_EXPORT',
});
