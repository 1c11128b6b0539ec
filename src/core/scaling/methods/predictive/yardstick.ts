import { MINUTE_MS } from '../../../calendar/period.ts';
import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { type Decreases, decreasesToday, nextDecreaseAt } from '../../../capacity/quota.ts';
import { SCALE_IN_MINUTES, tracked } from '../tracking.ts';

/**
 * Target tracking at 70 % on the very same demand, followed in thought: what the user would have without us. How
 * much it throttles says how much throttling this demand can hardly be spared. Rates are units per second.
 */
export interface Yardstick {
  readonly capacity: number;
  /** Unit-seconds in its bucket. */
  readonly held: number;
  /** What it would have consumed in the last minutes, oldest first. */
  readonly consumed: readonly number[];
  readonly decreases: Decreases;
  /** What serves from an instant on, epoch milliseconds. */
  readonly coming?: { readonly capacity: number; readonly at: number };
}

/** Percent of the capacity. */
const TARGET = 70;
const LANDING_MS = 2 * MINUTE_MS;

export const yardstickAt = (capacity: number): Yardstick => ({
  capacity,
  held: capacity * BURST_SECONDS,
  consumed: [],
  decreases: { decreases: 0 },
});

/** Its capacity, once what is under way serves. */
export const heading = ({ capacity, coming }: Yardstick): number => Math.max(capacity, coming?.capacity ?? 0);

/** Its minute that began `at`, and what it would have throttled in it. `trust` in the bucket as ours. */
export function measured(
  yardstick: Yardstick,
  at: number,
  demand: number,
  trust: number,
): { readonly next: Yardstick; readonly throttled: number } {
  const { coming } = yardstick;
  const landed = coming !== undefined && coming.at <= at;
  const capacity = landed ? coming.capacity : yardstick.capacity;
  const full = capacity * BURST_SECONDS * trust;
  const left = Math.min(yardstick.held, full) - (demand - capacity) * 60;
  const throttled = Math.max(0, -left) / 60;
  const settled: Yardstick = {
    ...yardstick,
    capacity,
    held: Math.max(0, Math.min(full, left)),
    coming: landed ? undefined : coming,
  };
  const decided = settled.coming ? settled : decide(settled, at);
  const consumed = [...yardstick.consumed.slice(1 - SCALE_IN_MINUTES), demand - throttled];
  return { next: { ...decided, consumed }, throttled };
}

/** At the end of the minute, from those before it. */
function decide(yardstick: Yardstick, at: number): Yardstick {
  const { capacity, consumed, decreases } = yardstick;
  const wanted = tracked(TARGET, capacity, (ago) => consumed.at(-ago));
  const coming = { capacity: wanted, at: at + LANDING_MS };
  if (wanted > capacity) return { ...yardstick, coming };
  if (wanted === capacity || nextDecreaseAt(decreases, at) > at) return yardstick;
  const spent = { decreases: decreasesToday(decreases, at) + 1, lastDecrease: at };
  return { ...yardstick, coming, decreases: spent };
}
