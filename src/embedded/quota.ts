/**
 * The decrease quota of a table or an index: 4 decreases at any time in a UTC day, then one more after each hour without a
 * decrease. The count restarts at 00:00 UTC (DynamoDB quotas, "Decreasing provisioned throughput").
 */
import { DAY_MS, HOUR_MS } from '../core/calendar/period.ts';

const FREE_DECREASES_PER_DAY = 4;

export interface Decreases {
  readonly day: number;
  readonly count: number;
  readonly lastAt?: number;
}

export const NO_DECREASES: Decreases = { day: 0, count: 0 };

export function decreasesToday(decreases: Decreases, now: number): number {
  return decreases.day === utcDay(now) ? decreases.count : 0;
}

export function mayDecrease(decreases: Decreases, now: number): boolean {
  if (decreasesToday(decreases, now) < FREE_DECREASES_PER_DAY) return true;
  return now - (decreases.lastAt ?? 0) >= HOUR_MS;
}

export function spendDecrease(decreases: Decreases, now: number): Decreases {
  return { day: utcDay(now), count: decreasesToday(decreases, now) + 1, lastAt: now };
}

/** The message of the LimitExceededException, without "Subscriber limit exceeded". */
export function quotaMessage(decreases: Decreases, now: number): string {
  const at = (time: number): string => new Date(time).toUTCString();
  return (
    'Provisioned throughput decreases are limited within a given UTC day. ' +
    'After the first 4 decreases, each subsequent decrease in the same UTC day can be performed ' +
    `at most once every 3600 seconds. Number of decreases today: ${decreasesToday(decreases, now)}. ` +
    `Last decrease at ${at(decreases.lastAt ?? 0)}. Next decrease can be made at ${at((decreases.lastAt ?? 0) + HOUR_MS)}`
  );
}

/** Whether a rolling window has room for another change (of the billing mode or the table class). */
export function withinRollingLimit(
  changes: readonly number[],
  now: number,
  { limit, windowMs }: { limit: number; windowMs: number },
): boolean {
  return changes.filter((at) => at > now - windowMs).length < limit;
}

const utcDay = (time: number): number => Math.floor(time / DAY_MS);
