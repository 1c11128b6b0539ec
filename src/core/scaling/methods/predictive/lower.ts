import { BURST_SECONDS } from '../../../capacity/burst.ts';
import type { Memory } from './memory.ts';
import type { Outlook } from './outlook.ts';
import { meanOf, type Recent, sufficient } from './recent.ts';

/** Demand like that of so many minutes has to be served: with a bucket that holds, and without. */
const LIKE_MINUTES = { withBurst: 10, withoutBurst: 15 };
/** Of a bucket filled at the new capacity, so much may be relied on. */
const RELIED_ON = 0.9;
/** What is lowered to lies this far above what is needed. */
const ABOVE_NEED = 0.03;
/** What is lowered to stays for so many minutes, as a rule: the quota allows a decrease an hour. */
const LOCKED_MINUTES = 60;
/** Tiny cuts are refused: below this share of the capacity. */
const SMALLEST_CUT = 0.07;

/** By then every peak is forgotten that does not come again. */
export const FORGOTTEN_MINUTES = LIKE_MINUTES.withoutBurst;

/** The capacity that would do, were decreases free. */
export const sufficientNow = (memory: Memory, outlook: Outlook): number =>
  sufficientAfter(memory.recent, memory, outlook);

/**
 * Whether a peak that is over will soon be forgotten: minutes as they are expected then allow a cut so much deeper
 * that it is worth waiting for them. Capacities are units per second.
 */
export function soonDeeper(memory: Memory, outlook: Outlook, provisioned: number, needed: number): boolean {
  for (let minutes = 1; minutes <= FORGOTTEN_MINUTES; minutes++) {
    const recent = [...memory.recent, ...Array<number>(minutes).fill(outlook.expected)];
    const then = sufficientAfter(recent, memory, outlook);
    if ((needed - then) * LOCKED_MINUTES > (provisioned - then) * minutes) return true;
  }
  return false;
}

function sufficientAfter(recent: Recent, { bucket }: Memory, { expected, floor, tracked }: Outlook): number {
  const like = bucket.trust < 0.5 ? LIKE_MINUTES.withoutBurst : LIKE_MINUTES.withBurst;
  const bucketMinutes = (BURST_SECONDS / 60) * RELIED_ON * bucket.trust;
  const needed = Math.max(expected, floor, sufficient(recent.slice(-like), bucketMinutes)) * (1 + ABOVE_NEED);
  return Math.ceil(Math.max(1, needed, tracked, meanOf(recent, 3), meanOf(recent, 5)));
}

export const worthCutting = (provisioned: number, to: number): boolean =>
  to < provisioned * (1 - SMALLEST_CUT);
