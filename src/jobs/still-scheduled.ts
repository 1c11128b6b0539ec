import { iso } from '../core/calendar/instant.ts';
import { ServiceError } from '../core/failure.ts';
import type { TableState } from '../core/observed.ts';
import type { Ports } from '../ports.ts';

/** The very table that was condemned, undefined where it is gone. @throws ServiceError where it is a later one */
export async function scheduledTable(
  { table, createdAt }: { readonly table: string; readonly createdAt: string },
  { tables }: Ports,
): Promise<TableState | undefined> {
  const standing = await tables.describe(table);
  if (standing && iso(standing.createdAt) !== createdAt) {
    throw new ServiceError(
      'refused',
      `It was made ${iso(standing.createdAt)}, the condemned one ${createdAt}.`,
    );
  }
  return standing;
}
