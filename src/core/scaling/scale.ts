import { MINUTE_MS } from '../calendar/period.ts';
import { LONGEST_HANDOVER_MS, watchesFinished } from '../capacity/handover.ts';
import { membersOf, type Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { permitted } from '../permits/index.ts';
import { type Draft, kindOf, type ThroughputChange } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Config, Resource } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { busy, describeChanges, superseded } from '../throughput.ts';
import { chooseBilling } from './billing/choose.ts';
import { type Decision, decide, followDemand } from './decision.ts';
import { handover } from './handover.ts';
import { learns } from './methods/index.ts';

/**
 * What demand wants at `now`: provisioned throughput of every table that takes traffic, or is about to, within its
 * limits.
 */
export function planScale(config: Config, observed: Observed, now: number): Draft {
  const draft = new PlanBuilder('scale', observed);
  for (const [spec, present] of membersOf(config, observed.names, now)) {
    if (spec.resources.every(({ scaling }) => scaling.method === 'none')) continue;
    for (const table of present) {
      if (watched(table, now)) scaleTable(draft, config, observed, table, now);
    }
  }
  return draft;
}

/** Metrics cost money: an outdated table is looked at every tenth minute, */
const OUTDATED_EVERY_MINUTES = 10;
/** or more rarely, of a group that is one series: only reads can still move it. */
const OUTDATED_SERIES_EVERY_MINUTES = 30;

function watched({ phase, period, spec }: Table, now: number): boolean {
  const every = (minutes: number): boolean => Math.floor(now / MINUTE_MS) % minutes === 0;
  const series = spec.resources.every(({ scaling }) => learns(scaling) || scaling.method === 'none');
  switch (phase) {
    case 'upcoming':
      return now >= period.start - LONGEST_HANDOVER_MS;
    case 'active':
      return true;
    case 'draining':
      return !series || watchesFinished(now - period.end, now);
    case 'outdated':
    case 'expired':
      return every(series ? OUTDATED_SERIES_EVERY_MINUTES : OUTDATED_EVERY_MINUTES);
  }
}

function scaleTable(draft: PlanBuilder, config: Config, observed: Observed, table: Table, now: number): void {
  const resources = table.spec.resources.filter(
    ({ scaling }) => table.phase !== 'upcoming' || learns(scaling),
  );
  if (resources.length === 0) return;
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || (state.status !== 'ACTIVE' && state.status !== 'UPDATING')) return;
  const chooses = table.spec.billing === 'auto' && (table.phase === 'active' || table.phase === 'upcoming');
  const onDemand = state.billingMode === 'PAY_PER_REQUEST';
  if (onDemand && !chooses) return;
  const subject: TableContext = { draft, soFar: draft.soFar, observed, table, state, now };
  const decisions = onDemand ? followAll(subject, resources) : decideAll(subject, resources);
  if (chooses && chooseBilling(subject, config.prices)) return;
  if (decisions.length > 0) send(subject, decisions);
}

function decideAll(subject: TableContext, resources: readonly Resource[]): Decision[] {
  const { table, state } = subject;
  return resources.flatMap((resource) => {
    const capacity = state.capacities.find(({ index }) => index === resource.index);
    if (!capacity) return [];
    return (table.phase === 'upcoming' ? handover : decide)(subject, resource, capacity) ?? [];
  });
}

/** What is on demand is looked at all the same, and nothing of it is decided. */
function followAll(subject: TableContext, resources: readonly Resource[]): Decision[] {
  if (subject.table.phase === 'active' && !busy(subject.state))
    for (const resource of resources) followDemand(subject, resource);
  return [];
}

/** One UpdateTable for all of a table, without the decreases that the quota would refuse it for. */
function send(subject: TableContext, decisions: readonly Decision[]): void {
  const { draft, observed, table, state, now } = subject;
  const changes = decisions.map(({ change }) => change);
  const kind = kindOf(changes);
  const urgent = suffers(changes, decisions);
  if (!draft.owns(observed, table, kind, urgent)) return;
  const obstacle = busy(state) ?? superseded(state, now);
  if (obstacle) return draft.hold(table, kind, 'table-busy', `${describeChanges(changes)}: ${obstacle}`);
  const left = permitted({ ...subject, urgent }, changes);
  draft.add(table, left.outcome);
  const allowed = [...left.allowed];
  if (allowed.length === 0) return;
  const kept = kindOf(allowed);
  const why = allowed.flatMap((change) => reasonsOf(change, decisions));
  const first = why.find(({ rises }) => rises === (kept === 'raise')) ?? why[0]!;
  draft.do(table, {
    kind: kept,
    reason: first.reason,
    message: `${why.map(({ what, message }) => `${what}: ${message}`).join('. ')}.`,
    changes: allowed,
  });
}

/** Demand, and not a bound, asks for more than the table has. */
function suffers(changes: readonly ThroughputChange[], decisions: readonly Decision[]): boolean {
  return changes
    .flatMap((change) => reasonsOf(change, decisions))
    .some(({ rises, reason }) => rises && (reason === 'throttled' || reason === 'utilisation-high'));
}

/** Why what is left of a decision changes; what the quota has taken out of it gives no reason any more. */
function reasonsOf({ index, from, to }: ThroughputChange, decisions: readonly Decision[]) {
  const decision = decisions.find(({ change }) => change.index === index);
  return (decision?.why ?? [])
    .filter(({ dimension }) => from[dimension] !== to[dimension])
    .map((why) => {
      const { dimension } = why;
      const what = describeChanges([{ index, from, to: { ...from, [dimension]: to[dimension] } }]);
      return { ...why, what, rises: to[dimension] > from[dimension] };
    });
}
