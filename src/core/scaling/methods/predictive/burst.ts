import { BURST_SECONDS } from '../../../capacity/burst.ts';
import type { Minute } from '../../../capacity/demand.ts';
import type { Served } from '../../../capacity/method.ts';

/** An estimate of the burst capacity that is left. No metric shows it. */
export interface Burst {
  /** Unit-seconds left at the end of the newest minute, if burst capacity serves what it should. */
  readonly balance: number;
  /** The share that burst capacity has recently served of what it should have served, from 0 to 1. */
  readonly trust: number;
}

/**
 * If demand exceeds capacity by less than this share of the capacity, it does not show whether burst capacity can be
 * trusted.
 */
const TELLING = 0.02;
/** Trust falls at once. With each minute that burst capacity serves, this share of the missing trust returns. */
const REGAINED = 0.1;

export const fullBurst = (capacity: number): Burst => ({ balance: capacity * BURST_SECONDS, trust: 1 });

/** The estimate after a minute at a capacity, units per second. Throttles show that no burst capacity is left. */
export function afterMinute(burst: Burst, { consumed, throttled }: Minute, capacity: number): Burst {
  const full = capacity * BURST_SECONDS;
  const before = Math.min(burst.balance, full);
  const above = consumed + throttled - capacity;
  const trust = above > 0 ? trustAfter(burst.trust, before, above, consumed, capacity) : burst.trust;
  const balance = throttled > 0 ? 0 : Math.max(0, Math.min(full, before - above * 60));
  return { balance, trust };
}

/** Consumption within these shares of the capacity can be what a table without burst capacity serves of a higher demand. */
const AT_CAPACITY = { from: 0.95, to: 1.02 };
/** If less than this share of the full burst capacity is left, the estimate may be too high, and nothing is left. */
const NEARLY_EMPTY = 0.1;

/**
 * Whether requests were probably throttled, by what some minutes consumed at the capacity of each. Consumption well above the
 * capacity shows that burst capacity serves.
 */
export function mayHaveThrottled(before: Burst, minutes: readonly Minute[], served: Served): boolean {
  let burst = before;
  for (const minute of minutes) {
    const capacity = served(minute.at);
    burst = afterMinute(burst, minute, capacity);
    if (minute.consumed < AT_CAPACITY.from * capacity) continue;
    const above = minute.consumed > AT_CAPACITY.to * capacity;
    if (!above || burst.trust < 0.5 || burst.balance < NEARLY_EMPTY * capacity * BURST_SECONDS) return true;
  }
  return false;
}

/**
 * Demand that was throttled, or would have been at the estimated balance, units per second. A table whose period has
 * just started has more burst capacity than estimated, and the method should not rely on that.
 */
export function shortfall(burst: Burst, { consumed, throttled }: Minute, capacity: number): number {
  const estimated = Math.min(burst.balance, capacity * BURST_SECONDS) / 60;
  return Math.max(throttled, consumed + throttled - capacity - estimated);
}

function trustAfter(
  trust: number,
  before: number,
  above: number,
  consumed: number,
  capacity: number,
): number {
  const expected = Math.min(before / 60, above);
  if (expected <= TELLING * capacity) return trust;
  const served = Math.min(1, Math.max(0, consumed - capacity) / expected);
  return served < trust ? served : trust + (served - trust) * REGAINED;
}
