import { HOUR_MS, periodAt } from '../calendar/period.ts';
import { type Table, tableOf } from '../fleet.ts';
import type { Observed, TableState } from '../observed.ts';
import { drainedAt } from '../phase.ts';
import type { Billing } from '../scaling/billing/verdict.ts';
import type { Spec } from '../spec.ts';
import { changedAt } from '../throughput.ts';

/** Recommendation looks back a day at most, so that night and day are in it. */
export const RECOMMENDATION_WINDOW_MS = 24 * HOUR_MS;
/** Of less than this nothing can be told. */
const SHORTEST_MS = 3 * HOUR_MS;
/** What has to be provisioned for peaks can be told of no less than half a day. */
const SHORTEST_ON_DEMAND_MS = 12 * HOUR_MS;

/** A table whose way of billing may be weighed, by its demand since `from`, epoch milliseconds. */
export interface Candidate {
  readonly subject: 'current' | 'outdated';
  readonly spec: Spec;
  readonly state: TableState;
  readonly billing: Billing;
  readonly from: number;
  /** Tables whose demand is that of the group since then, the present one last. */
  readonly names: readonly string[];
  /** All that would be billed the other way. */
  readonly states: readonly TableState[];
}

/** The tables whose descriptions are needed for that, and which the jobs have no need to read: on-demand ones. */
export function unread(
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

/** Of each group the current table, and the newest outdated one for all of them, as far as they can be weighed. */
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
  // Scaling does not advise where it decides.
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

/** The tables of all periods since then, gone ones too, for CloudWatch keeps what they consumed. */
function namesSince(spec: Spec, from: number, now: number): string[] {
  const names: string[] = [];
  for (let at = from; at <= now; at = periodAt(spec.scheme, at).end)
    names.push(tableOf(spec, periodAt(spec.scheme, at), now).name);
  return names;
}
