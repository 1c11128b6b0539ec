/** The restore of a table from its export in S3, into a table that is created with its tags and its protection. */
import { type Archive, dataPrefix, errorsPrefix, exportId } from '../archives.ts';
import { sayInstant } from '../calendar/instant.ts';
import { GB } from '../cost.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { KEEP_TAG } from '../guards/ownership.ts';
import type { CreateTable } from '../plan.ts';
import type { Prices } from '../prices.ts';
import { creationInput } from '../rotating/creation.ts';

export interface ArchiveRestoration {
  readonly table: Table;
  readonly archive: Archive;
  /** What AWS charges for the load, in USD, by the billed size of the export. */
  readonly usd: number;
  /** Whether an earlier run created the table, and did not finish. */
  readonly started: boolean;
}

/** The value of the keep tag while a table is loaded from an export, by which the next run knows its own table. */
export const loadingMark = (archive: Archive): string => `restoring ${exportId(archive)}`;

/** The restore of a table from its newest export, or a message that says why it is not possible. */
export function planArchiveRestoration(
  table: Table,
  existing: { readonly state: TableState; readonly tags: Readonly<Record<string, string>> } | undefined,
  archives: readonly Archive[],
  prices: Prices,
): ArchiveRestoration | { readonly refusal: string } {
  const { name } = table;
  const newest = [...archives].sort((a, b) => b.exportTime - a.exportTime);
  const own = existing && newest.find((one) => existing.tags[KEEP_TAG] === loadingMark(one));
  const [archive] = own ? [own] : newest;
  if (existing && !own) {
    const { status, createdAt } = existing.state;
    return {
      refusal: `${name} already exists (${status}, created at ${sayInstant(createdAt)}). Restore never overwrites a table.`,
    };
  }
  if (!archive)
    return {
      refusal: `${name} cannot be restored: the bucket of Purge.Archive has no complete export of it. To see those that exist, run \`turntable archive list ${table.spec.name}\`.`,
    };
  const usd = (archive.billedBytes / GB) * prices.archive.loaded;
  return { table, archive, usd, started: own !== undefined };
}

/**
 * CreateTable's input for the table of an export: as the spec says, with its tags and its protection, but on-demand, and without a
 * stream, so that consumers do not get old items as new ones. The keep tag prevents purge from deleting it.
 */
export function loadableInput(table: Table, archive: Archive, now: number): CreateTable {
  const {
    ProvisionedThroughput: _,
    StreamSpecification: __,
    GlobalSecondaryIndexes: indexes,
    Tags,
    ...input
  } = creationInput(table, now) as CreateTable & {
    GlobalSecondaryIndexes?: readonly { ProvisionedThroughput?: unknown }[];
    Tags?: readonly { Key: string; Value: string }[];
  };
  return {
    ...input,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes && {
      GlobalSecondaryIndexes: indexes.map(({ ProvisionedThroughput: ___, ...index }) => index),
    }),
    Tags: [...(Tags ?? []), { Key: KEEP_TAG, Value: loadingMark(archive) }],
  };
}

/** What is loaded into a table. A try after one that failed needs another token. */
export const loadOf = (archive: Archive, { id }: Pick<TableState, 'id'>, attempt: number) => ({
  token: `restore.${id}.${exportId(archive)}.${attempt}`,
  bucket: archive.bucket,
  prefix: dataPrefix({ arn: archive.exportArn, prefix: archive.prefix }),
  format: archive.format,
  errorsPrefix: errorsPrefix(archive),
});
