import { type Case, type Decision, decide } from './decision.ts';
import { membersOf, type Table } from './fleet.ts';
import { methods } from './methods/index.ts';
import type { Method } from './methods/method.ts';
import type { Observed } from './observed.ts';
import { MINUTE_MS } from './period.ts';
import { permitted } from './permits/index.ts';
import { type Draft, Drafting, kindOf, type ThroughputChange } from './plan.ts';
import type { Config } from './spec.ts';
import { busy, describeChanges, overtaken } from './throughput.ts';

/** What demand wants at `now`: provisioned throughput of every table that takes traffic, within its limits. */
export function planScale(config: Config, observed: Observed, now: number): Draft {
  const draft = new Drafting('scale');
  for (const [spec, present] of membersOf(config, observed.names, now)) {
    const method = methods[spec.settings.scaling.method];
    if (!method || spec.resources.length === 0) continue;
    for (const table of present) {
      if (watched(table, now)) scaleTable(draft, observed, table, method, now);
    }
  }
  return draft;
}

/** Metrics cost money: an outdated table, which only reads can still move, is looked at every tenth minute. */
const OUTDATED_EVERY_MINUTES = 10;

function watched({ phase }: Table, now: number): boolean {
  if (phase === 'upcoming') return false;
  return (
    phase === 'active' || phase === 'draining' || Math.floor(now / MINUTE_MS) % OUTDATED_EVERY_MINUTES === 0
  );
}

function scaleTable(draft: Drafting, observed: Observed, table: Table, method: Method, now: number): void {
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.billingMode === 'PAY_PER_REQUEST') return;
  if (state.status !== 'ACTIVE' && state.status !== 'UPDATING') return;
  const demand = draft.ask(observed, table, 'demand')?.value;
  if (!demand) return;
  const subject: Case = { table, state, demand, method, now };
  const decisions = table.spec.resources.flatMap((resource) => {
    const capacity = state.capacities.find(({ index }) => index === resource.index);
    return capacity ? (decide(draft, subject, resource, capacity) ?? []) : [];
  });
  if (decisions.length > 0) send(draft, observed, subject, decisions);
}

/** One UpdateTable for all of a table, without the decreases that the quota would refuse it for. */
function send(draft: Drafting, observed: Observed, subject: Case, decisions: readonly Decision[]): void {
  const { table, state, now } = subject;
  const changes = decisions.map(({ change }) => change);
  const kind = kindOf(changes);
  if (!draft.owns(observed, table, kind, suffers(changes, decisions))) return;
  const obstacle = busy(state) ?? overtaken(state, now);
  if (obstacle) return draft.hold(table, kind, 'table-busy', `${describeChanges(changes)}: ${obstacle}`);
  const urgent = suffers(changes, decisions);
  const allowed = [...permitted({ draft, observed, table, state, now, urgent }, changes)];
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
