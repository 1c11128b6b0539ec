/** The charts of a group, small enough for a page and with every peak. */
import { iso } from '../calendar/instant.ts';
import type { MetricSeries } from '../capacity/demand.ts';
import type { Part } from '../capacity/history.ts';
import type { Spec } from '../spec.ts';
import type { Chart, ChartTable } from './model.ts';
import { packed, threeDigits } from './runs.ts';
import { type Steps, stepsOf, subjectsOf, UNKNOWN } from './series.ts';
import { highest, type ReportWindow, reduced, sum } from './window.ts';

/** The steps of a chart, for its cost. */
export interface Measured extends Steps {
  readonly dimension: Chart['dimension'];
}

/** The rows of all tables of charts of a page together, and of one. */
const ALL_ROWS = 4000;
const ROWS = { least: 4, most: 48 };

/** How many tables a chart names if a page has so many charts. */
export const rowsPerChart = (charts: number): number =>
  Math.max(ROWS.least, Math.min(ROWS.most, Math.floor(ALL_ROWS / Math.max(1, charts))));

/** The newest parts. The earlier ones are one part, so that nothing is lost from its sums and peaks. */
function named(parts: readonly Part[], most: number): readonly Part[] {
  const earlier = parts.slice(0, Math.max(0, parts.length - most + 1));
  if (earlier.length < 2) return parts;
  const { from } = earlier[0]!;
  const table = `${earlier.length} earlier tables`;
  return [{ table, from, to: earlier.at(-1)!.to }, ...parts.slice(earlier.length)];
}

/** How small the charts of a page are: the steps of a point, and the tables that a chart names. */
export interface ChartSize {
  readonly steps: number;
  readonly rows: number;
}

/** The charts of a group. `series`: of each part, as `queriesOf` asks for them. */
export function chartsOf(
  spec: Spec,
  parts: readonly Part[],
  series: readonly (readonly MetricSeries[])[],
  window: ReportWindow,
  { steps: size, rows }: ChartSize,
): { readonly charts: readonly Chart[]; readonly measured: readonly Measured[] } {
  const measured: Measured[] = [];
  const charts = subjectsOf(spec).map((subject, place): Chart => {
    const steps = stepsOf(parts, series, place, window);
    if ('error' in steps)
      return { ...subject, error: steps.error, consumed: [], capacity: [], throttled: [], tables: [] };
    measured.push({ ...steps, dimension: subject.dimension });
    return {
      ...subject,
      consumed: packed(reduced(steps.consumed, size, highest), threeDigits),
      capacity: packed(reduced(steps.capacity, size, highest), threeDigits),
      throttled: packed(reduced(steps.throttled, size, sum), Math.round),
      tables: named(parts, rows).map((part) => tableOf(part, steps, window)),
    };
  });
  return { charts, measured };
}

function tableOf({ table, from, to }: Part, steps: Steps, { from: start, stepMs }: ReportWindow): ChartTable {
  const own = (values: Float64Array): Float64Array =>
    values.subarray(Math.ceil((from - start) / stepMs), Math.ceil((to - start) / stepMs));
  const consumed = own(steps.consumed);
  const known = own(steps.capacity).filter((units) => units !== UNKNOWN);
  return {
    table,
    from: iso(from),
    to: iso(to),
    meanConsumed: threeDigits(consumed.reduce(sum, 0) / Math.max(1, consumed.length)),
    peakConsumed: threeDigits(consumed.reduce(highest, 0)),
    lowestCapacity: known.length > 0 ? Math.min(...known) : null,
    highestCapacity: known.length > 0 ? Math.max(...known) : null,
    throttled: Math.round(own(steps.throttled).reduce(sum, 0)),
  };
}
