import { DAY_MS, HOUR_MS } from '../calendar/period.ts';

/** Decreases of one table or index, as DescribeTable reports them. Times are epoch milliseconds. */
export interface Decreases {
  readonly decreases: number;
  readonly lastDecrease?: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#limits-throughput */
const FREE_DECREASES_A_DAY = 4;

/**
 * The default quota of a table for reads and for writes, units per second:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput
 */
export const TABLE_QUOTA = 40_000;

const utcDay = (instant: number): number => Math.floor(instant / DAY_MS);

/** Decreases that count today. The counter restarts at 00:00 UTC. */
export function decreasesToday(state: Decreases, now: number): number {
  if (state.lastDecrease !== undefined && utcDay(state.lastDecrease) < utcDay(now)) return 0;
  return state.decreases;
}

/** When the next decrease is allowed, epoch milliseconds; `now` if it is allowed at once. */
export function nextDecreaseAt(state: Decreases, now: number): number {
  if (decreasesToday(state, now) < FREE_DECREASES_A_DAY) return now;
  const anHourAfter = (state.lastDecrease ?? now) + HOUR_MS;
  const tomorrow = (utcDay(now) + 1) * DAY_MS;
  return Math.min(anHourAfter, tomorrow);
}
