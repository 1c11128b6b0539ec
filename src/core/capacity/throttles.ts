import { MINUTE_MS } from '../calendar/period.ts';
import type { Dimension, Minute } from './demand.ts';

/** Methods without a memory raise by this many of the newest minutes. */
export const NEWEST_MINUTES = 2;
/** A minute that starts within this time after a change of capacity may be served at the capacity before the change. */
export const EARLIER_CAPACITY_MS = MINUTE_MS;

export const demandOf = ({ consumed, throttled }: Minute): number => consumed + throttled;

/** Below this share of the capacity, requests are throttled for other reasons than a lack of capacity in the whole minute. */
const LOW = 0.95;

/** Whether a minute's consumption is low at a capacity, units per second. */
export const isLow = ({ consumed }: Minute, capacity: number): boolean => consumed < LOW * capacity;

export const highest = (minutes: readonly Minute[]): number => Math.max(0, ...minutes.map(demandOf));

/** The most requests per second that DynamoDB refused in one of the newest minutes, without those of hot partitions. */
export const refusedIn = (minutes: readonly Minute[]): number =>
  Math.max(0, ...minutes.slice(-NEWEST_MINUTES).map(({ throttled }) => throttled));

interface Throttling {
  readonly minutes: readonly Minute[];
  readonly provisioned: number;
  readonly lastIncrease?: number;
}

/**
 * `7 requests per minute throttled at 100`, for the newest minutes at the present capacity; undefined if none were
 * throttled.
 */
export function newlyThrottled({
  minutes,
  provisioned,
  lastIncrease = -Infinity,
}: Throttling): string | undefined {
  const rates = minutes
    .slice(-NEWEST_MINUTES)
    .filter(({ at }) => at >= lastIncrease + EARLIER_CAPACITY_MS)
    .map(({ throttled }) => throttled);
  const most = Math.max(0, ...rates);
  return most > 0 ? `${sayRequests(most * 60)} per minute throttled at ${provisioned}` : undefined;
}

/** `1 request`, `12 write requests`. */
export function sayRequests(count: number, dimension?: Dimension): string {
  const whole = Math.max(1, Math.round(count));
  return [whole, dimension, whole === 1 ? 'request' : 'requests'].filter(Boolean).join(' ');
}
