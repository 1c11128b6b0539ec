import { ServiceError } from '../core/failure.ts';
import type { TableState } from '../core/observed.ts';
import type { Ports } from '../ports.ts';

/** What ends in ACTIVE by itself, and so is worth another try; DELETING, ARCHIVED and the like never do. */
const changing: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** The table as it stands, once it is ACTIVE. @throws ServiceError, `in-use` where waiting helps */
export async function activeTable(table: string, { tables }: Ports): Promise<TableState> {
  const state = await tables.describe(table);
  if (!state) throw new ServiceError('not-found', `${table} does not exist.`);
  if (state.status === 'ACTIVE') return state;
  if (!changing.has(state.status)) throw new ServiceError('refused', `${table} is ${state.status}.`);
  throw new ServiceError('in-use', `${table} is still ${state.status}.`);
}
