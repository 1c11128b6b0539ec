/** How a table is deleted, alone or as a replica. All checks come before. */
import { takeLeaving } from './backups.ts';
import type { Region } from './region.ts';
import type { Table } from './table.ts';

/** A table that becomes DELETING now. */
export function startDeletion(region: Region, table: Table): Promise<void> {
  const { name } = table;
  return region.tables.starting('change', async () => {
    await takeLeaving(region, table);
    await region.engine.call('DeleteTable', { TableName: name });
    await untilGone(region, name);
    const endsAt = region.elapsed() + region.deleteTableMs;
    region.served.end(table, region.now());
    region.tables.begin(table, { status: 'DELETING', endsAt, indexes: [], finish: () => {} });
  });
}

/** dynalite removes a table shortly after it responds. It would also remove a new table of the same name. */
async function untilGone(region: Region, name: string): Promise<void> {
  for (;;) {
    try {
      await region.engine.call('DescribeTable', { TableName: name });
    } catch {
      return;
    }
  }
}
