import type { Comparison } from '../../capacity/comparison.ts';

export type Billing = 'provisioned' | 'on-demand';

/** One throughput dimension, and what a unit of it costs for the same time either way, in any one currency. */
export interface Weighed extends Comparison {
  readonly unitPrice: { readonly provisioned: number; readonly requested: number };
}

/** How to bill from now on, where that is another way, and why. */
export type Verdict =
  | { readonly billing: 'on-demand'; readonly reason: 'throttled' | 'cheaper-on-demand' }
  | { readonly billing: 'provisioned'; readonly reason: 'cheaper-provisioned' };

/** Where more of the demand than this would be throttled, a lower price is no bargain. */
const TOLERABLE = 0.005;
/** A table goes back to provisioned only where it is clearly better: so much of either limit. */
const CLEARLY = { throttled: 0.5, cost: 0.9 };
/** Demand has to have been seen for a day before its price can be known, or that it is tame. */
const LONG_ENOUGH_MINUTES = 1440 * 0.9;

/**
 * How to bill what has one billing mode: a table with its indexes, reads and writes. Their costs count together,
 * throttling of each by itself. Below 28.9 % utilisation billing by request is cheaper, and it throttles nothing.
 * undefined where all stays as it is.
 */
export function verdictOn(now: Billing, dimensions: readonly Weighed[]): Verdict | undefined {
  const { provisioned, requested } = costs(dimensions);
  const known = dimensions.every(({ minutes }) => minutes >= LONG_ENOUGH_MINUTES);
  const throttles = (share: number): boolean =>
    dimensions.some(({ demand, throttled }) => throttled > share * demand);
  if (now === 'provisioned') {
    if (throttles(TOLERABLE)) return { billing: 'on-demand', reason: 'throttled' };
    const dearer = known && provisioned > requested;
    return dearer ? { billing: 'on-demand', reason: 'cheaper-on-demand' } : undefined;
  }
  const tame = !throttles(TOLERABLE * CLEARLY.throttled);
  const cheaper = provisioned <= CLEARLY.cost * requested;
  return known && tame && cheaper ? { billing: 'provisioned', reason: 'cheaper-provisioned' } : undefined;
}

/** What all dimensions come to either way, for the time of their prices. */
export function costs(dimensions: readonly Weighed[]): { provisioned: number; requested: number } {
  const sum = (of: 'provisioned' | 'demand', price: 'provisioned' | 'requested'): number =>
    dimensions.reduce((all, one) => all + (one[of] / Math.max(1, one.minutes)) * one.unitPrice[price], 0);
  return { provisioned: sum('provisioned', 'provisioned'), requested: sum('demand', 'requested') };
}
