import { HOUR_MS } from '../../calendar/period.ts';
import { demandWindow } from '../../capacity/demand.ts';
import { capacityAfterChange, whole } from '../../capacity/model.ts';
import { comparedIn, type Remembered } from '../../capacity/remembered.ts';
import { type Answer, allOf } from '../../outcome.ts';
import type { Provision } from '../../plan.ts';
import { ofIndex, type Resource, type Units } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { type DimensionContext, dimensionsOf } from '../sampling/dimension-context.ts';
import { memoryKey } from '../sampling/group-memory.ts';
import { groupMetrics } from '../sampling/metrics.ts';

/** Throughput for a table and all of its indexes; undefined if the throughput of any is unknown. */
export function eachUnits(
  { table: { spec } }: TableContext,
  unitsOf: (resource: Resource) => Answer<Units | undefined>,
): Answer<Provision[] | undefined> {
  const all: Provision[] = [];
  for (const resource of spec.resources) {
    const units = unitsOf(resource);
    if ('pending' in units) return units;
    if (!units.value) return { value: undefined };
    all.push({ ...ofIndex(resource.index), ...units.value });
  }
  return { value: all };
}

/**
 * The shadow's throughput, or the highest minute of the last hour if that is higher, because burst capacity starts at
 * zero.
 */
export function neededUnits(
  context: TableContext,
  resource: Resource,
  remembered: Remembered | undefined,
): Answer<Units | undefined> {
  const contexts = dimensionsOf(context, resource);
  const peaks = allOf(contexts.map((dimension) => peakOfLastHour(context, dimension)));
  if ('pending' in peaks) return peaks;
  const [read, write] = contexts.map((dimension, i) => {
    const shadow = comparedIn(remembered?.[memoryKey(dimension)])?.shadow;
    return shadow && whole(Math.max(capacityAfterChange(shadow.model), peaks.value[i]!), dimension.bounds);
  });
  return { value: read === undefined || write === undefined ? undefined : { read, write } };
}

/** Units per second. */
function peakOfLastHour(context: TableContext, dimension: DimensionContext): Answer<number> {
  const { to } = demandWindow(context.now);
  const consumed = groupMetrics(context, dimension)('consumed', { from: to - HOUR_MS, to });
  return 'pending' in consumed ? consumed : { value: Math.max(0, ...consumed.value.values()) / 60 };
}
