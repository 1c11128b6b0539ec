import type { Remembered } from '../capacity/remembered.ts';
import { combined, nothing, type Outcome } from '../outcome.ts';
import type { Prices } from '../prices.ts';
import type { TableContext } from '../table-context.ts';
import { unchangeable } from '../throughput.ts';
import { chooseBilling } from './billing/choose.ts';
import { followShadow } from './billing/follow.ts';
import { changeTable, type Urgency, urgencyOf } from './change.ts';
import { decideBuilding } from './decisions/building.ts';
import type { DimensionDecision } from './decisions/decision.ts';
import { decideResource, type Filter } from './decisions/resource.ts';
import { methodOf } from './methods/index.ts';
import { dimensionsOf } from './sampling/dimension-context.ts';
import { busyWhileThrottled, unraised, withoutEffect } from './watch.ts';

/** What the demand on a table asks for, before the limits of the whole table and of the account. */
export interface Demanded {
  readonly context: TableContext;
  readonly decisions: readonly DimensionDecision[];
  /** Holds, needs, and what was learned. */
  readonly outcome: Outcome;
  readonly urgency: Urgency;
}

/** Reads the demand on one table, asks the method, and applies the limits of each dimension. */
export function demandedOf(context: TableContext, included: Filter): Demanded {
  const { table, state } = context;
  const onDemand = state.billingMode === 'PAY_PER_REQUEST';
  const decisions = onDemand
    ? []
    : [
        ...table.spec.resources.flatMap((one) => decideResource(context, one, included)),
        ...building(context),
      ];
  const outcome = combined(
    ...decisions.map(({ outcome }) => outcome),
    onDemand ? followAll(context, included) : nothing,
  );
  return { context, decisions, outcome, urgency: urgencyOf(decisions) };
}

/** The one change of a table, within its limits. With Billing auto, a switch of the billing mode comes first. */
export function changeDemanded({ context, decisions, outcome }: Demanded, prices: Prices): Outcome {
  const billing = choosesBilling(context)
    ? chooseBilling(context, prices, rememberedAfter(context, outcome))
    : nothing;
  const change = billing.actions.length > 0 ? nothing : changeTable(context, decisions);
  const planned = combined(billing, change);
  const throttled = combined(
    unraised(context, decisions, planned),
    busyWhileThrottled(context),
    withoutEffect(context, decisions, planned),
  );
  // The hold of a change that the method wants has the figures already.
  return combined(planned, planned.holds.some(({ reason }) => reason === 'table-busy') ? nothing : throttled);
}

/** Decisions for new indexes of a table that takes writes. */
const building = (context: TableContext): DimensionDecision[] =>
  context.table.phase === 'active' && !unchangeable(context.state) ? decideBuilding(context) : [];

/** Whether scaling chooses the billing mode of the table. After the period has ended, it does not. */
export const choosesBilling = ({ table: { spec, phase } }: Pick<TableContext, 'table'>): boolean =>
  spec.billing === 'auto' && (phase === 'active' || phase === 'upcoming');

/** Follows the demand on an on-demand table, so that its cost as a provisioned table is known. */
function followAll(context: TableContext, included: Filter): Outcome {
  const { table, state } = context;
  if (table.phase !== 'active' || unchangeable(state)) return nothing;
  return combined(
    ...table.spec.resources.flatMap((resource) => {
      const method = methodOf(resource.scaling);
      if (!method?.learns) return [];
      return dimensionsOf(context, resource)
        .filter(included)
        .map((dimension) => followShadow(context, dimension, method));
    }),
  );
}

/** What is remembered about the group's demand, including what this run has learned. */
const rememberedAfter = ({ soFar, table }: TableContext, { learned }: Outcome): Remembered => ({
  ...soFar.remembered(table.spec.name),
  ...learned,
});
