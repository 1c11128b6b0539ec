import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError, Superseded } from '../core/failure.ts';
import type { Action, ThroughputChange } from '../core/plan.ts';
import type { Units } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { busyFailure } from './busy.ts';

type Resize = Extract<Action, { kind: 'raise' | 'lower' }>;

/**
 * Changes throughput, but only if it is still as the plan knew it. Changes that an earlier try without an answer has
 * made are left out.
 * @throws ServiceError, Superseded
 */
export async function resize(action: Resize, { tables }: Ports): Promise<void> {
  const existing = await tables.describe(action.table);
  if (!existing) throw new ServiceError('not-found', `${action.table} does not exist.`);
  const left = action.changes.filter((change) => !hasUnits(existing, change, change.to));
  if (left.length === 0) return;
  if (!left.every((change) => hasUnits(existing, change, change.from))) {
    throw new Superseded('The capacity changed after planning. The next run decides again.');
  }
  try {
    if (existing.status !== 'ACTIVE')
      throw new ServiceError('in-use', `${action.table} is still ${existing.status}.`);
    await tables.resize(action.table, left);
  } catch (error) {
    if (await alreadyDone(error, action.table, left, tables)) return;
    if (action.kind === 'raise' && action.orElse && exceedsQuota(error))
      return resizeWithin(action, action.orElse, existing, error, tables);
    throw busyFailure(action, error);
  }
}

const exceedsQuota = (error: unknown): error is ServiceError =>
  isFailure(error, 'refused') || isFailure(error, 'limit-exceeded');

/** DynamoDB has rejected a raise, so the part that is certain to be within its quota is made. @throws ServiceError */
async function resizeWithin(
  { table }: Resize,
  orElse: readonly ThroughputChange[],
  existing: TableState,
  cause: ServiceError,
  tables: Ports['tables'],
): Promise<never> {
  const left = orElse.filter((change) => !hasUnits(existing, change, change.to));
  if (left.length > 0) await tables.resize(table, left);
  const rest =
    left.length > 0 ? 'Turntable made only the part within the quota of a table with its indexes.' : '';
  throw new ServiceError('refused', `${cause.message} ${rest}`.trim(), { cause });
}

/** Whether the change is done although it was rejected: the SDK repeats a call whose answer got lost. */
async function alreadyDone(
  error: unknown,
  table: string,
  changes: readonly ThroughputChange[],
  tables: Ports['tables'],
): Promise<boolean> {
  if (!isFailure(error, 'refused')) return false;
  const existing = await tables.describe(table);
  return existing !== undefined && changes.every((change) => hasUnits(existing, change, change.to));
}

function hasUnits({ capacities }: TableState, { index }: ThroughputChange, { read, write }: Units): boolean {
  return capacities.some((own) => own.index === index && own.read === read && own.write === write);
}
