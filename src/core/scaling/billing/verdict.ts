import { type Comparison, TOLERABLE } from '../../capacity/comparison.ts';

export type Billing = 'provisioned' | 'on-demand';

/** One throughput dimension, and the price of a unit of it in both modes, for the same time and in the same currency. */
export interface Weighed extends Comparison {
  readonly unitPrice: { readonly provisioned: number; readonly requested: number };
}

/** The better billing mode, and why. */
export type Verdict =
  | { readonly billing: 'on-demand'; readonly reason: 'throttled' | 'cheaper-on-demand' }
  | { readonly billing: 'provisioned'; readonly reason: 'cheaper-provisioned' };

/** A table becomes provisioned only if that is clearly better: these shares of the limits. */
export const CLEARLY = { throttled: 0.7, cost: 0.9 };
/** After about a day, the price of demand is known, and whether demand is steady enough. */
const LONG_ENOUGH_MINUTES = 1440 * 0.9;

/** An event goes on until this many minutes without throttled demand have passed. */
const ONGOING_MINUTES = 15;
/** The largest event counts until this many minutes without throttled demand have passed: a flood often has a second one. */
const QUIET_MINUTES = 12 * 60;

/** Whether too much is throttled, most of it by an ongoing event. */
const isFlood = ({ quiet, newest, throttled, demand }: Weighed): boolean =>
  quiet < ONGOING_MINUTES && throttled > TOLERABLE * demand && newest > throttled / 2;

/** The throttled demand without that of the largest event: one event says little about the next days. */
export const throttledAgain = ({ throttled, largest }: Weighed): number => throttled - largest;

/** Whether at most a share of the demand was throttled, in all, or without the largest event if that is long over. */
const isSteady = (one: Weighed, share: number): boolean =>
  (one.quiet >= QUIET_MINUTES ? throttledAgain(one) : one.throttled) <= share * one.demand;

/**
 * The better billing mode for a table, or undefined if its mode should not change. Reads and writes of the table and
 * its indexes share the mode. Costs are added up, but throttles count for each dimension by itself. Below 28.9%
 * utilization, on-demand is cheaper, and it throttles nothing.
 */
export function verdictOn(now: Billing, dimensions: readonly Weighed[]): Verdict | undefined {
  const { provisioned, requested } = costs(dimensions);
  const known = dimensions.every(({ minutes }) => minutes >= LONG_ENOUGH_MINUTES);
  const throttles = (share: number): boolean =>
    dimensions.some((one) => throttledAgain(one) > share * one.demand);
  if (now === 'provisioned') {
    if (throttles(TOLERABLE) || dimensions.some(isFlood))
      return { billing: 'on-demand', reason: 'throttled' };
    const cheaper = known && requested < provisioned;
    return cheaper ? { billing: 'on-demand', reason: 'cheaper-on-demand' } : undefined;
  }
  const steady = dimensions.every((one) => isSteady(one, TOLERABLE * CLEARLY.throttled));
  const cheaper = provisioned <= CLEARLY.cost * requested;
  return known && steady && cheaper ? { billing: 'provisioned', reason: 'cheaper-provisioned' } : undefined;
}

/** The costs of all dimensions together in both modes, for the time of their prices. */
export function costs(dimensions: readonly Weighed[]): { provisioned: number; requested: number } {
  const sum = (of: 'provisioned' | 'demand', price: 'provisioned' | 'requested'): number =>
    dimensions.reduce((all, one) => all + (one[of] / Math.max(1, one.minutes)) * one.unitPrice[price], 0);
  return { provisioned: sum('provisioned', 'provisioned'), requested: sum('demand', 'requested') };
}
