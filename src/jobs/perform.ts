import type { Action } from '../core/plan.ts';
import type { Ports, RegionPorts } from '../ports.ts';
import { activeTable } from './active.ts';
import { archive } from './archive.ts';
import { attachConsumer, detachConsumer, enableDestination } from './attach.ts';
import { backUp } from './back-up.ts';
import { create } from './create.ts';
import { remove } from './remove.ts';
import { addReplica, placeOfAction, removeReplica, tagReplica } from './replicas.ts';
import { resize } from './resize.ts';
import { switchBilling, switchClass } from './switch.ts';
import { setTimeToLive } from './time-to-live.ts';

/** Tries one action once. `begunAt`: when the run began to act, epoch milliseconds. @throws ServiceError, and Superseded if something else has changed the table meanwhile */
export async function perform(action: Action, ports: Ports, begunAt: number): Promise<void> {
  const { state } = ports;
  switch (action.kind) {
    case 'create':
      return create(action, ports, begunAt);
    case 'raise':
    case 'lower':
      return resize(action, ports);
    case 'billing':
      return switchBilling(action, ports);
    case 'table-class':
      return switchClass(action, ports);
    case 'time-to-live':
      return setTimeToLive(action, ports);
    case 'recovery':
      return setRecovery(action, placeOfAction(action, ports));
    case 'protection':
      return protect(action, placeOfAction(action, ports));
    case 'add-replica':
      return addReplica(action, ports);
    case 'tag-replica':
      return tagReplica(action, ports);
    case 'remove-replica':
      return removeReplica(action, ports);
    case 'attach-consumer':
      return attachConsumer(action, ports);
    case 'enable-destination':
      return enableDestination(action, ports);
    case 'detach-consumer':
      return detachConsumer(action, ports);
    case 'schedule-deletion': {
      const { table, createdAt, scheduledAt, closedAt } = action;
      return state.scheduleDeletion({
        table,
        createdAt: Date.parse(createdAt),
        scheduledAt: Date.parse(scheduledAt),
        ...(closedAt !== undefined && { closedAt: Date.parse(closedAt) }),
      });
    }
    case 'back-up':
      return backUp(action, ports);
    case 'archive':
      return archive(action, ports);
    case 'cancel-deletion':
      return state.cancelDeletion(action.table);
    case 'delete':
      return remove(action, ports);
    default:
      throw new Error(`Unknown kind of action: ${(action satisfies never as Action).kind}.`);
  }
}

async function setRecovery(
  { table, enabled, days }: Extract<Action, { kind: 'recovery' }>,
  place: RegionPorts,
): Promise<void> {
  await activeTable(table, place);
  await place.tables.setRecovery(table, { enabled, days });
}

async function protect(
  { table }: Extract<Action, { kind: 'protection' }>,
  place: RegionPorts,
): Promise<void> {
  await activeTable(table, place);
  await place.tables.protect(table, true);
}
