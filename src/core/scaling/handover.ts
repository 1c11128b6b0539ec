import { sayInstant } from '../calendar/instant.ts';
import { shift } from '../calendar/period.ts';
import { dimensions } from '../capacity/demand.ts';
import { handoverMs } from '../capacity/handover.ts';
import { isFresh, keyOf } from '../capacity/remembered.ts';
import { tableOf } from '../fleet.ts';
import type { Capacity } from '../observed.ts';
import { ofIndex, type Resource, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import type { Decision } from './decision.ts';

/**
 * What a coming table, or an index of it, has to have when it takes over: what the current one has by then, and full
 * capacity too where nothing is known of demand. undefined where another table comes first, something has yet to be
 * read, or there is nothing to take over because the current one is on demand.
 */
export function takeOver(subject: TableContext, resource: Resource): Units | undefined {
  const { draft, observed, table, now } = subject;
  const { spec } = table;
  const current = tableOf(spec, shift(spec.scheme, table.period.start, -1), now);
  if (current.phase !== 'active') return undefined;
  if (observed.names.has(current.name) && !observed.get('description', current.name)) {
    draft.needs.push({ fact: 'description', table: current.name });
    return undefined;
  }
  const state = observed.known('description', current.name);
  const standing = state?.billingMode === 'PROVISIONED' ? state.capacities : [];
  const capacity = coming(subject, current.name, standing, resource.index);
  if (!capacity && spec.billing === 'auto') return undefined;
  const known = draft.remembered(observed, spec.name);
  const units = (dimension: keyof Units): number => {
    const { min, max } = resource.bounds[dimension];
    const fresh = isFresh(known?.[keyOf(dimension, resource.index)], now);
    const least = capacity && fresh ? min : resource.full[dimension];
    return Math.min(max, Math.max(least, capacity?.[dimension] ?? 0));
  };
  return { read: units('read'), write: units('write') };
}

/** The current table's capacity, as this run leaves it. */
function coming(
  { draft }: TableContext,
  current: string,
  standing: readonly Capacity[],
  index: string | undefined,
): Units | undefined {
  for (const action of draft.actions) {
    if (action.table !== current) continue;
    if (action.kind === 'billing') return action.throughput?.find((one) => one.index === index);
    const change = 'changes' in action && action.changes.find((one) => one.index === index);
    if (change) return change.to;
  }
  return standing.find((one) => one.index === index);
}

/** Brings a coming table, or an index of it, to what it takes over, once its period is near. */
export function handover(
  subject: TableContext,
  resource: Resource,
  capacity: Capacity,
): Decision | undefined {
  const { period } = subject.table;
  const to = takeOver(subject, resource);
  if (!to || subject.now < period.start - handoverMs(to)) return undefined;
  const from: Units = { read: capacity.read, write: capacity.write };
  const message = `takes over at what the table before it has when its period begins ${sayInstant(period.start)}`;
  const why = dimensions
    .filter((dimension) => from[dimension] !== to[dimension])
    .map((dimension) => ({ dimension, reason: 'warm-up' as const, message }));
  if (why.length === 0) return undefined;
  return { change: { ...ofIndex(resource.index), from, to }, why };
}
