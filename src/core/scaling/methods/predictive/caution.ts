/** Demand and throttled demand of about the last two weeks: sums of units per second, in which older minutes count less. */
export interface ThrottleRecord {
  readonly minutes: number;
  readonly demand: number;
  readonly throttled: number;
  /** What the baseline, target tracking at 70%, would have throttled. */
  readonly baseline: number;
}

export const emptyRecord: ThrottleRecord = { minutes: 0, demand: 0, throttled: 0, baseline: 0 };

/** The part of a minute's weight that remains after each further minute. */
const DECAY = 1 - 1 / (14 * 1440);

export const recordAfter = (
  record: ThrottleRecord,
  demand: number,
  throttled: number,
  baseline: number,
): ThrottleRecord => ({
  minutes: record.minutes * DECAY + 1,
  demand: record.demand * DECAY + demand,
  throttled: record.throttled * DECAY + throttled,
  baseline: record.baseline * DECAY + baseline,
});

/** The share of demand whose throttling needs no reaction: if burst capacity is trusted, and if not. */
const NEGLIGIBLE = { withBurst: 0.0003, withoutBurst: 0.0015 };
/** The part of the baseline's throttled demand that is acceptable. */
const OF_BASELINE = 0.8;
/** Caution starts at this share of the acceptable throttles, and is complete at all of them. */
const STARTS = 0.4;
/** Minutes after which the initial caution has fallen to a third: demand shows its pattern within a day. */
const INITIAL_MINUTES = 1440;

/**
 * How cautious to be, from 0, which is low headroom, to 1. Caution depends on what was recently throttled, compared
 * with what the baseline would have throttled of the same demand. `age` is the number of learned minutes.
 */
export function cautionOf(record: ThrottleRecord, trust: number, age: number): number {
  const total = record.demand || 1;
  const negligible = trust < 0.5 ? NEGLIGIBLE.withoutBurst : NEGLIGIBLE.withBurst;
  const acceptable = Math.max(negligible, (OF_BASELINE * record.baseline) / total);
  const used = record.throttled / total / acceptable;
  const earned = Math.min(1, Math.max(0, (used - STARTS) / (1 - STARTS)));
  return Math.max(earned, Math.exp(-age / INITIAL_MINUTES));
}

/** The share of demand whose throttling is assumed to stay unnoticed: if burst capacity is trusted, and if not. */
const UNNOTICED = { withBurst: 0.0004, withoutBurst: 0.0018 };
/** At first, one event weighs no more than it would within a week. */
const WEEK = 7 * 1440;
/** From this part of the baseline's throttled demand on, its capacity is followed increasingly. */
const FOLLOWED_FROM = 0.8;

/**
 * How far to follow the baseline's capacity, from 0 to 1. It is 1 if the baseline would have throttled no more, because
 * low headroom then does not pay off for this demand.
 */
export function followingOf(record: ThrottleRecord, trust: number): number {
  const demand = record.demand * Math.max(1, WEEK / (record.minutes || 1));
  const unnoticed = (trust < 0.5 ? UNNOTICED.withoutBurst : UNNOTICED.withBurst) * demand;
  const used = record.throttled / (Math.max(unnoticed, record.baseline) || 1);
  return Math.min(1, Math.max(0, (used - FOLLOWED_FROM) / (1 - FOLLOWED_FROM)));
}
