import { type Bill, decayed, type Totals } from './totals.ts';

/** What each variant is compared with, over about the last 30 days. */
export interface Compared {
  readonly totals: Totals;
  readonly baseline: Bill;
  /** What the real table throttled, with any of the variants: a sum of units per second. */
  readonly throttled: number;
  /** How much burst capacity can be trusted, from 0 to 1. */
  readonly trust: number;
  /** The share of demand that may be throttled at most. */
  readonly tolerable: number;
}

/** The share of demand that may be throttled in any case: if burst capacity is trusted, and if not. */
const NEGLIGIBLE = { withBurst: 0.0005, withoutBurst: 0.002 };
/** The part of the baseline's throttled demand that may be throttled. */
const OF_BASELINE = 0.85;
/** The price of a throttled unit, in provisioned units: within what may be throttled, and beyond. */
const PRICE = { within: 3, beyond: 300 };
/** The price of a unit that a copy costs beyond the baseline. */
const DEARER = 5;
/**
 * The minutes ahead for which the prices are: a day. A table that has throttled less than it may can afford less caution for some
 * time, and a table that has throttled more needs more.
 */
const AHEAD = 1440;

/** The index of the bill with the least price, if the next day is like the average of the known ones. */
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

function priceOf(bill: Bill, { totals, baseline, throttled, trust, tolerable }: Compared): number {
  const ahead = AHEAD / totals.minutes;
  const negligible = trust < 0.5 ? NEGLIGIBLE.withoutBurst : NEGLIGIBLE.withBurst;
  const usual = Math.max(negligible * totals.demand, OF_BASELINE * baseline.throttled);
  const allowed = Math.min(usual, tolerable * totals.demand);
  const beyond = Math.max(0, decayed(throttled, AHEAD) + ahead * bill.throttled - allowed);
  const price = bill.cost + DEARER * Math.max(0, bill.cost - baseline.cost) + PRICE.within * bill.throttled;
  return ahead * price + PRICE.beyond * beyond;
}
