import type { TableState } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import type { Ports } from '../ports.ts';

/** Statuses that turn into ACTIVE, so that another try can succeed. DELETING, ARCHIVED and others never do. */
const changing: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** The description of an ACTIVE table. @throws ServiceError, `in-use` if waiting helps */
export async function activeTable(table: string, { tables }: Pick<Ports, 'tables'>): Promise<TableState> {
  return mustBeActive(table, await tables.describe(table));
}

/** The same, if the table is already described. */
export function mustBeActive(table: string, state: TableState | undefined): TableState {
  if (!state) throw new ServiceError('not-found', `${table} does not exist.`);
  if (state.status === 'ACTIVE') return state;
  if (!changing.has(state.status)) throw new ServiceError('refused', `${table} is ${state.status}.`);
  throw new ServiceError('in-use', `${table} is still ${state.status}.`);
}
