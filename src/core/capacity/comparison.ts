/**
 * What provisioned capacity comes to on the demand of about the last three days, whether the table runs on it or it
 * is followed in thought while the table is billed by request. Sums of units per second, exponentially forgotten.
 */
export interface Comparison {
  readonly minutes: number;
  readonly demand: number;
  readonly provisioned: number;
  readonly throttled: number;
}

export const noComparison: Comparison = { minutes: 0, demand: 0, provisioned: 0, throttled: 0 };

const KEPT = 1 - 1 / (3 * 1440);

export const compared = (
  before: Comparison,
  demand: number,
  provisioned: number,
  throttled: number,
): Comparison => ({
  minutes: before.minutes * KEPT + 1,
  demand: before.demand * KEPT + demand,
  provisioned: before.provisioned * KEPT + provisioned,
  throttled: before.throttled * KEPT + throttled,
});
