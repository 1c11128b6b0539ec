import { iso } from '../core/calendar/instant.ts';
import type { TableState } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import type { Ports } from '../ports.ts';

/**
 * The table whose deletion was scheduled; undefined if it no longer exists.
 * @throws ServiceError if a later table has its name
 */
export async function scheduledTable(
  { table, createdAt }: { readonly table: string; readonly createdAt: string },
  { tables }: Ports,
): Promise<TableState | undefined> {
  const existing = await tables.describe(table);
  if (existing && iso(existing.createdAt) !== createdAt) {
    throw new ServiceError(
      'refused',
      `The table was created at ${iso(existing.createdAt)}, but the deletion was scheduled for one created at ${createdAt}.`,
    );
  }
  return existing;
}
