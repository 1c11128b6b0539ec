import { onDemandFactor as usual } from './prices.ts';

export type Billing = 'provisioned' | 'on-demand';

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

/** Where more of the demand than this would be throttled, a lower price is no bargain. */
const TOLERABLE = 0.005;
/** A table goes back to provisioned only where it is clearly better: so much of either limit. */
const CLEARLY = { throttled: 0.5, cost: 0.9 };
/** Demand has to have been seen for a day before it can be known to be tame. */
const A_DAY = 1440;

/** How to bill from now on. Below 28.9 % utilisation billing by request is cheaper, and it throttles nothing. */
export function billingFor(now: Billing, comparison: Comparison, onDemandFactor = usual): Billing {
  const { minutes, demand, provisioned, throttled } = comparison;
  const byRequest = demand * onDemandFactor;
  if (now === 'provisioned')
    return throttled > TOLERABLE * demand || provisioned > byRequest ? 'on-demand' : 'provisioned';
  const tame = throttled <= TOLERABLE * CLEARLY.throttled * demand;
  const cheaper = provisioned <= CLEARLY.cost * byRequest;
  return minutes >= A_DAY * CLEARLY.cost && tame && cheaper ? 'provisioned' : 'on-demand';
}
