import { BURST_SECONDS } from '../../../capacity/burst.ts';
import type { Memory } from './memory.ts';
import type { Outlook } from './outlook.ts';
import { meanOf, type Recent, sufficient } from './recent.ts';

/** Capacity has to serve demand like that of this many recent minutes: if burst capacity is trusted, and if not. */
const LIKE_MINUTES = { withBurst: 10, withoutBurst: 15 };
/** The share of full burst capacity, at the new capacity, that may be relied on. */
const RELIED_ON = 0.9;
/** Capacity after a decrease is this share above what is needed. */
const ABOVE_NEED = 0.03;
/** Minutes for which capacity usually stays after a decrease: the quota allows one per hour. */
const LOCKED_MINUTES = 60;
/** The smallest decrease, as a share of the capacity. */
const SMALLEST_DECREASE = 0.07;

/** After this many minutes, a peak that has not repeated no longer counts. */
export const PEAK_MINUTES = LIKE_MINUTES.withoutBurst;

/** The capacity that would be set if decreases had no quota. */
export const sufficientNow = (memory: Memory, outlook: Outlook): number =>
  sufficientAfter(memory.recent, memory, outlook);

/**
 * Whether waiting pays: after some minutes of expected demand, a peak that has ended no longer counts, and a later
 * decrease is larger. Capacities are units per second.
 */
export function largerSoon(memory: Memory, outlook: Outlook, provisioned: number, needed: number): boolean {
  for (let minutes = 1; minutes <= PEAK_MINUTES; minutes++) {
    const recent = [...memory.recent, ...Array<number>(minutes).fill(outlook.expected)];
    const then = sufficientAfter(recent, memory, outlook);
    if ((needed - then) * LOCKED_MINUTES > (provisioned - then) * minutes) return true;
  }
  return false;
}

function sufficientAfter(recent: Recent, { burst }: Memory, { expected, floor, baseline }: Outlook): number {
  const like = burst.trust < 0.5 ? LIKE_MINUTES.withoutBurst : LIKE_MINUTES.withBurst;
  const burstMinutes = (BURST_SECONDS / 60) * RELIED_ON * burst.trust;
  const needed = Math.max(expected, floor, sufficient(recent.slice(-like), burstMinutes)) * (1 + ABOVE_NEED);
  return Math.ceil(Math.max(1, needed, baseline, meanOf(recent, 3), meanOf(recent, 5)));
}

export const isLargeEnough = (provisioned: number, to: number): boolean =>
  to < provisioned * (1 - SMALLEST_DECREASE);
