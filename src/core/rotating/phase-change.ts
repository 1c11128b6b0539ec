import { dimensions } from '../capacity/demand.ts';
import { isFresh, keyOf } from '../capacity/remembered.ts';
import type { Capacity } from '../facts.ts';
import { drainedAt } from '../phase.ts';
import type { ThroughputChange } from '../plan.ts';
import { learns } from '../scaling/methods/index.ts';
import { ofIndex, type Resource, type Units } from '../spec.ts';
import type { TableContext } from '../table-context.ts';
import { plannedUnits, raiseFrom, warmFrom } from './planned.ts';

export type PhaseReason = 'warm-up' | 'late-warm-up' | 'period-ended';

/** The change that the phase of a table requires for the table or one of its indexes. */
export interface PhaseChange {
  readonly change: ThroughputChange;
  /** `draining`: the decrease waits until the drain window has ended. */
  readonly reason: PhaseReason | 'draining';
}

/**
 * The changes of a table or index to the throughput that its phase requires, `planned`. Once scale has set the capacity by
 * demand, a change here would undo that.
 */
export function phaseChanges(
  context: TableContext,
  resource: Resource,
  capacity: Capacity,
  planned: Units,
): PhaseChange[] {
  const { table, now } = context;
  const from: Units = { read: capacity.read, write: capacity.write };
  const each = (units: (dimension: keyof Units) => number): Units => ({
    read: units('read'),
    write: units('write'),
  });
  const change = (to: Units, reason: PhaseChange['reason']): PhaseChange[] =>
    dimensions.some((dimension) => to[dimension] !== from[dimension])
      ? [{ change: { ...ofIndex(resource.index), from, to }, reason }]
      : [];
  const up = each((dimension) => Math.max(from[dimension], planned[dimension]));
  const down = each((dimension) => Math.min(from[dimension], planned[dimension]));
  const changedSince = (instant: number): boolean => isChangedSince(resource, capacity, instant);
  switch (table.phase) {
    case 'upcoming':
      return now >= raiseFrom(table.spec, resource, table.period) ? change(up, 'warm-up') : [];
    case 'active':
      return isCold(context, resource, capacity) ? change(up, 'late-warm-up') : [];
    case 'draining':
      return [
        ...(changedSince(table.period.end) ? [] : change(up, 'period-ended')),
        ...change(down, 'draining'),
      ];
    case 'outdated':
    case 'expired': {
      if (changedSince(drainedAt(table.spec, table.period))) return [];
      const wanted = table.phase === 'expired' ? down : planned;
      const scaled = scaledAfter(context, resource, capacity);
      return change(
        each((dimension) => (scaled(dimension) ? from[dimension] : wanted[dimension])),
        'period-ended',
      );
    }
    default:
      return table.phase satisfies never;
  }
}

/** Whether a current table has the throughput that it had before its period. */
function isCold(context: TableContext, resource: Resource, capacity: Capacity): boolean {
  const { table, state } = context;
  // With Billing auto, the table started its period on-demand or with the capacity of the previous table.
  if (table.spec.billing === 'auto') return false;
  if (resource.scaling.method === 'none') return true;
  const warmAt = warmFrom(table.spec, resource, table.period);
  if (state.createdAt >= warmAt) return false;
  const changed = lastChange(capacity);
  if (changed !== undefined) return changed < warmAt;
  const unchanged = dimensions.every(seemsUnchanged(context, resource, capacity));
  return unchanged && capacity.decreases === 0 && !isScaledNow(context, resource);
}

/** Whether the capacity was changed at or after an instant. If DynamoDB does not say when, that is unknown: false. */
function isChangedSince({ scaling }: Resource, capacity: Capacity, instant: number): boolean {
  // Rotate lowers a table that is not scaled only once, and leaves a raise by hand.
  const changed = scaling.method === 'none' ? capacity.lastDecrease : lastChange(capacity);
  return (changed ?? -Infinity) >= instant;
}

/**
 * The dimensions that rotate leaves to scale after the period has ended: those that scale changes, if DynamoDB does not say
 * when the capacity was changed.
 */
function scaledAfter(
  context: TableContext,
  resource: Resource,
  capacity: Capacity,
): (dimension: keyof Units) => boolean {
  if (resource.scaling.method === 'none' || lastChange(capacity) !== undefined) return () => false;
  const unchanged = seemsUnchanged(context, resource, capacity);
  return (dimension) => !unchanged(dimension);
}

/** When the capacity was last changed, epoch milliseconds; undefined if DynamoDB does not say, or if it never was. */
function lastChange({ lastIncrease, lastDecrease }: Capacity): number | undefined {
  if (lastIncrease === undefined && lastDecrease === undefined) return undefined;
  return Math.max(lastIncrease ?? -Infinity, lastDecrease ?? -Infinity);
}

/** Whether a dimension has the capacity that it was created with, or full capacity, and not one that demand needed. */
function seemsUnchanged(
  { table, state }: TableContext,
  resource: Resource,
  capacity: Capacity,
): (dimension: keyof Units) => boolean {
  const created = plannedUnits(table.spec, resource, table.period, state.createdAt);
  return (dimension) =>
    capacity[dimension] === created[dimension] || capacity[dimension] === resource.full[dimension];
}

/** Whether scale has learned about the demand on a table or index within the last hour. */
function isScaledNow({ soFar, table, now }: TableContext, { index, scaling }: Resource): boolean {
  const known = soFar.remembered(table.spec.name);
  return learns(scaling) && dimensions.some((dimension) => isFresh(known?.[keyOf(dimension, index)], now));
}
