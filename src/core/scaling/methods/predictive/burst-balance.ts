import { BURST_SECONDS } from '../../../capacity/burst.ts';
import type { Minute } from '../../../capacity/demand.ts';

/** What is believed about the burst capacity, which no metric shows. */
export interface Bucket {
  /** Unit-seconds in it at the end of the newest minute, if it holds. */
  readonly held: number;
  /** How well the bucket has kept its promise lately, from 0, it gave nothing, to 1. */
  readonly trust: number;
}

/** Less than this share of the capacity tells nothing about whether the bucket holds. */
const TELLING = 0.02;
/** One broken promise is believed at once, kept ones by this much each. */
const REGAINED = 0.1;

export const fullBucket = (capacity: number): Bucket => ({ held: capacity * BURST_SECONDS, trust: 1 });

/** The bucket after a minute at a capacity, units per second. Throttles show that it is empty. */
export function afterMinute(bucket: Bucket, { consumed, throttled }: Minute, capacity: number): Bucket {
  const full = capacity * BURST_SECONDS;
  const before = Math.min(bucket.held, full);
  const missing = consumed + throttled - capacity;
  const trust = missing > 0 ? judged(bucket.trust, before, missing, consumed, capacity) : bucket.trust;
  const held = throttled > 0 ? 0 : Math.max(0, Math.min(full, before - missing * 60));
  return { held, trust };
}

/**
 * What was throttled, or would have been had the bucket held no more than is believed, units per second: a table
 * that has just taken over begins with a fuller one, and such luck is not to be counted on.
 */
export function shortOf(bucket: Bucket, { consumed, throttled }: Minute, capacity: number): number {
  const believed = Math.min(bucket.held, capacity * BURST_SECONDS) / 60;
  return Math.max(throttled, consumed + throttled - capacity - believed);
}

function judged(trust: number, before: number, missing: number, consumed: number, capacity: number): number {
  const promised = Math.min(before / 60, missing);
  if (promised <= TELLING * capacity) return trust;
  const kept = Math.min(1, Math.max(0, consumed - capacity) / promised);
  return kept < trust ? kept : trust + (kept - trust) * REGAINED;
}
