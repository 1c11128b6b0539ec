import type { Demand, Dimension, Minute } from './demand.ts';
import type { Table } from './fleet.ts';
import { type Limited, limit } from './limits.ts';
import type { Method } from './methods/method.ts';
import type { Capacity, TableState } from './observed.ts';
import type { Drafting, Reason, ThroughputChange } from './plan.ts';
import type { Resource } from './spec.ts';

const dimensions: readonly Dimension[] = ['read', 'write'];

/** A table under decision, and all that is known of it. */
export interface Case {
  readonly table: Table;
  readonly state: TableState;
  readonly demand: Demand;
  readonly method: Method;
  readonly now: number;
}

export interface Decision {
  readonly change: ThroughputChange;
  readonly why: readonly Why[];
}

interface Why {
  readonly dimension: Dimension;
  readonly reason: Reason;
  readonly message: string;
}

/** Reads and writes of one table or index, each by itself. Unknown demand changes nothing. */
export function decide(
  draft: Drafting,
  subject: Case,
  resource: Resource,
  capacity: Capacity,
): Decision | undefined {
  const { table, demand } = subject;
  const known = demand.find(({ index }) => index === resource.index);
  const from = { read: capacity.read, write: capacity.write };
  const to = { ...from };
  const why: Why[] = [];
  for (const dimension of dimensions) {
    const name = resource.index === undefined ? `${dimension}s` : `index ${resource.index} ${dimension}s`;
    const minutes = known?.[dimension];
    if (!minutes) {
      draft.hold(
        table,
        'read',
        'metrics-unknown',
        `Could not read the metrics of its ${name}, so its capacity stays: ${known?.error ?? 'no answer'}.`,
      );
      continue;
    }
    const limited = propose(subject, resource, capacity, { dimension, name, minutes });
    for (const { wanted, reason, message } of limited.held) draft.hold(table, wanted, reason, message);
    to[dimension] = limited.units;
    if (limited.units !== from[dimension])
      why.push({ dimension, reason: limited.reason, message: limited.message });
  }
  if (why.length === 0) return undefined;
  return { change: { ...(resource.index === undefined ? {} : { index: resource.index }), from, to }, why };
}

/** Reads or writes under decision: what sentences call them, and what is known of their demand. */
interface Aspect {
  readonly dimension: Dimension;
  readonly name: string;
  readonly minutes: readonly Minute[];
}

/** Method first, limits after. Minutes from before the period, or before the table, say nothing of its demand. */
function propose(
  { table, state, method, now }: Case,
  resource: Resource,
  capacity: Capacity,
  { dimension, name, minutes: all }: Aspect,
): Limited {
  const since = Math.max(table.period.start, state.createdAt);
  const minutes = all.filter(({ at }) => at >= since);
  const provisioned = capacity[dimension];
  const { lastIncrease } = capacity;
  const { targetUtilization } = table.spec.settings.scaling;
  const proposal = method({ now, minutes, provisioned, lastIncrease, targetUtilization });
  const { min, max } = resource.bounds[dimension];
  const over = table.phase === 'outdated' || table.phase === 'expired';
  const bounds = over ? { min: Math.min(min, resource.outdated[dimension]), max } : { min, max };
  const { start: began } = table.period;
  const full = resource.full[dimension];
  const { phase } = table;
  return limit(proposal, { now, name, provisioned, bounds, phase, minutes, lastIncrease, began, full });
}
