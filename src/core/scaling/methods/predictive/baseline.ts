import { MINUTE_MS } from '../../../calendar/period.ts';
import { BURST_SECONDS } from '../../../capacity/burst.ts';
import {
  capacityAfterChange,
  changed,
  type Model,
  modelAt,
  modeled,
  served,
} from '../../../capacity/model.ts';
import { SCALE_IN_MINUTES, tracked } from '../tracking.ts';
import { type Bill, summed } from './totals.ts';

/**
 * Target tracking at 70% on the same demand, as a simulation. The demand that it would throttle shows how much throttling
 * of this demand is hard to avoid.
 */
export interface Baseline extends Bill {
  readonly model: Model;
  /** Units per second that would have been consumed in the newest minutes, oldest first. */
  readonly consumed: readonly number[];
}

/** Percent of the capacity. */
const TARGET = 70;

export const baselineAt = (capacity: number): Baseline => ({
  model: modeled(capacity),
  consumed: [],
  cost: 0,
  throttled: 0,
});

/** Its capacity after any raise under way, units per second. */
export const baselineCapacity = ({ model }: Baseline): number =>
  Math.max(model.provisioned, capacityAfterChange(model));

/**
 * The baseline after a minute that started `at`, epoch milliseconds. Demand is in units per second. `trust` in burst capacity is that of the real table.
 */
export function baselineAfter(
  { model, consumed, cost, throttled }: Baseline,
  at: number,
  demand: number,
  trust: number,
): Baseline {
  const minute = at / MINUTE_MS;
  const after = served(modelAt(model, minute), demand, BURST_SECONDS * trust);
  const { provisioned } = after.model;
  // The decision at the end of a minute knows the minutes before it.
  const wanted = tracked(TARGET, provisioned, (ago) => consumed.at(-ago));
  const decided = changed(after.model, wanted, minute, at);
  return {
    model: decided === 'refused' ? after.model : decided,
    consumed: [...consumed.slice(1 - SCALE_IN_MINUTES), after.served.consumed],
    cost: summed(cost, provisioned),
    throttled: summed(throttled, after.served.throttled),
  };
}
