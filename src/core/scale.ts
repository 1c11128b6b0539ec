import type { Demand, Dimension, Minute } from './demand.ts';
import { membersOf, type Table } from './fleet.ts';
import { sayInstant } from './instant.ts';
import { type Limited, limit } from './limits.ts';
import { methods } from './methods/index.ts';
import type { Method } from './methods/method.ts';
import type { Capacity, Observed, TableState } from './observed.ts';
import { type Draft, Drafting, kindOf, type Reason, type ThroughputChange } from './plan.ts';
import type { Config, Range, Resource } from './spec.ts';
import { busy, describeChanges, withinQuota } from './throughput.ts';

const dimensions: readonly Dimension[] = ['read', 'write'];

/** What demand wants at `now`: provisioned throughput of every table that takes traffic, within its limits. */
export function planScale(config: Config, observed: Observed, now: number): Draft {
  const draft = new Drafting('scale');
  for (const [spec, present] of membersOf(config, observed.names, now)) {
    const method = methods[spec.settings.scaling.method];
    if (!method || spec.resources.length === 0) continue;
    for (const table of present) {
      if (table.phase !== 'upcoming') scaleTable(draft, observed, table, method, now);
    }
  }
  return draft;
}

function scaleTable(draft: Drafting, observed: Observed, table: Table, method: Method, now: number): void {
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.billingMode === 'PAY_PER_REQUEST') return;
  if (state.status !== 'ACTIVE' && state.status !== 'UPDATING') return;
  const demand = draft.ask(observed, table, 'demand')?.value;
  if (!demand) return;
  const decisions = table.spec.resources.flatMap((resource) => {
    const capacity = state.capacities.find(({ index }) => index === resource.index);
    return capacity ? [decide(draft, table, resource, capacity, state, demand, method, now)] : [];
  });
  const changes = decisions.flatMap(({ change }) => change ?? []);
  if (changes.length > 0) send(draft, observed, table, state, changes, decisions, now);
}

interface Decision {
  readonly change?: ThroughputChange;
  readonly why: readonly { readonly reason: Reason; readonly message: string }[];
}

/** Reads and writes of one table or index: method first, limits after. Unknown demand changes nothing. */
function decide(
  draft: Drafting,
  table: Table,
  resource: Resource,
  capacity: Capacity,
  state: TableState,
  demand: Demand,
  method: Method,
  now: number,
): Decision {
  const { index } = resource;
  const where = index === undefined ? '' : `index ${index} `;
  const from = { read: capacity.read, write: capacity.write };
  const to = { ...from };
  const why: { reason: Reason; message: string }[] = [];
  const known = demand.find((candidate) => candidate.index === index);
  for (const dimension of dimensions) {
    const minutes = known?.[dimension];
    if (!minutes) {
      draft.hold(
        table,
        'read',
        'metrics-unknown',
        `Could not read its ${where}${dimension} metrics; capacity stays.`,
      );
      continue;
    }
    const limited = propose(
      table,
      resource.bounds[dimension],
      minutes,
      from[dimension],
      capacity,
      state,
      method,
      now,
      resource.outdated[dimension],
    );
    for (const { reason, message } of limited.held) {
      draft.hold(
        table,
        'raise',
        reason,
        `${capitalise(`${where}${dimension}s`)}: ${limited.message}; ${message}.`,
      );
    }
    to[dimension] = limited.units;
    if (limited.units !== from[dimension]) {
      why.push({ reason: limited.reason, message: `${where}${dimension}s: ${limited.message}` });
    }
  }
  if (why.length === 0) return { why };
  return { change: { ...(index === undefined ? {} : { index }), from, to }, why };
}

function propose(
  table: Table,
  bounds: Range,
  minutes: readonly Minute[],
  provisioned: number,
  capacity: Capacity,
  state: TableState,
  method: Method,
  now: number,
  outdated: number,
): Limited {
  const since = Math.max(table.period.start, state.createdAt);
  const proposal = method({
    now,
    minutes: minutes.filter(({ at }) => at >= since),
    provisioned,
    lastIncrease: capacity.lastIncrease,
    targetUtilization: table.spec.settings.scaling.targetUtilization,
  });
  const quiet = table.phase === 'outdated' || table.phase === 'expired';
  const range = quiet ? { min: Math.min(bounds.min, outdated), max: bounds.max } : bounds;
  return limit(proposal, { provisioned, bounds: range, phase: table.phase });
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One UpdateTable for all of a table, without the decreases that the quota would refuse it for. */
function send(
  draft: Drafting,
  observed: Observed,
  table: Table,
  state: TableState,
  changes: readonly ThroughputChange[],
  decisions: readonly Decision[],
  now: number,
): void {
  const kind = kindOf(changes);
  if (!draft.owns(observed, table, kind)) return;
  const obstacle = busy(state);
  if (obstacle) return draft.hold(table, kind, 'table-busy', `${describeChanges(changes)}: ${obstacle}`);
  const { allowed, refused } = withinQuota(changes, state, now);
  for (const { change, until } of refused) {
    const text = describeChanges([{ ...change, to: lowest(change) }]);
    draft.hold(
      table,
      'lower',
      'decrease-quota',
      `${text}: today's decreases are spent; the next is allowed ${sayInstant(until)}.`,
    );
  }
  if (allowed.length === 0) return;
  const why = decisions.flatMap((decision) => decision.why);
  const reasons = why.map(({ message }) => message).join('; ');
  draft.do(table, {
    kind: kindOf(allowed),
    reason: why[0]!.reason,
    message: `${describeChanges(allowed)}: ${reasons}.`,
    changes: allowed,
  });
}

const lowest = ({ from, to }: ThroughputChange): ThroughputChange['to'] => ({
  read: Math.min(from.read, to.read),
  write: Math.min(from.write, to.write),
});
