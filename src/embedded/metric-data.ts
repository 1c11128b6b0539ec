/** The points of one metric over a range, as CloudWatch aggregates and retains them. Pure. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/calendar/period.ts';
import { firstAtOrAfter, merge, type Series, type Statistics } from './metrics.ts';

/** One-minute points are retained for 15 days, five-minute points for 63 days, and hourly points for 455 days. */
const RETENTION = [
  { olderThanMs: 455 * DAY_MS, stepMs: Number.POSITIVE_INFINITY },
  { olderThanMs: 63 * DAY_MS, stepMs: HOUR_MS },
  { olderThanMs: 15 * DAY_MS, stepMs: 300_000 },
];

export const STATISTICS: Readonly<Record<string, (of: Statistics) => number>> = {
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  SampleCount: ({ count }) => count,
};

export interface Range {
  /** [from, to), in epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly periodMs: number;
}

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** The points in ascending order. `newestMinute` is the last minute that has arrived. `now` decides which are expired. */
export function points(
  series: Series | undefined,
  { start, end, periodMs }: Range,
  statistic: (of: Statistics) => number,
  { newestMinute, now }: { newestMinute: number; now: number },
): Point[] {
  if (!series) return [];
  const origin = alignedStart(start, now);
  const buckets = new Map<number, Statistics>();
  for (let i = firstAtOrAfter(series.minutes, origin); i < series.minutes.length; i++) {
    const minute = series.minutes[i] ?? 0;
    const statistics = series.statistics[i];
    if (minute >= end || minute > newestMinute || !statistics) break;
    const at = origin + Math.floor((minute - origin) / periodMs) * periodMs;
    if (periodMs % stepAt(at, now) !== 0) continue;
    const present = buckets.get(at);
    buckets.set(at, present ? merge(present, statistics) : statistics);
  }
  return [...buckets].map(([at, of]) => ({ at, value: statistic(of) }));
}

/** Rounds StartTime down to a minute, five minutes or an hour, depending on its age. */
function alignedStart(start: number, now: number): number {
  const step = stepAt(start, now);
  const stepMs = Number.isFinite(step) ? step : HOUR_MS;
  return Math.floor(start / stepMs) * stepMs;
}

/** The resolution of points of that age, in milliseconds. */
function stepAt(at: number, now: number): number {
  return RETENTION.find(({ olderThanMs }) => now - at > olderThanMs)?.stepMs ?? MINUTE_MS;
}
