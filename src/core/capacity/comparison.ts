/**
 * What provisioned capacity would cost and throttle for the demand of about the last three days. It is that of the table,
 * or of its shadow while the table is on-demand. Sums of units per second, in which older minutes count less.
 */
export interface Comparison {
  readonly minutes: number;
  readonly demand: number;
  readonly provisioned: number;
  readonly throttled: number;
}

export const noComparison: Comparison = { minutes: 0, demand: 0, provisioned: 0, throttled: 0 };

/** The part of a minute's weight that remains after each further minute. */
const DECAY = 1 - 1 / (3 * 1440);

export const compared = (
  before: Comparison,
  demand: number,
  provisioned: number,
  throttled: number,
): Comparison => ({
  minutes: before.minutes * DECAY + 1,
  demand: before.demand * DECAY + demand,
  provisioned: before.provisioned * DECAY + provisioned,
  throttled: before.throttled * DECAY + throttled,
});
