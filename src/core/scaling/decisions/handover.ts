import { sayInstant } from '../../calendar/instant.ts';
import { stepped } from '../../calendar/rotation.ts';
import { handoverMs } from '../../capacity/handover.ts';
import { isFresh, keyOf } from '../../capacity/remembered.ts';
import type { Capacity } from '../../facts.ts';
import { tableOf } from '../../fleet.ts';
import { type Answer, needing, nothing } from '../../outcome.ts';
import type { Resource, Units } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { dimensionsOf } from '../sampling/dimension-context.ts';
import { type DimensionDecision, undecided } from './decision.ts';

/**
 * The throughput that an upcoming table or one of its indexes needs when its period starts: that of the current table,
 * or full throughput if demand is unknown. undefined if another table comes first, or if the current table is on-demand
 * and has no throughput to match.
 */
export function handoverUnits(context: TableContext, resource: Resource): Answer<Units | undefined> {
  const { observed, table, now, soFar } = context;
  const { spec } = table;
  const current = tableOf(spec, stepped(spec, table.period.start, -1), now);
  if (current.phase !== 'active') return { value: undefined };
  if (observed.names.has(current.name) && !observed.get('description', current.name))
    return { pending: needing({ fact: 'description', table: current.name }) };
  const state = observed.known('description', current.name);
  const provisioned = state?.billingMode === 'PROVISIONED' ? state.capacities : [];
  const capacity = capacityAfterRun(context, current.name, provisioned, resource.index);
  if (!capacity && spec.billing === 'auto') return { value: undefined };
  const known = soFar.remembered(spec.name);
  const units = (dimension: keyof Units): number => {
    const { min, max } = resource.bounds[dimension];
    const fresh = isFresh(known?.[keyOf(dimension, resource.index)], now);
    const least = capacity && fresh ? min : resource.full[dimension];
    return Math.min(max, Math.max(least, capacity?.[dimension] ?? 0));
  };
  return { value: { read: units('read'), write: units('write') } };
}

/** The current table's capacity after this run. */
function capacityAfterRun(
  { soFar }: TableContext,
  current: string,
  provisioned: readonly Capacity[],
  index: string | undefined,
): Units | undefined {
  for (const action of soFar.actionsOf(current)) {
    if (action.kind === 'billing') return action.throughput?.find((one) => one.index === index);
    const change = 'changes' in action && action.changes.find((one) => one.index === index);
    if (change) return change.to;
  }
  return provisioned.find((one) => one.index === index);
}

/**
 * Matches the capacity of an upcoming table, or of one of its indexes, to the current table's shortly before its
 * period.
 */
export function decideHandover(context: TableContext, resource: Resource): DimensionDecision[] {
  const { period, spec } = context.table;
  const units = handoverUnits(context, resource);
  const message = `matches the current table's capacity before its period starts at ${sayInstant(period.start)}`;
  return dimensionsOf(context, resource).map((dimension) => {
    if ('pending' in units) return undecided(dimension, units.pending);
    const to = units.value;
    if (!to || context.now < period.start - handoverMs(to) - spec.queueMs) return undecided(dimension);
    const target = { units: to[dimension.dimension], reason: 'warm-up' as const, message };
    return { dimension, target, outcome: nothing };
  });
}
