import { Superseded } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { scheduledTable } from './scheduled-table.ts';

/**
 * Starts the final backup of exactly the table whose deletion is scheduled, unless an earlier try has already started
 * it. A later run checks whether the backup succeeded.
 * @throws ServiceError, and Superseded if the table no longer exists
 */
export async function backUp(action: Extract<Action, { kind: 'back-up' }>, ports: Ports): Promise<void> {
  const { table, backup } = action;
  const existing = await scheduledTable(action, ports);
  if (!existing || existing.status === 'DELETING') throw new Superseded(`${table} no longer exists.`);
  const asked = (await ports.backups.list(table)).some(
    ({ name, tableId, status }) => name === backup && tableId === existing.id && status !== 'DELETED',
  );
  if (!asked) await ports.backups.create(table, backup);
}
