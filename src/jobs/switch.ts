import type { Action } from '../core/plan.ts';
import type { Ports } from '../ports.ts';
import { activeTable } from './active.ts';
import { busyFailure } from './busy.ts';

type Of<Kind> = Extract<Action, { kind: Kind }>;

/** Changes the billing mode, unless an earlier try without an answer has. @throws ServiceError, Superseded */
export async function switchBilling(action: Of<'billing'>, ports: Ports): Promise<void> {
  const { table, billingMode, throughput } = action;
  const existing = await activeTable(table, ports).catch((error: unknown) => {
    throw busyFailure(action, error);
  });
  if (existing.billingMode !== billingMode) await ports.tables.setBilling(table, throughput);
}

/** Changes the table class, unless an earlier try without an answer has. @throws ServiceError */
export async function switchClass({ table, tableClass }: Of<'table-class'>, ports: Ports): Promise<void> {
  const existing = await activeTable(table, ports);
  if (existing.tableClass !== tableClass) await ports.tables.setTableClass(table, tableClass);
}
