import type { PointInTimeRecoverySpecification } from '../../generated/tables.ts';
import type { Table } from '../fleet.ts';
import { disowned } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import type { PlanBuilder } from '../plan-builder.ts';
import { protects } from '../spec.ts';

/** What a table that is about to be made needs besides CreateTable: set as soon as it is ACTIVE. */
export function settleNewTable(draft: PlanBuilder, table: Table): void {
  const { TimeToLive: ttl, PointInTimeRecoverySpecification: pitr } = table.spec.properties;
  if (ttl && ttl.Enabled !== false) expire(draft, table, ttl.AttributeName);
  if (pitr?.PointInTimeRecoveryEnabled) recover(draft, table, daysOf(pitr));
}

/** Brings time to live and recovery of a standing table to what the spec says. */
export function settleTable(draft: PlanBuilder, observed: Observed, table: Table): void {
  const { TimeToLive: ttl, PointInTimeRecoverySpecification: pitr } = table.spec.properties;
  if (!ttl && !pitr) return;
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.status === 'CREATING' || state.status === 'DELETING') return;
  if (ttl) timeToLive(draft, observed, table, ttl.AttributeName, ttl.Enabled !== false);
  if (pitr) recovery(draft, observed, table, pitr.PointInTimeRecoveryEnabled, daysOf(pitr));
}

/** Every table of ours that is kept is protected, whoever made it when; a protection too many is left alone. */
export function protect(draft: PlanBuilder, observed: Observed, table: Table): void {
  if (table.phase === 'expired' || !protects(table.spec)) return;
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.deletionProtected) return;
  if (state.status !== 'ACTIVE' && state.status !== 'UPDATING') return;
  const tags = draft.ask(observed, table, 'tags')?.value;
  if (!tags || disowned(table.spec, table.period, table.name, tags)) return;
  const message = 'Deletion protection, until it is condemned and still due.';
  draft.do(table, { kind: 'protection', reason: 'settings-differ', message });
}

/** undefined leaves the choice to DynamoDB, and what stands as it is. */
function daysOf({ RecoveryPeriodInDays: days }: PointInTimeRecoverySpecification): number | undefined {
  return days === undefined ? undefined : Number(days);
}

function timeToLive(
  draft: PlanBuilder,
  observed: Observed,
  table: Table,
  attribute: string,
  enabled: boolean,
): void {
  const standing = draft.ask(observed, table, 'timeToLive');
  if (!standing || standing.value === (enabled ? attribute : undefined)) return;
  if (!draft.owns(observed, table, 'time-to-live')) return;
  if (enabled && standing.value !== undefined) {
    const message = `Items expire by ${standing.value}, the spec says ${attribute}: DynamoDB wants it switched off first, by hand.`;
    return draft.hold(table, 'time-to-live', 'settings-differ', message);
  }
  draft.do(table, {
    kind: 'time-to-live',
    reason: 'settings-differ',
    message: enabled ? `Items expire by ${attribute}.` : `Items no longer expire by ${standing.value}.`,
    attribute: enabled ? attribute : standing.value!,
    enabled,
  });
}

function recovery(
  draft: PlanBuilder,
  observed: Observed,
  table: Table,
  enabled: boolean,
  days: number | undefined,
): void {
  const standing = draft.ask(observed, table, 'recovery');
  if (!standing) return;
  const { value } = standing;
  const sameDays = days === undefined || value.days === undefined || value.days === days;
  if (value.enabled === enabled && (!enabled || sameDays)) return;
  if (!draft.owns(observed, table, 'recovery')) return;
  if (enabled) return recover(draft, table, days);
  draft.hold(
    table,
    'recovery',
    'settings-differ',
    'It has point-in-time recovery; switching that off loses backups, so it is left on.',
  );
}

function expire(draft: PlanBuilder, table: Table, attribute: string): void {
  draft.do(table, {
    kind: 'time-to-live',
    reason: 'settings-differ',
    message: `Items expire by ${attribute}.`,
    attribute,
    enabled: true,
  });
}

function recover(draft: PlanBuilder, table: Table, days: number | undefined): void {
  const over = days === undefined ? '' : ` over ${days} ${days === 1 ? 'day' : 'days'}`;
  draft.do(table, {
    kind: 'recovery',
    reason: 'settings-differ',
    message: `Point-in-time recovery${over}.`,
    enabled: true,
    ...(days === undefined ? {} : { days }),
  });
}
