import type { Bill, Totals } from './totals.ts';

/** What each variant is compared with, over about the last two weeks. */
export interface Compared {
  readonly totals: Totals;
  readonly baseline: Bill;
  /** What the real table throttled beyond the copy whose variant it had, a sum of units per second. */
  readonly unforeseen: number;
  /** How much burst capacity can be trusted, from 0 to 1. */
  readonly trust: number;
}

/** The share of demand that may be throttled in any case: if burst capacity is trusted, and if not. */
const NEGLIGIBLE = { withBurst: 0.0005, withoutBurst: 0.002 };
/** The part of the baseline's throttled demand that may be throttled. */
const OF_BASELINE = 0.7;
/** The price of a throttled unit, in provisioned units: within what may be throttled, and beyond. */
const PRICE = { within: 3, beyond: 300 };
/** The price of a unit that a copy costs beyond the baseline. */
const DEARER = 5;

/** The index of the bill with the least cost, if throttled demand has its price. */
export function leastOf(bills: readonly Bill[], compared: Compared): number {
  let least = 0;
  let leastPrice = Number.POSITIVE_INFINITY;
  for (const [i, bill] of bills.entries()) {
    const price = priceOf(bill, compared);
    if (price >= leastPrice) continue;
    least = i;
    leastPrice = price;
  }
  return least;
}

function priceOf({ cost, throttled }: Bill, { totals, baseline, unforeseen, trust }: Compared): number {
  const negligible = trust < 0.5 ? NEGLIGIBLE.withoutBurst : NEGLIGIBLE.withBurst;
  const allowed = Math.max(negligible * totals.demand, OF_BASELINE * baseline.throttled);
  const beyond = Math.max(0, throttled + unforeseen - allowed);
  return cost + DEARER * Math.max(0, cost - baseline.cost) + PRICE.within * throttled + PRICE.beyond * beyond;
}
