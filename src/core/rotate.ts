import { creationInput } from './creation.ts';
import { membersOf, requiredTables, type Table } from './fleet.ts';
import { sayInstant } from './instant.ts';
import type { Observed, TableState } from './observed.ts';
import { drainedAt, plannedUnits, warmFrom } from './phase.ts';
import { type Draft, Drafting, kindOf, type ThroughputChange } from './plan.ts';
import type { Config, Resource, Units } from './spec.ts';
import { busy, describeChanges, overtaken, withinQuota } from './throughput.ts';

/**
 * What rotation wants at `now`: every required table made, coming ones warm before their period begins,
 * finished ones stepped down once late writers have had their time.
 */
export function planRotate(config: Config, observed: Observed, now: number): Draft {
  const draft = new Drafting('rotate');
  for (const [spec, present] of membersOf(config, observed.names, now)) {
    for (const table of requiredTables(spec, now)) {
      if (!observed.names.has(table.name)) create(draft, table, now);
    }
    for (const table of present) {
      if (table.spec.resources.length > 0) step(draft, observed, table, now);
      if (table.phase === 'upcoming' || table.phase === 'active') settings(draft, observed, table);
    }
  }
  return draft;
}

function create(draft: Drafting, table: Table, now: number): void {
  const { TimeToLive, PointInTimeRecoverySpecification: recovery } = table.spec.properties;
  const past = table.phase !== 'upcoming' && table.phase !== 'active';
  draft.do(table, {
    kind: 'create',
    reason: past ? 'backfill' : 'missing',
    message: `${createMessage(table)} ${capacityMessage(table, now)}`,
    input: creationInput(table, now),
  });
  if (TimeToLive && TimeToLive.Enabled !== false) {
    const attribute = TimeToLive.AttributeName;
    draft.do(table, {
      kind: 'time-to-live',
      reason: 'settings-differ',
      message: `Items expire by ${attribute}.`,
      attribute,
      enabled: true,
    });
  }
  if (recovery?.PointInTimeRecoveryEnabled)
    recover(draft, table, Number(recovery.RecoveryPeriodInDays ?? 35));
}

function createMessage({ period, phase, spec }: Table): string {
  if (spec.scheme === 'none') return 'It is missing.';
  const begins = sayInstant(period.start);
  if (phase === 'upcoming') return `Its period begins ${begins}.`;
  if (phase === 'active') return `Its period began ${begins} and it is missing.`;
  return `Its period began ${begins}; the spec backfills ${spec.backfill}.`;
}

function capacityMessage({ spec, period }: Table, now: number): string {
  const own = spec.resources.find(({ index }) => index === undefined);
  if (!own) return 'On demand.';
  const { read, write } = plannedUnits(spec, own, period, now);
  return `${read} reads/s, ${write} writes/s.`;
}

function recover(draft: Drafting, table: Table, days: number): void {
  draft.do(table, {
    kind: 'recovery',
    reason: 'settings-differ',
    message: `Point-in-time recovery over ${days} ${days === 1 ? 'day' : 'days'}.`,
    enabled: true,
    days,
  });
}

interface Step {
  readonly change: ThroughputChange;
  readonly reason: 'warm-up' | 'late-warm-up' | 'step-down' | 'draining';
}

