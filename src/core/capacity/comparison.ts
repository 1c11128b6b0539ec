/**
 * What provisioned capacity would cost and throttle for the demand of about the last three days. It is that of the table,
 * or of its shadow while the table is on-demand. Sums of units per second, in which older minutes count less.
 */
export interface Comparison {
  readonly minutes: number;
  readonly demand: number;
  readonly provisioned: number;
  readonly throttled: number;
  /** The throttled demand of the largest event, and of the newest one. */
  readonly largest: number;
  readonly newest: number;
  /** Minutes since the last one with throttled demand. */
  readonly quiet: number;
}

export const noComparison: Comparison = {
  minutes: 0,
  demand: 0,
  provisioned: 0,
  throttled: 0,
  largest: 0,
  newest: 0,
  quiet: 0,
};

/** Throttled minutes that are further apart than this are separate events. */
const APART_MINUTES = 60;

/** The part of a minute's weight that remains after each further minute. */
const DECAY = 1 - 1 / (3 * 1440);

export function compared(
  before: Comparison,
  demand: number,
  provisioned: number,
  throttled: number,
): Comparison {
  const begins = throttled > 0 && before.quiet > APART_MINUTES;
  const newest = (begins ? 0 : before.newest * DECAY) + throttled;
  return {
    minutes: before.minutes * DECAY + 1,
    demand: before.demand * DECAY + demand,
    provisioned: before.provisioned * DECAY + provisioned,
    throttled: before.throttled * DECAY + throttled,
    largest: Math.max(before.largest * DECAY, newest),
    newest,
    quiet: throttled > 0 ? 0 : before.quiet + 1,
  };
}

/** If more than this share of the demand would be throttled, provisioned throughput is not worth its lower price. */
export const TOLERABLE = 0.005;
/** So a provisioned run may throttle this share. The rest is for events that no caution serves. */
export const RUN_TOLERABLE = 0.6 * TOLERABLE;
