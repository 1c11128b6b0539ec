/** Demand and throttled demand of about the last two weeks, exponentially forgotten; sums of units per second. */
export interface Ledger {
  readonly minutes: number;
  readonly demand: number;
  readonly throttled: number;
  /** What target tracking would have throttled. */
  readonly yardstick: number;
}

export const emptyLedger: Ledger = { minutes: 0, demand: 0, throttled: 0, yardstick: 0 };

const KEPT = 1 - 1 / (14 * 1440);

export const booked = (ledger: Ledger, demand: number, throttled: number, yardstick: number): Ledger => ({
  minutes: ledger.minutes * KEPT + 1,
  demand: ledger.demand * KEPT + demand,
  throttled: ledger.throttled * KEPT + throttled,
  yardstick: ledger.yardstick * KEPT + yardstick,
});

/** Throttled demand that is nothing to act on, as a share: with a bucket that holds, and without. */
const NEGLIGIBLE = { withBurst: 0.0003, withoutBurst: 0.0015 };
/** Of what target tracking would have throttled, so much is thought acceptable. */
const OF_YARDSTICK = 0.8;
/** Caution begins at this share of what is acceptable, and is complete when all of it is used. */
const BEGINS = 0.4;
/** Minutes in which the caution of the beginning falls to a third: demand shows its habits within a day. */
const BEGINNING = 1440;

/**
 * How careful to be, from 0, lean, to 1: by what has been throttled of late, measured by what target tracking would
 * have throttled of the same demand. `age` in minutes of demand seen.
 */
export function cautionOf(ledger: Ledger, trust: number, age: number): number {
  const total = ledger.demand || 1;
  const negligible = trust < 0.5 ? NEGLIGIBLE.withoutBurst : NEGLIGIBLE.withBurst;
  const acceptable = Math.max(negligible, (OF_YARDSTICK * ledger.yardstick) / total);
  const used = ledger.throttled / total / acceptable;
  const earned = Math.min(1, Math.max(0, (used - BEGINS) / (1 - BEGINS)));
  return Math.max(earned, Math.exp(-age / BEGINNING));
}

/** Throttled demand that goes unnoticed, as a share: with a bucket that holds, and without. */
const UNNOTICED = { withBurst: 0.0004, withoutBurst: 0.0018 };
/** One event early on weighs no more than it would in a week. */
const WEEK = 7 * 1440;
/** Of what target tracking would have throttled: from here on its capacity is followed, more and more. */
const FOLLOWED_FROM = 0.8;

/**
 * How far target tracking's capacity is followed, from 0, not at all, to 1, where it would have throttled no more:
 * then leanness does not pay on this demand.
 */
export function followingOf(ledger: Ledger, trust: number): number {
  const demand = ledger.demand * Math.max(1, WEEK / (ledger.minutes || 1));
  const unnoticed = (trust < 0.5 ? UNNOTICED.withoutBurst : UNNOTICED.withBurst) * demand;
  const used = ledger.throttled / (Math.max(unnoticed, ledger.yardstick) || 1);
  return Math.min(1, Math.max(0, (used - FOLLOWED_FROM) / (1 - FOLLOWED_FROM)));
}
