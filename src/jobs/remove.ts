import { ServiceError } from '../core/failure.ts';
import { iso } from '../core/instant.ts';
import type { TableState } from '../core/observed.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';

type Delete = Extract<Action, { kind: 'delete' }>;

/**
 * Deletes the very table that was condemned, and no later one of the same name; a protection that the plan knew
 * of is taken off just before.
 * @throws ServiceError
 */
export async function remove(action: Delete, { tables, state }: Ports): Promise<void> {
  const standing = await tables.describe(action.table);
  if (standing && iso(standing.createdAt) !== action.createdAt) {
    throw new ServiceError(
      'refused',
      `It was made ${iso(standing.createdAt)}, the condemned one ${action.createdAt}.`,
    );
  }
  if (standing && standing.status !== 'DELETING') await drop(action, standing, tables);
  await state.pardon(action.table);
}

async function drop(action: Delete, standing: TableState, tables: Ports['tables']): Promise<void> {
  const { table, unprotect } = action;
  if (!standing.deletionProtected) return tables.remove(table);
  if (!unprotect) throw new ServiceError('refused', 'It was protected after this was planned.');
  await tables.protect(table, false);
  try {
    await tables.remove(table);
  } catch (error) {
    // The change takes a moment to be seen everywhere; until then the table counts as protected.
    if (!(error instanceof ServiceError && error.code === 'refused')) throw error;
    throw new ServiceError('in-use', 'Its deletion protection is being taken off.', { cause: error });
  }
}
