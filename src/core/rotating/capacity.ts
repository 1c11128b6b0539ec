import { ask, unmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { Capacity } from '../observed.ts';
import { type Answer, acting, combined, type HoldBody, holding, nothing, type Outcome } from '../outcome.ts';
import { permitted } from '../permits/index.ts';
import { drainedAt } from '../phase.ts';
import { kindOf, type ThroughputChange } from '../plan.ts';
import { handoverUnits } from '../scaling/decisions/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import { ofIndex, type Resource, type Units } from '../spec.ts';
import type { TableContext, UndescribedTable } from '../table-context.ts';
import { busy, describeChanges, superseded } from '../throughput.ts';
import { isNeeded } from '../usability.ts';
import { plannedUnits, warmFrom } from './planned.ts';

type Reason = 'warm-up' | 'late-warm-up' | 'period-ended';

/** The change that the phase of a table requires for the table or one of its indexes. */
interface Change {
  readonly change: ThroughputChange;
  readonly reason: Reason | 'draining';
}

const isDue = (change: Change): change is Change & { readonly reason: Reason } =>
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
  const answers = table.spec.resources.map((resource) => changeOf(context, resource));
  const pending = answers.flatMap((answer) => ('pending' in answer ? answer.pending : []));
  const changes = answers.flatMap((answer) => ('value' in answer ? (answer.value ?? []) : []));
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
  due: readonly { readonly change: ThroughputChange; readonly reason: Reason }[],
): Outcome {
  const { observed, table, state, now } = context;
  const wanted = due.map(({ change }) => change);
  const kind = kindOf(wanted);
  const foreign = unmanaged(observed, table, kind);
  if (foreign) return foreign;
  const obstacle = busy(state) ?? superseded(state, now);
  if (obstacle) return holding({ kind, reason: 'table-busy', message: obstacle });
  const { allowed, outcome } = permitted({ ...context, holdingRaise: holdingFor(table) }, wanted);
  if (allowed.length === 0) return outcome;
  const { reason } = due[0]!;
  const message = `${describeChanges(allowed)}: ${because(table, reason)}.`;
  return combined(outcome, acting({ kind: kindOf(allowed), reason, message, changes: [...allowed] }));
}

function because({ period }: Table, reason: Reason): string {
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

/** The change that one table or index needs; undefined if it needs none, or if scale is responsible for it. */
function changeOf(context: TableContext, resource: Resource): Answer<Change | undefined> {
  const { table, state, now } = context;
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  if (!capacity) return { value: undefined };
  const warm = now >= warmFrom(table.spec, resource, table.period);
  const planned: Answer<Units | undefined> =
    table.phase === 'upcoming' && warm && learns(resource.scaling)
      ? handoverUnits(context, resource)
      : { value: plannedUnits(table.spec, resource, table.period, now) };
  if ('pending' in planned) return planned;
  return { value: planned.value && changeTo(context, resource, capacity, planned.value) };
}

function changeTo(
  { table, state, now }: TableContext,
  resource: Resource,
  capacity: Capacity,
  planned: Units,
): Change | undefined {
  const from: Units = { read: capacity.read, write: capacity.write };
  const up: Units = { read: Math.max(from.read, planned.read), write: Math.max(from.write, planned.write) };
  const down: Units = { read: Math.min(from.read, planned.read), write: Math.min(from.write, planned.write) };
  const below = up.read > from.read || up.write > from.write;
  const above = down.read < from.read || down.write < from.write;
  const change = (to: Units): ThroughputChange => ({ ...ofIndex(resource.index), from, to });
  const changedAt = Math.max(capacity.lastIncrease ?? 0, capacity.lastDecrease ?? 0);
  const scaled = resource.scaling.method !== 'none';
  const warmAt = warmFrom(table.spec, resource, table.period);

  switch (table.phase) {
    case 'upcoming':
      return now >= warmAt && below ? { change: change(up), reason: 'warm-up' } : undefined;
    case 'active': {
      // With Billing auto, the table started its period on-demand or with the capacity of the previous table.
      if (table.spec.billing === 'auto') return undefined;
      const untouched = Math.max(state.createdAt, changedAt) < warmAt;
      return below && (untouched || !scaled) ? { change: change(up), reason: 'late-warm-up' } : undefined;
    }
    case 'draining':
      return above ? { change: change(down), reason: 'draining' } : undefined;
    case 'outdated':
    case 'expired': {
      // Since then, scale has set the capacity by demand, and a decrease here would undo that.
      const lastChange = scaled ? changedAt : (capacity.lastDecrease ?? 0);
      const done = lastChange >= drainedAt(table.spec, table.period);
      return above && !done ? { change: change(down), reason: 'period-ended' } : undefined;
    }
    default:
      return table.phase satisfies never;
  }
}
