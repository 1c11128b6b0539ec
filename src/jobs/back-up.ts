import { Superseded } from '../core/failure.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { scheduledTable } from './still-scheduled.ts';

/**
 * Asks for the final backup of the very table that was condemned, unless an earlier try whose answer got lost has.
 * Whether it succeeds is for a later run to see.
 * @throws ServiceError, and Superseded where the table is gone
 */
export async function backUp(action: Extract<Action, { kind: 'back-up' }>, ports: Ports): Promise<void> {
  const { table, backup } = action;
  const standing = await scheduledTable(action, ports);
  if (!standing || standing.status === 'DELETING') throw new Superseded(`${table} is gone.`);
  const asked = (await ports.backups.list(table)).some(
    ({ name, tableId, status }) => name === backup && tableId === standing.id && status !== 'DELETED',
  );
  if (!asked) await ports.backups.create(table, backup);
}
