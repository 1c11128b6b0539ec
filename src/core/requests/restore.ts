import { sayInstant } from '../calendar/instant.ts';
import { GB } from '../cost.ts';
import type { Backup, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { ownershipTags } from '../guards/ownership.ts';
import type { Prices } from '../prices.ts';
import { differences, keyNames } from '../schema.ts';

/** A table to restore, and the backup to restore it from. */
export interface Restoration {
  readonly table: Table;
  readonly backup: Backup;
  /** What AWS charges for the restore, in USD; 0 if the restore has already started. */
  readonly usd: number;
  /** Whether an earlier run started the restore: the table exists, but is not yet adopted. */
  readonly started: boolean;
  /** What an operator should know before the restore, one sentence each. */
  readonly warnings: readonly string[];
}

/** Warns if the backup has a different key: it may be older than the spec, or of an earlier table of the same name. */
export function keyWarnings({ spec }: Table, { key }: Backup): string[] {
  const wanted = keyNames(spec.properties.KeySchema).join(', ');
  const found = key?.join(', ');
  if (found === undefined || found === wanted) return [];
  return [
    `The backup has the key ${found} and the spec has ${wanted}. The table is restored with the key ${found}.`,
  ];
}

/** How a restored table differs from its spec, one sentence each. Streams are ignored, because no backup restores them. */
export const differencesOf = ({ spec }: Table, { schema }: TableState): string[] => {
  const { StreamSpecification: _, ...wanted } = spec.properties;
  const { StreamSpecification: __, ...found } = schema;
  return differences(wanted, found);
};

/** The restore of a deleted table from its newest backup, or a message that says why a restore is not possible. */
export function planRestoration(
  table: Table,
  existing: { readonly state: TableState; readonly tags: Readonly<Record<string, string>> } | undefined,
  backups: readonly Backup[],
  prices: Prices,
): Restoration | { readonly refusal: string } {
  const { name } = table;
  if (existing) return resumed(table, existing.state, existing.tags, backups);
  const [newest] = backups
    .filter(({ status }) => status === 'AVAILABLE')
    .sort((a, b) => b.createdAt - a.createdAt);
  if (newest)
    return {
      table,
      backup: newest,
      usd: (newest.sizeBytes / GB) * prices.backup.restore,
      started: false,
      warnings: [],
    };
  const creating = backups.some(({ status }) => status === 'CREATING');
  const why = creating
    ? 'its backup is still CREATING. Try again after the backup is AVAILABLE.'
    : 'it has no backup. Purge.FinalBackup creates a backup before a table is deleted, and `turntable restore --from archive` restores a table that Purge.Archive has exported. If point-in-time recovery was enabled, DynamoDB retains a backup for 35 days.';
  return { refusal: `${name} cannot be restored: ${why}` };
}

function resumed(
  table: Table,
  { status, createdAt, restoredFrom }: TableState,
  tags: Readonly<Record<string, string>>,
  backups: readonly Backup[],
): Restoration | { readonly refusal: string } {
  const backup = backups.find(({ arn }) => arn === restoredFrom);
  const unmanaged = Object.values(ownershipTags).every((key) => tags[key] === undefined);
  if (backup && unmanaged && status !== 'DELETING')
    return { table, backup, usd: 0, started: true, warnings: [] };
  return {
    refusal: `${table.name} already exists (${status}, created at ${sayInstant(createdAt)}). Restore never overwrites a table.`,
  };
}
