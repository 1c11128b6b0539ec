import { HOUR_MS } from '../../calendar/period.ts';
import { type Dimension, demandWindow, dimensions, type Source } from '../../capacity/demand.ts';
import { heading, whole } from '../../capacity/model.ts';
import { comparedIn, keyOf } from '../../capacity/remembered.ts';
import type { Capacity } from '../../observed.ts';
import type { Provision } from '../../plan.ts';
import { ofIndex, type Resource, type Units } from '../../spec.ts';
import type { TableContext } from '../../table-context.ts';
import { stitched } from '../sample.ts';

/** Throughput for a table and all of its indexes; undefined as long as that of any is not known. */
export function eachUnits(
  { table: { spec } }: TableContext,
  unitsOf: (resource: Resource) => Units | undefined,
): Provision[] | undefined {
  const all: Provision[] = [];
  for (const resource of spec.resources) {
    const units = unitsOf(resource);
    if (!units) return undefined;
    all.push({ ...ofIndex(resource.index), ...units });
  }
  return all;
}

/** What the run in thought has come to, and no less than the last hour's peak, for the burst capacity begins empty. */
export function neededBy(subject: TableContext, resource: Resource): Units | undefined {
  const { draft, table, state } = subject;
  const capacity = state.capacities.find(({ index }) => index === resource.index);
  const remembered = draft.remembered(subject.observed, table.spec.name);
  const [read, write] = dimensions.map((dimension) => {
    const shadow = comparedIn(remembered?.[keyOf(dimension, resource.index)])?.shadow;
    const peak = capacity && lastHoursPeak(subject, capacity, dimension);
    if (peak === undefined || !shadow) return undefined;
    return whole(Math.max(heading(shadow.model), peak), resource.bounds[dimension]);
  });
  return read === undefined || write === undefined ? undefined : { read, write };
}

/** Units per second; undefined where it cannot be read, or has yet to be. */
function lastHoursPeak(
  { draft, observed, table, now }: TableContext,
  capacity: Capacity,
  dimension: Dimension,
): number | undefined {
  const { to } = demandWindow(now);
  const source: Source = (query, window) => draft.metric(observed, query, window);
  const window = { from: to - HOUR_MS, to };
  const series = stitched(source, { table, capacity, dimension }, 'consumed', window);
  if (!series) return undefined;
  if ('error' in series) return draft.unknown(table, `${dimension}s`, series.error);
  return Math.max(0, ...series.sums.values()) / 60;
}