/** Moves a table's throughput where its period has begun, is about to, or is over. */
function step(draft: Drafting, observed: Observed, table: Table, now: number): void {
  const described = draft.ask(observed, table, 'description');
  const state = described?.value;
  if (!state || state.billingMode === 'PAY_PER_REQUEST' || state.status === 'DELETING') return;
  const steps = table.spec.resources.flatMap((resource) => stepOf(table, resource, state, now) ?? []);
  const due = steps.filter(({ reason }) => reason !== 'draining');
  if (steps.length > due.length) {
    const until = sayInstant(drainedAt(table.spec, table.period));
    draft.hold(table, 'lower', 'draining', `Keeps its capacity for late writers until ${until}.`);
  }
  if (due.length === 0) return;
  const wanted = due.map(({ change }) => change);
  const kind = kindOf(wanted);
  if (!draft.owns(observed, table, kind)) return;
  const obstacle = busy(state) ?? overtaken(state, now);
  if (obstacle) return draft.hold(table, kind, 'table-busy', obstacle);
  const { allowed, refused } = withinQuota(wanted, state, now);
  if (refused.length > 0) {
    const until = sayInstant(Math.max(...refused.map((refusal) => refusal.until)));
    const changes = describeChanges(refused.map(({ change }) => change));
    draft.hold(
      table,
      'lower',
      'decrease-quota',
      `${changes}: today's decreases are spent; the next is allowed ${until}.`,
    );
  }
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
      return `full capacity before its period begins ${sayInstant(period.start)}`;
    case 'late-warm-up':
      return 'its period has begun and it was never brought to full capacity';
    case 'step-down':
      return `its period ended ${sayInstant(period.end)}`;
  }
}

/** The step one table or index has to take; undefined where it stands right, or where scaling has taken over. */
function stepOf(table: Table, resource: Resource, state: TableState, now: number): Step | undefined {
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  if (!capacity) return undefined;
  const from: Units = { read: capacity.read, write: capacity.write };
  const planned = plannedUnits(table.spec, resource, table.period, now);
  const index = resource.index === undefined ? {} : { index: resource.index };
  const change = (to: Units): ThroughputChange => ({ ...index, from, to });
  const up: Units = { read: Math.max(from.read, planned.read), write: Math.max(from.write, planned.write) };
  const down: Units = { read: Math.min(from.read, planned.read), write: Math.min(from.write, planned.write) };
  const below = up.read > from.read || up.write > from.write;
  const above = down.read < from.read || down.write < from.write;
  const changedAt = Math.max(state.createdAt, capacity.lastIncrease ?? 0, capacity.lastDecrease ?? 0);
  const scaled = table.spec.settings.scaling.method !== 'none';

  switch (table.phase) {
    case 'upcoming': {
      const warm = now >= warmFrom(table.spec, table.period);
      return warm && below ? { change: change(up), reason: 'warm-up' } : undefined;
    }
    case 'active': {
      const untouched = changedAt < warmFrom(table.spec, table.period);
      return below && (untouched || !scaled) ? { change: change(up), reason: 'late-warm-up' } : undefined;
    }
    case 'draining':
      return above ? { change: change(down), reason: 'draining' } : undefined;
    case 'outdated':
    case 'expired': {
      // What scaling set since then is what demand wants: stepping down would take it away again.
      const settledAt = scaled ? changedAt : (capacity.lastDecrease ?? 0);
      const settled = settledAt >= drainedAt(table.spec, table.period);
      return above && !settled ? { change: change(down), reason: 'step-down' } : undefined;
    }
  }
}

/** Brings time to live and recovery of a standing table to what the spec says. */
function settings(draft: Drafting, observed: Observed, table: Table): void {
  const { TimeToLive: ttl, PointInTimeRecoverySpecification: pitr } = table.spec.properties;
  if (!ttl && !pitr) return;
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.status === 'CREATING' || state.status === 'DELETING') return;
  if (ttl) timeToLive(draft, observed, table, ttl.AttributeName, ttl.Enabled !== false);
  if (pitr) {
    recovery(
      draft,
      observed,
      table,
      pitr.PointInTimeRecoveryEnabled,
      Number(pitr.RecoveryPeriodInDays ?? 35),
    );
  }
}

function timeToLive(
  draft: Drafting,
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

function recovery(draft: Drafting, observed: Observed, table: Table, enabled: boolean, days: number): void {
  const standing = draft.ask(observed, table, 'recovery');
  if (!standing) return;
  const { value } = standing;
  if (value.enabled === enabled && (!enabled || value.days === undefined || value.days === days)) return;
  if (!draft.owns(observed, table, 'recovery')) return;
  if (enabled) return recover(draft, table, days);
  draft.hold(
    table,
    'recovery',
    'settings-differ',
    'It has point-in-time recovery; switching that off loses backups, so it is left on.',
  );
}
