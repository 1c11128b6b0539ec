import { isFailure, ServiceError } from '../core/failure.ts';
import { KEEP_TAG } from '../core/guards/ownership.ts';
import type { TableState } from '../core/observed.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { scheduledTable } from './still-scheduled.ts';

type Delete = Extract<Action, { kind: 'delete' }>;

/**
 * Deletes the very table that was condemned, and no later one of the same name; a protection that the plan knew
 * of is taken off just before. A final backup that it goes by has to be there, and no tag that keeps it.
 * @throws ServiceError
 */
export async function remove(action: Delete, ports: Ports): Promise<void> {
  const standing = await scheduledTable(action, ports);
  if (standing && standing.status !== 'DELETING') {
    if (standing.status === 'UPDATING')
      throw new ServiceError('in-use', `${action.table} is still UPDATING.`);
    await mustNotBeKept(standing, ports.tables);
    if (action.backup !== undefined) await mustBeAvailable(action.backup, standing, ports);
    await drop(action, standing, ports.tables);
  }
  await ports.state.cancelDeletion(action.table);
}

/** Somebody may have wanted it kept since the plan was made. */
async function mustNotBeKept({ arn }: TableState, tables: Ports['tables']): Promise<void> {
  if (KEEP_TAG in (await tables.tags(arn)))
    throw new ServiceError('refused', `Its tag ${KEEP_TAG} keeps it since this was planned.`);
}

async function mustBeAvailable(arn: string, { id }: TableState, { backups }: Ports): Promise<void> {
  const backup = await backups.describe(arn);
  if (backup?.status === 'AVAILABLE' && backup.tableId === id) return;
  throw new ServiceError('refused', `Its final backup ${arn} is not available any more.`);
}

async function drop(
  { table, unprotect }: Delete,
  standing: TableState,
  tables: Ports['tables'],
): Promise<void> {
  const landing = (cause?: unknown) =>
    new ServiceError('in-use', 'Its deletion protection is being taken off.', { cause });
  if (!standing.deletionProtected) {
    return tables.remove(table).catch((error: unknown) => {
      // The change takes a moment to be seen everywhere; until then the table counts as protected.
      throw unprotect && isFailure(error, 'refused') ? landing(error) : error;
    });
  }
  if (!unprotect) throw new ServiceError('refused', 'It was protected after this was planned.');
  await tables.protect(table, false);
  throw landing();
}
