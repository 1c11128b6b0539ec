import { ServiceError } from '../core/failure.ts';
import { iso } from '../core/instant.ts';
import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';

/** Carries out one action. @throws ServiceError */
export async function perform(action: Action, ports: Ports, inTime: () => boolean): Promise<void> {
  const { tables, state } = ports;
  switch (action.kind) {
    case 'create':
      return create(action, ports);
    case 'raise':
    case 'lower':
      return resize(action, ports);
    case 'time-to-live':
      await whenActive(action.table, ports, inTime);
      return tables.setTimeToLive(action.table, action.attribute, action.enabled);
    case 'recovery':
      await whenActive(action.table, ports, inTime);
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

/** A table that somebody made meanwhile is what was wanted. */
async function create(action: Extract<Action, { kind: 'create' }>, { tables }: Ports): Promise<void> {
  try {
    await tables.create(action.input);
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'in-use')) throw error;
    const standing = await tables.describe(action.table);
    if (!standing || standing.status === 'DELETING') throw error;
  }
}

/** What stands already is what was wanted: an earlier try's answer may have got lost. */
async function resize(
  action: Extract<Action, { kind: 'raise' | 'lower' }>,
  { tables }: Ports,
): Promise<void> {
  try {
    await tables.resize(action.table, action.changes);
  } catch (error) {
    if (!(error instanceof ServiceError && error.code === 'refused')) throw error;
    const capacities = (await tables.describe(action.table))?.capacities ?? [];
    const stands = action.changes.every(({ index, to }) =>
      capacities.some((own) => own.index === index && own.read === to.read && own.write === to.write),
    );
    if (!stands) throw error;
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

const FIRST_LOOK_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** What ends in ACTIVE by itself; waiting for DELETING, ARCHIVED and the like would never end. */
const changing: ReadonlySet<string> = new Set(['CREATING', 'UPDATING']);

/** Waits until a table is ACTIVE. @throws ServiceError `in-use` when time runs out first */
async function whenActive(table: string, { tables, clock }: Ports, inTime: () => boolean): Promise<void> {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const state = await tables.describe(table);
    if (state?.status === 'ACTIVE') return;
    if (!state) throw new ServiceError('not-found', `${table} does not exist.`);
    if (!changing.has(state.status)) throw new ServiceError('refused', `${table} is ${state.status}.`);
    if (!inTime()) throw new ServiceError('in-use', `${table} is still ${state.status}.`);
    await clock.sleep(pauseMs);
  }
}
