import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { Observed, TableState } from '../observed.ts';
import { maintenance } from '../permits/maintenance.ts';
import { drainedAt } from '../phase.ts';
import type { ActionBody } from '../plan.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import type { TableContext } from '../table-context.ts';
import { busy, changedAt, superseded } from '../throughput.ts';

type Change = Extract<ActionBody, { kind: 'billing' | 'table-class' }>;

/**
 * Makes an outdated table on-demand where the spec says so; true where that is due, for a table takes one update at a
 * time. It is done once, as is the change of class: what an operator changes back by hand afterwards stays.
 */
export function settleBilling(draft: PlanBuilder, observed: Observed, table: Table, now: number): boolean {
  const { billingMode } = table.spec.outdated;
  const state = billingMode && outdatedState(draft, observed, table);
  if (!state || state.billingMode === billingMode || since(table, state.onDemandSince)) return false;
  const message = `On demand from now on: ${ended(table)}.`;
  const subject = { draft, soFar: draft.soFar, observed, table, state, now };
  change(subject, { kind: 'billing', reason: 'outdated', message, billingMode });
  return true;
}

/** Moves an outdated table to the class that the spec names for such. */
export function settleClass(draft: PlanBuilder, observed: Observed, table: Table, now: number): void {
  const { tableClass } = table.spec.outdated;
  const state = tableClass && outdatedState(draft, observed, table);
  if (!state || state.tableClass === tableClass || since(table, state.classChangedAt)) return;
  // One update a run: what the same run has changed already is not changed again.
  if (changedAt(state) === now) return;
  const name = tableClass === 'STANDARD' ? 'Standard' : 'Standard-Infrequent Access';
  const message = `Stored as ${name} from now on: ${ended(table)}.`;
  const subject = { draft, soFar: draft.soFar, observed, table, state, now };
  change(subject, { kind: 'table-class', reason: 'outdated', message, tableClass });
}

function outdatedState(draft: PlanBuilder, observed: Observed, table: Table): TableState | undefined {
  if (table.phase !== 'outdated') return undefined;
  const state = draft.ask(observed, table, 'description')?.value;
  return state?.status === 'DELETING' ? undefined : state;
}

const since = ({ spec, period }: Table, changedAt = -Infinity): boolean =>
  changedAt >= drainedAt(spec, period);

const ended = ({ period }: Table): string => `its period ended ${sayInstant(period.end)}`;

function change({ draft, observed, table, state, now }: TableContext, action: Change): void {
  if (!draft.owns(observed, table, action.kind)) return;
  const obstacle = busy(state) ?? superseded(state, now);
  if (obstacle) return draft.hold(table, action.kind, 'table-busy', obstacle);
  const closed = maintenance(table.spec.settings.maintenance, now);
  if (closed) return draft.hold(table, action.kind, 'maintenance', closed);
  draft.do(table, action);
}
