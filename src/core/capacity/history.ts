import { tableName } from '../calendar/naming.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { periodOf } from '../calendar/rotation.ts';
import type { Spec } from '../spec.ts';
import { type Dimension, type MetricQuery, type MetricSeries, queryFor, type Window } from './demand.ts';

/** Steps over which CloudWatch sums, in milliseconds. */
export type StepMs = 60_000 | 300_000 | 3_600_000;

/** How long points are retained: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
const RETENTION: readonly { readonly stepMs: StepMs; readonly days: number }[] = [
  { stepMs: 60_000, days: 15 },
  { stepMs: 300_000, days: 63 },
  { stepMs: 3_600_000, days: 455 },
];

export const LONGEST_DAYS = RETENTION.at(-1)!.days;

/** Whether the point of a step that started `at` is still retained. */
export const isRetained = (stepMs: StepMs, at: number, now: number): boolean =>
  now - at <= RETENTION.find((retained) => retained.stepMs === stepMs)!.days * DAY_MS;

/** The shortest step whose points are retained for `days` days. @throws RangeError beyond `LONGEST_DAYS` */
export function stepFor(days: number): StepMs {
  const retained = RETENTION.find((each) => days <= each.days);
  if (!retained) throw new RangeError(`CloudWatch retains metrics for ${LONGEST_DAYS} days.`);
  return retained.stepMs;
}

/** The newest points still change for some minutes, and the oldest expire while they are read. */
const SETTLED_MS = 5 * MINUTE_MS;

/** The whole steps of the last days, from a whole hour to the newest points that no longer change. */
export function historyWindow(days: number, now: number): Window {
  const stepMs = stepFor(days);
  return {
    from: Math.ceil((now - days * DAY_MS + SETTLED_MS) / HOUR_MS) * HOUR_MS,
    to: Math.floor((now - SETTLED_MS) / stepMs) * stepMs,
  };
}

/** A table of a group, and the part of a window in which it was current. */
export interface Part extends Window {
  readonly table: string;
}

/** The tables of a group that were current in a window, one after the other, deleted tables included. */
export function partsOf(spec: Spec, { from, to }: Window): Part[] {
  const parts: Part[] = [];
  for (let start = from; start < to; start = parts.at(-1)!.to) {
    const period = periodOf(spec, start);
    parts.push({ table: tableName(spec, period), from: start, to: Math.min(to, period.end) });
  }
  return parts;
}

/** The number of points that GetMetricData returns in one page. */
const POINTS_PER_PAGE = 100_800;
/** Consumed and throttled. */
export const METRICS_PER_PART = 2;

/** Parts that are best read together. Each table of a stretch is read for all of it, so long stretches waste points. */
export function stretchesOf(parts: readonly Part[], stepMs: StepMs): Part[][] {
  const stretches: Part[][] = [];
  for (const part of parts) {
    const stretch = stretches.at(-1);
    const points = stretch ? (part.to - stretch[0]!.from) / stepMs : 0;
    if (stretch && (stretch.length + 1) * METRICS_PER_PART * points <= POINTS_PER_PAGE) stretch.push(part);
    else stretches.push([part]);
  }
  return stretches;
}

/** The queries of each part: consumed and throttled, in this order. */
export const partQueries = (
  parts: readonly Part[],
  index: string | undefined,
  dimension: Dimension,
): MetricQuery[] =>
  parts.flatMap(({ table }) =>
    (['consumed', 'throttled'] as const).map((of) => queryFor(table, index, dimension, of)),
  );

/** Demand by step, units per second, of the table that was current in it; or why it could not be read. */
export function demandOfParts(
  parts: readonly Part[],
  series: readonly MetricSeries[],
  stepMs: StepMs,
): ReadonlyMap<number, number> | { readonly error: string } {
  const demand = new Map<number, number>();
  for (const [i, { from, to }] of parts.entries())
    for (const one of [series[2 * i], series[2 * i + 1]]) {
      if (!one || 'error' in one) return { error: one?.error ?? 'no answer' };
      for (const [at, sum] of one.sums)
        if (at >= from && at < to) demand.set(at, (demand.get(at) ?? 0) + (sum * 1000) / stepMs);
    }
  return demand;
}
