/**
 * Exports of tables to S3, and what S3 has of them. Records of exports are gone after 90 days, and their objects stay.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
 */

export type ArchiveFormat = 'DYNAMODB_JSON' | 'ION';

/** Where the tables of a group are exported to. */
export interface ArchivePlace {
  readonly bucket: string;
  /** Without slashes at its ends. undefined: none. */
  readonly prefix?: string;
  readonly format: ArchiveFormat;
}

/** What S3 says of a completed export, in its `manifest-summary.json`. */
export interface Manifest {
  readonly exportArn: string;
  readonly tableArn: string;
  /** TableId. A later table of the same name has another one. */
  readonly tableId: string;
  /** The export has the items of this instant. Epoch milliseconds. */
  readonly exportTime: number;
  readonly itemCount: number;
  readonly billedBytes: number;
  readonly format: ArchiveFormat;
}

/** A full export of a table, as DescribeExport returns it. */
export interface Export {
  /** It ends with the id of the export, which is also in the keys of its objects. */
  readonly arn: string;
  /** TableId of the exported table. */
  readonly tableId: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  /** ClientToken. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The export has the items of this instant. Epoch milliseconds. */
  readonly exportTime: number;
  readonly bucket: string;
  /** What the keys of its objects start with. Empty without a prefix. */
  readonly prefix: string;
  readonly format: ArchiveFormat;
  /** FailureCode and FailureMessage of a FAILED export. */
  readonly failure?: string;
}

/** A completed export in S3, whether or not DynamoDB still has a record of it. */
export interface Archive extends Manifest {
  readonly bucket: string;
  /** What the keys of its objects start with. Empty without a prefix. */
  readonly prefix: string;
}

/** How a load of items from S3 into a table goes, as DescribeBulkOperation returns it. */
export interface BulkLoad {
  readonly arn: string;
  readonly status:
    | 'IN_PROGRESS'
    | 'COMPLETED'
    /** Some items could not be put, and the others were. */
    | 'COMPLETED_WITH_ERRORS'
    /** Or a person canceled it. Some items can have been put before. */
    | 'FAILED';
  /** Items that DynamoDB has read, those that it could not put among them. */
  readonly processed: number;
  readonly failed: number;
  /** FailureCode and FailureMessage. */
  readonly failure?: string;
}

/** The keys of the objects of a table start with this, so that its exports are found without a record of them. */
export const archivePrefix = ({ prefix }: Pick<ArchivePlace, 'prefix'>, table: string): string =>
  prefix === undefined ? table : `${prefix}/${table}`;

/** DynamoDB puts this between the prefix of an export and its id. */
export const EXPORTS_FOLDER = 'AWSDynamoDB';
export const SUMMARY_FILE = 'manifest-summary.json';

const folderOf = ({ arn, prefix }: Pick<Export, 'arn' | 'prefix'>): string =>
  `${prefix === '' ? '' : `${prefix}/`}${EXPORTS_FOLDER}/${arn.slice(arn.lastIndexOf('/') + 1)}`;

/** The key of the summary of an export. */
export const summaryKey = (one: Pick<Export, 'arn' | 'prefix'>): string => `${folderOf(one)}/${SUMMARY_FILE}`;

/** What the keys of its items start with. Nothing else does. */
export const dataPrefix = (one: Pick<Export, 'arn' | 'prefix'>): string => `${folderOf(one)}/data/`;

/** `s3://bucket/archive/production.Events.20261121/AWSDynamoDB/01234567890123-a1b2c3d4/`. */
export const addressOf = (one: Pick<Export, 'arn' | 'bucket' | 'prefix'>): string =>
  `s3://${one.bucket}/${folderOf(one)}/`;

/** The id of an export, `01234567890123-a1b2c3d4`. */
export const exportId = ({ exportArn }: Pick<Manifest, 'exportArn'>): string =>
  exportArn.slice(exportArn.lastIndexOf('/') + 1);

/** What the keys of reports on items start with that a load could not put. No export has such keys. */
export const errorsPrefix = (archive: Pick<Archive, 'prefix' | 'exportArn'>): string =>
  `${archive.prefix === '' ? '' : `${archive.prefix}/`}restore/${exportId(archive)}`;

export const isArchiveFormat = (text: unknown): text is ArchiveFormat =>
  text === 'DYNAMODB_JSON' || text === 'ION';

/** The manifest in the text of a `manifest-summary.json`; undefined if it is not the complete manifest of a full export. */
export function manifestFrom(text: string): Manifest | undefined {
  const { exportArn, tableArn, tableId, exportTime, itemCount, billedSizeBytes, outputFormat, exportType } =
    objectIn(text);
  const instant = Date.parse(String(exportTime));
  const isWhole = exportType === undefined || exportType === 'FULL_EXPORT';
  if (!isWhole || typeof exportArn !== 'string' || typeof tableArn !== 'string') return undefined;
  if (typeof tableId !== 'string' || Number.isNaN(instant) || !isArchiveFormat(outputFormat))
    return undefined;
  if (!isCount(itemCount)) return undefined;
  const billedBytes = isCount(billedSizeBytes) ? billedSizeBytes : 0;
  return { exportArn, tableArn, tableId, exportTime: instant, itemCount, billedBytes, format: outputFormat };
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function objectIn(text: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
