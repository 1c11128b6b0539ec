import { isFailure, ServiceError, Superseded } from '../core/failure.ts';
import type { TableState } from '../core/observed.ts';
import type { Action, ThroughputChange } from '../core/plan.ts';
import type { Units } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { busyFailure } from './busy.ts';

type Resize = Extract<Action, { kind: 'raise' | 'lower' }>;

/**
 * Changes throughput, but never on top of another change: what stands has to be what the plan saw. What has
 * arrived already, because an earlier try's answer got lost, is left out.
 * @throws ServiceError, Superseded
 */
export async function resize(action: Resize, { tables }: Ports): Promise<void> {
  const standing = await tables.describe(action.table);
  if (!standing) throw new ServiceError('not-found', `${action.table} does not exist.`);
  const left = action.changes.filter((change) => !stands(standing, change, change.to));
  if (left.length === 0) return;
  if (!left.every((change) => stands(standing, change, change.from))) {
    throw new Superseded('Its capacity has changed since it was planned; the next run looks again.');
  }
  try {
    if (standing.status !== 'ACTIVE')
      throw new ServiceError('in-use', `${action.table} is still ${standing.status}.`);
    await tables.resize(action.table, left);
  } catch (error) {
    if (await landed(error, action.table, left, tables)) return;
    throw busyFailure(action, error);
  }
}

/** The SDK repeats a call whose answer got lost, and the repeated one is refused: nothing is left to change. */
async function landed(
  error: unknown,
  table: string,
  changes: readonly ThroughputChange[],
  tables: Ports['tables'],
): Promise<boolean> {
  if (!isFailure(error, 'refused')) return false;
  const standing = await tables.describe(table);
  return standing !== undefined && changes.every((change) => stands(standing, change, change.to));
}

function stands({ capacities }: TableState, { index }: ThroughputChange, { read, write }: Units): boolean {
  return capacities.some((own) => own.index === index && own.read === read && own.write === write);
}
