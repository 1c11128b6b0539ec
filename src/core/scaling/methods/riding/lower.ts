import { BURST_SECONDS } from '../../burst.ts';
import type { Memory } from './memory.ts';
import type { Outlook } from './outlook.ts';
import { meanOf, sufficient } from './recent.ts';

/** Demand like that of so many minutes has to be served. */
const LIKE_MINUTES = 15;
/** Of a bucket filled at the new capacity, so much may be relied on. */
const RELIED_ON = 0.9;
/** What is lowered to lies this far above what is needed. */
const ABOVE_NEED = 0.03;
/** Tiny cuts are refused: below this share of the capacity. */
const SMALLEST_CUT = 0.07;

/** The capacity that would do, were decreases free. */
export function sufficientNow(memory: Memory, { expected, floor, tracked }: Outlook): number {
  const { recent, bucket } = memory;
  const bucketMinutes = (BURST_SECONDS / 60) * RELIED_ON * bucket.trust;
  const needed =
    Math.max(expected, floor, sufficient(recent.slice(-LIKE_MINUTES), bucketMinutes)) * (1 + ABOVE_NEED);
  return Math.ceil(Math.max(1, needed, tracked, meanOf(recent, 3), meanOf(recent, 5)));
}

export const worthCutting = (provisioned: number, to: number): boolean =>
  to < provisioned * (1 - SMALLEST_CUT);
