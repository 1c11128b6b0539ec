/** Demand and capacity of a group over time: of the table that is current at each instant. */
import {
  type Dimension,
  dimensions,
  isPossible,
  type MetricQuery,
  type MetricSeries,
  provisionedQuery,
  queryFor,
} from '../capacity/demand.ts';
import { type Part, partsOf } from '../capacity/history.ts';
import { ofIndex, type Spec } from '../spec.ts';
import type { ReportWindow } from './window.ts';

/** Unknown capacity, or that of an on-demand table. */
export const UNKNOWN = -1;

/** A table or index whose reads or writes a chart shows. */
export interface Subject {
  readonly index?: string;
  readonly dimension: Dimension;
}

/** One value for each step of the window. */
export interface Steps {
  /** Units per second. */
  readonly consumed: Float64Array;
  /** Units per second, or UNKNOWN. */
  readonly capacity: Float64Array;
  /** Requests. */
  readonly throttled: Float64Array;
}

/** The reads and writes of a group's tables and of their global indexes. */
export function subjectsOf({ properties }: Spec): Subject[] {
  const indexes = (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  return [undefined, ...indexes].flatMap((index) =>
    dimensions.map((dimension) => ({ ...ofIndex(index), dimension })),
  );
}

/** The metrics of a chart and of one table: consumed, throttled and provisioned, in this order. */
export const METRICS = 3;

/** The queries of a group for one of its tables, `METRICS` for each subject. */
export const queriesOf = (spec: Spec, { table }: Part): MetricQuery[] =>
  subjectsOf(spec).flatMap(({ index, dimension }) => [
    queryFor(table, index, dimension, 'consumed'),
    queryFor(table, index, dimension, 'throttled'),
    provisionedQuery(table, index, dimension),
  ]);

/** The tables that were current in the window, with the part of it in which they were; deleted tables included. */
export const currentParts = (spec: Spec, { from, to }: ReportWindow): Part[] => partsOf(spec, { from, to });

/** How many metrics a report reads for some groups. AWS charges each. */
export const metricCount = (specs: readonly Spec[], window: ReportWindow): number =>
  specs.reduce((all, spec) => all + currentParts(spec, window).length * subjectsOf(spec).length * METRICS, 0);

/** Whether any metric of a table has a point: then it existed. */
export const hasData = (series: readonly MetricSeries[]): boolean =>
  series.some((one) => 'sums' in one && one.sums.size > 0);

/**
 * The steps of a subject from the series of each part, in the order of the parts; or why they could not be read. `place` is
 * the place of the subject among those of the group.
 */
export function stepsOf(
  parts: readonly Part[],
  series: readonly (readonly MetricSeries[])[],
  place: number,
  { from, to, stepMs }: ReportWindow,
): Steps | { readonly error: string } {
  const count = (to - from) / stepMs;
  const steps = {
    consumed: new Float64Array(count),
    capacity: new Float64Array(count).fill(UNKNOWN),
    throttled: new Float64Array(count),
  };
  for (const [i, part] of parts.entries()) {
    const own = series[i]?.slice(place * METRICS, (place + 1) * METRICS) ?? [];
    const sums: ReadonlyMap<number, number>[] = [];
    for (const one of own) {
      if ('error' in one) return { error: one.error };
      sums.push(one.sums);
    }
    const [consumed, throttled, provisioned] = sums;
    if (!consumed || !throttled || !provisioned) return { error: 'no answer' };
    const inPart = (
      values: ReadonlyMap<number, number>,
      use: (step: number, value: number) => void,
    ): void => {
      for (const [at, value] of values)
        if (at >= part.from && at < part.to && isPossible(value)) use((at - from) / stepMs, value);
    };
    inPart(consumed, (step, units) => {
      steps.consumed[step] = (units * 1000) / stepMs;
    });
    inPart(throttled, (step, requests) => {
      steps.throttled[step] = requests;
    });
    inPart(provisioned, (step, units) => {
      steps.capacity[step] = units;
    });
    fill(steps.capacity, (part.from - from) / stepMs, (part.to - from) / stepMs, STALE_MS / stepMs);
  }
  return steps;
}

/** DynamoDB publishes capacity about every five minutes. After this time without a point, it is unknown. */
const STALE_MS = 20 * 60_000;

/** Carries a known capacity over the steps without a point, but not for long: an on-demand table has no points. */
function fill(capacity: Float64Array, from: number, to: number, longest: number): void {
  let known = -Infinity;
  for (let step = Math.ceil(from); step < to; step += 1) {
    if (capacity[step] !== UNKNOWN) known = step;
    else if (step - known <= longest) capacity[step] = capacity[known]!;
  }
}
