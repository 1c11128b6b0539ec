import { ask, unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { acting, holding, nothing, type Outcome } from '../outcome.ts';
import { maintenance } from '../permits/maintenance.ts';
import { drainedAt } from '../phase.ts';
import type { ActionBody } from '../plan.ts';
import type { UndescribedTable } from '../table-context.ts';
import { busy, changedAt, superseded } from '../throughput.ts';

type Change = Extract<ActionBody, { kind: 'billing' | 'table-class' }>;

/**
 * Switches an outdated table to the billing mode in the spec, or holds the switch; undefined if no switch is due. As
 * with the class, rotate switches only once and does not revert a later change by hand.
 */
export function billingChange(undescribed: UndescribedTable): Outcome | undefined {
  const { table } = undescribed;
  const { billingMode } = table.spec.outdated;
  if (table.phase !== 'outdated' || !billingMode) return undefined;
  const described = ask(undescribed.observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.status === 'DELETING') return undefined;
  if (state.billingMode === billingMode || isSinceDrained(table, state.onDemandSince)) return undefined;
  const message = `The period ended at ${sayInstant(table.period.end)} and Outdated.BillingMode is ${billingMode}.`;
  return unlessObstructed(undescribed, state, { kind: 'billing', reason: 'outdated', message, billingMode });
}

/** Changes an outdated table to the class in the spec, or holds the change. */
export function classChange(undescribed: UndescribedTable): Outcome {
  const { table, now } = undescribed;
  const { tableClass } = table.spec.outdated;
  if (table.phase !== 'outdated' || !tableClass) return nothing;
  const described = ask(undescribed.observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.status === 'DELETING') return nothing;
  if (state.tableClass === tableClass || isSinceDrained(table, state.classChangedAt)) return nothing;
  // A replay of a run does not change the table twice.
  if (changedAt(state) === now) return nothing;
  const message = `The period ended at ${sayInstant(table.period.end)} and Outdated.TableClass is ${tableClass}.`;
  return unlessObstructed(undescribed, state, {
    kind: 'table-class',
    reason: 'outdated',
    message,
    tableClass,
  });
}

const isSinceDrained = ({ spec, period }: Table, instant = -Infinity): boolean =>
  instant >= drainedAt(spec, period);

function unlessObstructed(
  { observed, table, now }: UndescribedTable,
  state: TableState,
  change: Change,
): Outcome {
  const { kind } = change;
  const foreign = unmanaged(observed, table, kind);
  if (foreign) return foreign;
  const obstacle = busy(state) ?? superseded(state, now);
  if (obstacle) return holding({ kind, reason: 'table-busy', message: obstacle });
  const closed = maintenance(table.spec.settings.maintenance, now);
  if (closed) return holding({ kind, reason: 'maintenance', message: closed });
  return acting(change);
}
