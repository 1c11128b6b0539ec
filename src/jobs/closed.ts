import { iso } from '../core/calendar/instant.ts';
import type { TableState } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import type { Ports } from '../ports.ts';

/**
 * A person might have opened the environment again after planning, also if the lease of this run has ended.
 * @throws ServiceError if the environment is no longer closed, or the confirmed plan does not list the table
 */
export async function mustBeClosed(
  closedAt: string,
  { id, name }: TableState,
  { state }: Ports,
): Promise<void> {
  const closing = await state.closing();
  if (closing && iso(closing.since) === closedAt && closing.tables.get(id)?.name === name) return;
  throw new ServiceError('refused', 'The environment was opened again after planning.');
}
