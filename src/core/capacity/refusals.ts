import type { Minute } from './demand.ts';

/** Requests that a table or index throttles: a series of minutes up to now, with short pauses at most. */
export interface Refused {
  /** Start of the first minute with throttled requests, epoch milliseconds. */
  readonly since: number;
  /** Minutes with throttled requests. */
  readonly minutes: number;
  readonly requests: number;
  /** Share of the demand that was throttled, from 0 to 1. */
  readonly share: number;
}

/** After this many minutes without throttled requests, a series has ended. */
const PAUSE_MINUTES = 5;

/** The series of throttled requests that still lasts; undefined if it has ended. `minutes` are in ascending order. */
export function refusalsIn(minutes: readonly Minute[]): Refused | undefined {
  let first = minutes.length;
  for (let i = minutes.length - 1; i >= 0 && first - i <= PAUSE_MINUTES; i -= 1)
    if (minutes[i]!.throttled > 0) first = i;
  const series = minutes.slice(first);
  const refused = series.filter(({ throttled }) => throttled > 0);
  if (refused.length === 0) return undefined;
  const sum = (rate: (minute: Minute) => number): number =>
    60 * series.reduce((all, minute) => all + rate(minute), 0);
  const requests = sum(({ throttled }) => throttled);
  return {
    since: series[0]!.at,
    minutes: refused.length,
    requests,
    share: requests / (requests + sum(({ consumed }) => consumed)),
  };
}
