import { ask, unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { isNeeded, type Table } from '../fleet.ts';
import { type Answer, acting, combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import { permitted } from '../permits/index.ts';
import { drainedAt } from '../phase.ts';
import { kindOf, resized, type ThroughputChange } from '../plan.ts';
import { handoverUnits } from '../scaling/decisions/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import type { Resource, Units } from '../spec.ts';
import type { TableContext, UndescribedTable } from '../table-context.ts';
import { describeChanges, isBuilding, superseded, unchangeable } from '../throughput.ts';
import { type PhaseChange, type PhaseReason, phaseChanges } from './phase-change.ts';
import { plannedUnits, raiseFrom } from './planned.ts';

const isDue = (change: PhaseChange): change is PhaseChange & { readonly reason: PhaseReason } =>
  change.reason !== 'draining';

/** Changes a table's throughput before its period starts, and after its period has ended. */
export function capacityChange(undescribed: UndescribedTable): Outcome {
  const { table } = undescribed;
  if (table.spec.resources.length === 0) return nothing;
  const described = ask(undescribed.observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.billingMode === 'PAY_PER_REQUEST' || state.status === 'DELETING') return nothing;
  const context: TableContext = { ...undescribed, state };
  const answers = table.spec.resources.map((resource) => changesOf(context, resource));
  const pending = answers.flatMap((answer) => ('pending' in answer ? answer.pending : []));
  const changes = answers.flatMap((answer) => ('value' in answer ? answer.value : []));
  const due = changes.filter(isDue);
  return combined(
    ...pending,
    changes.length > due.length ? drainingHold(table) : nothing,
    due.length > 0 ? changeThroughput(context, due) : nothing,
  );
}

function drainingHold({ spec, period }: Table): Outcome {
  const until = sayInstant(drainedAt(spec, period));
  const message = `Capacity stays for late writers until the drain window ends at ${until}.`;
  return holding({ kind: 'lower', reason: 'draining', message });
}

/** Holds a raise. A current or upcoming table could not serve the demand of its period without it. */
const holdingFor =
  (table: Table) =>
  (hold: HoldBody): Outcome =>
    holding({ ...hold, ...(isNeeded(table) && { urgent: true }) });

function changeThroughput(
  context: TableContext,
  due: readonly { readonly change: ThroughputChange; readonly reason: PhaseReason }[],
): Outcome {
  const { observed, table, state, now } = context;
  const wanted = due.map(({ change }) => change);
  const kind = kindOf(wanted);
  const foreign = unmanaged(observed, table, kind);
  if (foreign) return foreign;
  const obstacle = unchangeable(state) ?? superseded(state, now);
  if (obstacle) return holding({ kind, reason: 'table-busy', message: obstacle });
  const { allowed, outcome, orElse } = permitted({ ...context, holdingRaise: holdingFor(table) }, wanted);
  if (allowed.length === 0) return outcome;
  const { reason } = due[0]!;
  const message = `${describeChanges(allowed)}: ${because(table, reason)}.`;
  return combined(outcome, acting(resized({ reason, message }, allowed, orElse)));
}

function because({ period }: Table, reason: PhaseReason): string {
  switch (reason) {
    case 'warm-up':
      return `ready before the period starts at ${sayInstant(period.start)}`;
    case 'late-warm-up':
      return 'the period has started and the table has never had full capacity';
    case 'period-ended':
      return `the period ended at ${sayInstant(period.end)}`;
    default:
      return reason satisfies never;
  }
}

/** The changes that one table or index needs, unless scale is responsible for them. */
function changesOf(context: TableContext, resource: Resource): Answer<readonly PhaseChange[]> {
  const { table, state, now } = context;
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  if (!capacity || isBuilding(capacity)) return { value: [] };
  const warm = now >= raiseFrom(table.spec, resource, table.period);
  const planned: Answer<Units | undefined> =
    table.phase === 'upcoming' && warm && learns(resource.scaling)
      ? handoverUnits(context, resource)
      : { value: plannedUnits(table.spec, resource, table.period, now) };
  if ('pending' in planned) return planned;
  return { value: planned.value ? phaseChanges(context, resource, capacity, planned.value) : [] };
}
