import { sayInstant } from '../calendar/instant.ts';
import { GB } from '../cost.ts';
import type { Table } from '../fleet.ts';
import { ownershipTags } from '../guards/ownership.ts';
import type { Backup, TableState } from '../observed.ts';
import type { Prices } from '../prices.ts';
import { differences, keyNames } from '../schema.ts';

/** A table to bring back. */
export interface Restoration {
  readonly table: Table;
  readonly backup: Backup;
  /** What AWS charges for it, USD; nothing where it is under way already. */
  readonly usd: number;
  /** It stands, restored by an earlier run that did not come to its end. */
  readonly begun: boolean;
  /** What somebody should know before: scheduledDeletions. */
  readonly cautions: readonly string[];
}

/** What somebody should know before it comes back: it may be older than the spec, or of another table of that name. */
export function keyCautions({ spec }: Table, { key }: Backup): string[] {
  const wanted = keyNames(spec.properties.KeySchema).join(', ');
  const found = key?.join(', ');
  if (found === undefined || found === wanted) return [];
  return [`The backup's key is ${found}; the spec says ${wanted}: it comes back with the key that it had.`];
}

/** How a table that came back differs from what its spec makes now: a sentence each. Streams no backup brings back. */
export const differencesOf = ({ spec }: Table, { schema }: TableState): string[] => {
  const { StreamSpecification: _, ...wanted } = spec.properties;
  const { StreamSpecification: __, ...found } = schema;
  return differences(wanted, found);
};

/** The newest backup of a table that is gone; or why there is nothing to restore, for people. */
export function planRestoration(
  table: Table,
  standing: { readonly state: TableState; readonly tags: Readonly<Record<string, string>> } | undefined,
  backups: readonly Backup[],
  prices: Prices,
): Restoration | { readonly refusal: string } {
  const { name } = table;
  if (standing) return resumed(table, standing.state, standing.tags, backups);
  const [newest] = backups
    .filter(({ status }) => status === 'AVAILABLE')
    .sort((a, b) => b.createdAt - a.createdAt);
  if (newest)
    return {
      table,
      backup: newest,
      usd: (newest.sizeBytes / GB) * prices.backup.restore,
      begun: false,
      cautions: [],
    };
  const making = backups.some(({ status }) => status === 'CREATING');
  const why = making
    ? 'Its backup is still being made.'
    : 'There is no backup of it. Purge.FinalBackup makes one before a table goes, and DynamoDB keeps one for 35 days where point-in-time recovery was on.';
  return { refusal: `${name} cannot be restored. ${why}` };
}

const ours = Object.values(ownershipTags);

function resumed(
  table: Table,
  { status, createdAt, restoredFrom }: TableState,
  tags: Readonly<Record<string, string>>,
  backups: readonly Backup[],
): Restoration | { readonly refusal: string } {
  const backup = backups.find(({ arn }) => arn === restoredFrom);
  const unowned = ours.every((key) => tags[key] === undefined);
  if (backup && unowned && status !== 'DELETING') return { table, backup, usd: 0, begun: true, cautions: [] };
  const stands = `${table.name} stands (${status}, made ${sayInstant(createdAt)})`;
  return { refusal: `${stands}; only what is gone is restored, and nothing is overwritten.` };
}
