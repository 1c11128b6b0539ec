import { MINUTE_MS } from '../../calendar/period.ts';
import { LOOKBACK_MINUTES, type Minute } from '../../capacity/demand.ts';
import { demandOf } from '../../capacity/throttles.ts';
import type { Answer } from '../../outcome.ts';

/** Minutes without demand or datapoints that would make a method lower capacity. */
export interface Silence {
  /** End of the last minute that had some, epoch milliseconds. */
  readonly since: number;
  /** Whether CloudWatch delivers metrics at all. Asked only if the answer matters, because the metrics cost money. */
  readonly metricsArrive: () => Answer<boolean>;
}

/** Until when metrics might be late after the last minute that had some, which ended at `since`. Epoch milliseconds. */
export const lateUntil = (since: number): number => since + LOOKBACK_MINUTES * MINUTE_MS;

/** Why minutes without datapoints do not yet count as minutes without demand; undefined if they do. */
export function doubtAbout({ since, metricsArrive }: Silence, now: number): Answer<string | undefined> {
  const until = lateUntil(since);
  if (now < until) return { value: `metrics might be late. Capacity stays until ${time(until)}` };
  const arrive = metricsArrive();
  if ('pending' in arrive) return arrive;
  return {
    value: arrive.value
      ? undefined
      : 'CloudWatch has no data for the state table either. Capacity stays until data arrives',
  };
}

/** `11:39 UTC`. */
export const time = (instant: number): string => `${new Date(instant).toISOString().slice(11, 16)} UTC`;

/**
 * The end of the last minute with demand, if at least `enough` minutes without demand followed; otherwise undefined. A
 * period without any demand so far is silent since its start, because the previous table might have had demand. A table
 * without periods is silent since the first of `minutes`.
 */
export function silentSince(
  minutes: readonly Minute[],
  periodStart: number,
  enough: number,
): number | undefined {
  const last = minutes.findLastIndex((minute) => demandOf(minute) > 0);
  if (last < 0) return Number.isFinite(periodStart) ? periodStart : minutes[0]?.at;
  if (minutes.length - 1 - last < enough) return undefined;
  return minutes[last]!.at + MINUTE_MS;
}
