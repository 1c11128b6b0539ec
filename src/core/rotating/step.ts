import { sayInstant } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { permitted } from '../permits/index.ts';
import { drainedAt } from '../phase.ts';
import { kindOf, type ThroughputChange } from '../plan.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import { handoverUnits } from '../scaling/decisions/handover.ts';
import { learns } from '../scaling/methods/index.ts';
import { ofIndex, type Resource, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { busy, describeChanges, superseded } from '../throughput.ts';
import { plannedUnits, warmFrom } from './planned.ts';

interface Step {
  readonly change: ThroughputChange;
  readonly reason: 'warm-up' | 'late-warm-up' | 'period-ended' | 'draining';
}

/** Moves a table's throughput where its period has begun, is about to, or is over. */
export function step(draft: PlanBuilder, observed: Observed, table: Table, now: number): void {
  const described = draft.ask(observed, table, 'description');
  const state = described?.value;
  if (!state || state.billingMode === 'PAY_PER_REQUEST' || state.status === 'DELETING') return;
  const subject: TableContext = { draft, soFar: draft.soFar, observed, table, state, now };
  const steps = table.spec.resources.flatMap((resource) => stepOf(subject, resource) ?? []);
  const due = steps.filter(({ reason }) => reason !== 'draining');
  if (steps.length > due.length) {
    const until = sayInstant(drainedAt(table.spec, table.period));
    draft.hold(table, 'lower', 'draining', `Keeps its capacity for late writers until ${until}.`);
  }
  if (due.length === 0) return;
  const wanted = due.map(({ change }) => change);
  const kind = kindOf(wanted);
  if (!draft.owns(observed, table, kind)) return;
  const obstacle = busy(state) ?? superseded(state, now);
  if (obstacle) return draft.hold(table, kind, 'table-busy', obstacle);
  const left = permitted({ ...subject, urgent: kind === 'raise' }, wanted);
  draft.add(table, left.outcome);
  const allowed = [...left.allowed];
  if (allowed.length === 0) return;
  const reason = due[0]!.reason as Exclude<Step['reason'], 'draining'>;
  draft.do(table, {
    kind: kindOf(allowed),
    reason,
    message: `${describeChanges(allowed)}: ${because(table, reason)}.`,
    changes: allowed,
  });
}

function because({ period }: Table, reason: Exclude<Step['reason'], 'draining'>): string {
  switch (reason) {
    case 'warm-up':
      return `ready before its period begins ${sayInstant(period.start)}`;
    case 'late-warm-up':
      return 'its period has begun and it was never brought to full capacity';
    case 'period-ended':
      return `its period ended ${sayInstant(period.end)}`;
  }
}

/** The step one table or index has to take; undefined where it stands right, or where scaling has taken over. */
function stepOf(subject: TableContext, resource: Resource): Step | undefined {
  const { table, state, now } = subject;
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  if (!capacity) return undefined;
  const from: Units = { read: capacity.read, write: capacity.write };
  const warm = now >= warmFrom(table.spec, resource, table.period);
  const takesOver = table.phase === 'upcoming' && warm && learns(resource.scaling);
  const units = takesOver
    ? handoverUnits(subject, resource)
    : { value: plannedUnits(table.spec, resource, table.period, now) };
  if ('pending' in units) subject.draft.add(table, units.pending);
  const planned = 'value' in units && units.value;
  if (!planned) return undefined;
  const index = ofIndex(resource.index);
  const change = (to: Units): ThroughputChange => ({ ...index, from, to });
  const up: Units = { read: Math.max(from.read, planned.read), write: Math.max(from.write, planned.write) };
  const down: Units = { read: Math.min(from.read, planned.read), write: Math.min(from.write, planned.write) };
  const below = up.read > from.read || up.write > from.write;
  const above = down.read < from.read || down.write < from.write;
  const changedAt = Math.max(capacity.lastIncrease ?? 0, capacity.lastDecrease ?? 0);
  const scaled = resource.scaling.method !== 'none';

  switch (table.phase) {
    case 'upcoming':
      return warm && below ? { change: change(up), reason: 'warm-up' } : undefined;
    case 'active': {
      // It began on demand, or took over from one that was provisioned.
      if (table.spec.billing === 'auto') return undefined;
      const untouched = Math.max(state.createdAt, changedAt) < warmFrom(table.spec, resource, table.period);
      return below && (untouched || !scaled) ? { change: change(up), reason: 'late-warm-up' } : undefined;
    }
    case 'draining':
      return above ? { change: change(down), reason: 'draining' } : undefined;
    case 'outdated':
    case 'expired': {
      // What scaling set since then is what demand wants: stepping down would take it away again.
      const settledAt = scaled ? changedAt : (capacity.lastDecrease ?? 0);
      const settled = settledAt >= drainedAt(table.spec, table.period);
      return above && !settled ? { change: change(down), reason: 'period-ended' } : undefined;
    }
  }
}
