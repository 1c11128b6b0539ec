import { HOUR_MS } from '../calendar/period.ts';
import { periodOf } from '../calendar/rotation.ts';
import type { TableState } from '../facts.ts';
import { type Table, tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { drainedAt } from '../phase.ts';
import type { Billing } from '../scaling/billing/verdict.ts';
import type { Spec } from '../spec.ts';
import { changedAt } from '../throughput.ts';

/** A recommendation uses the demand of at most one day, which covers day and night. */
export const RECOMMENDATION_WINDOW_MS = 24 * HOUR_MS;
/** With less demand than this, there is no recommendation. */
const SHORTEST_MS = 3 * HOUR_MS;
/** The capacity that covers all peaks is known only after half a day of demand. */
const SHORTEST_ON_DEMAND_MS = 12 * HOUR_MS;

/** A table whose billing modes can be compared by its demand since `from`, in epoch milliseconds. */
export interface Candidate {
  readonly subject: 'current' | 'outdated';
  readonly spec: Spec;
  readonly state: TableState;
  readonly billing: Billing;
  readonly from: number;
  /** Tables that served the group's demand since then, the current one last. */
  readonly names: readonly string[];
  /** All tables that would change their billing mode. */
  readonly states: readonly TableState[];
}

/** On-demand tables whose descriptions are still needed, because the jobs do not read them. */
export function undescribed(
  members: ReadonlyMap<Spec, readonly Table[]>,
  observed: Observed,
  now: number,
): string[] {
  return [...members]
    .filter(([spec]) => spec.resources.length === 0)
    .flatMap(([, present]) => present)
    .filter(({ period }) => period.start <= now && period.end > now - RECOMMENDATION_WINDOW_MS)
    .map(({ name }) => name)
    .filter((name) => !observed.get('description', name));
}

/**
 * The current table of each group, and its newest outdated table, which represents all outdated ones, if comparable.
 */
export function candidates(members: ReadonlyMap<Spec, readonly Table[]>, observed: Observed, now: number) {
  return [...members].flatMap(([spec, present]) => [
    ...current(spec, present, observed, now),
    ...outdated(spec, present, observed, now),
  ]);
}

function stateOf(observed: Observed, { name }: Table): TableState | undefined {
  const state = observed.known('description', name);
  return state && (state.status === 'ACTIVE' || state.status === 'UPDATING') ? state : undefined;
}

function current(spec: Spec, present: readonly Table[], observed: Observed, now: number): Candidate[] {
  const table = present.find(({ phase }) => phase === 'active');
  const state = table && stateOf(observed, table);
  // With Billing auto, scale chooses the billing mode itself.
  if (spec.billing === 'auto') return [];
  const wanted = spec.resources.length > 0 ? 'PROVISIONED' : 'PAY_PER_REQUEST';
  if (!table || !state || state.billingMode !== wanted) return [];
  const common = { subject: 'current', spec, state, states: [state] } as const;
  if (wanted === 'PROVISIONED') {
    const from = Math.max(now - RECOMMENDATION_WINDOW_MS, table.period.start, changedAt(state));
    if (now - from < SHORTEST_MS) return [];
    return [{ ...common, billing: 'provisioned', from, names: [table.name] }];
  }
  const oldest = Math.min(...present.map((each) => stateOf(observed, each)?.createdAt ?? now));
  const from = Math.max(now - RECOMMENDATION_WINDOW_MS, oldest);
  if (now - from < SHORTEST_ON_DEMAND_MS) return [];
  return [{ ...common, billing: 'on-demand', from, names: namesSince(spec, from, now) }];
}

function outdated(spec: Spec, present: readonly Table[], observed: Observed, now: number): Candidate[] {
  if (spec.outdated.billingMode || spec.resources.length === 0) return [];
  const provisioned = present.flatMap((table) => {
    const state = table.phase === 'outdated' ? stateOf(observed, table) : undefined;
    return state?.billingMode === 'PROVISIONED' ? [{ table, state }] : [];
  });
  const newest = provisioned.at(-1);
  if (!newest) return [];
  const { table, state } = newest;
  const drained = drainedAt(spec, table.period);
  const from = Math.max(now - RECOMMENDATION_WINDOW_MS, drained, changedAt(state));
  if (now - from < SHORTEST_MS) return [];
  const states = provisioned.map((each) => each.state);
  return [{ subject: 'outdated', spec, state, states, billing: 'provisioned', from, names: [table.name] }];
}

/** The tables of all periods since then. Deleted ones count, because CloudWatch retains their metrics. */
function namesSince(spec: Spec, from: number, now: number): string[] {
  const names: string[] = [];
  for (let at = from; at <= now; at = periodOf(spec, at).end)
    names.push(tableOf(spec, periodOf(spec, at), now).name);
  return names;
}
