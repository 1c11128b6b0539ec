import { ABOVE_NEED, type Ahead, PEAK_MINUTES, servingLike } from './ahead.ts';
import type { Outlook } from './outlook.ts';
import type { Situation } from './situation.ts';

/** Minutes for which capacity usually stays after a decrease: the quota allows one per hour. */
const LOCKED_MINUTES = 60;
/** The smallest decrease, as a share of the capacity. */
const SMALLEST_DECREASE = 0.07;

/** The capacity that would be set if decreases had no quota. */
export const sufficientNow = ({ like }: Ahead, outlook: Outlook): number => sufficientFor(like, outlook);

/**
 * Whether waiting pays: after some minutes of expected demand, a peak that has ended no longer counts, and a later
 * decrease is larger. Capacities are units per second.
 */
export function largerSoon(
  { recent, burst }: Situation,
  outlook: Outlook,
  provisioned: number,
  needed: number,
): boolean {
  const continued = [...recent, ...Array<number>(PEAK_MINUTES).fill(outlook.expected)];
  for (let minutes = 1; minutes <= PEAK_MINUTES; minutes++) {
    const newest = continued.slice(minutes, recent.length + minutes);
    const then = sufficientFor(servingLike(newest, burst.trust), outlook);
    if ((needed - then) * LOCKED_MINUTES > (provisioned - then) * minutes) return true;
  }
  return false;
}

function sufficientFor(like: number, { expected, floor, bridged, seconds, baseline }: Outlook): number {
  const now = Math.max(like, Math.max(expected, floor) * (1 + ABOVE_NEED));
  return Math.ceil(Math.max(1, now - bridged, seconds, baseline));
}

export const isLargeEnough = (provisioned: number, to: number): boolean =>
  to < provisioned * (1 - SMALLEST_DECREASE);
