import { ServiceError } from '../core/failure.ts';
import { iso } from '../core/instant.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';
import { create } from './create.ts';
import { resize } from './resize.ts';
import { switchBilling, switchClass } from './switch.ts';

/** One try of one action. @throws ServiceError, and Overtaken where the world has moved on */
export async function perform(action: Action, ports: Ports): Promise<void> {
  const { tables, state } = ports;
  switch (action.kind) {
    case 'create':
      return create(action, ports);
    case 'raise':
    case 'lower':
      return resize(action, ports);
    case 'billing':
      return switchBilling(action, ports);
    case 'table-class':
      return switchClass(action, ports);
    case 'time-to-live':
      await activeTable(action.table, ports);
      return tables.setTimeToLive(action.table, action.attribute, action.enabled);
    case 'recovery':
      await activeTable(action.table, ports);
      return tables.setRecovery(action.table, { enabled: action.enabled, days: action.days });
    case 'condemn': {
      const { table, createdAt, condemnedAt } = action;
      return state.condemn({ table, createdAt: Date.parse(createdAt), condemnedAt: Date.parse(condemnedAt) });
    }
    case 'pardon':
      return state.pardon(action.table);
    case 'delete':
      return remove(action, ports);
  }
}

/** The very table that was condemned, and no later one of the same name. */
async function remove(action: Extract<Action, { kind: 'delete' }>, { tables, state }: Ports): Promise<void> {
  const standing = await tables.describe(action.table);
  if (standing && iso(standing.createdAt) !== action.createdAt) {
    throw new ServiceError(
      'refused',
      `It was made ${iso(standing.createdAt)}, the condemned one ${action.createdAt}.`,
    );
  }
  if (standing && standing.status !== 'DELETING') await tables.remove(action.table);
  await state.pardon(action.table);
}
