/**
 * The burst capacity of one throughput dimension, in capacity units.
 * DynamoDB keeps up to 300 seconds of unused capacity for bursts (best effort there, exact here), and lets a request
 * in while anything is left: the bucket then goes into debt by what the request really cost.
 * A new table starts with one second's worth, its provisioned rate, and no burst.
 */
const BURST_SECONDS = 300;

export interface Bucket {
  readonly level: number;
  readonly at: number;
}

export function newBucket(unitsPerSecond: number, now: number): Bucket {
  return { level: unitsPerSecond, at: now };
}

/** What is there at `now`; a clock that was turned back refills nothing. */
export function refill(bucket: Bucket, unitsPerSecond: number, now: number): Bucket {
  const gained = (Math.max(0, now - bucket.at) / 1000) * unitsPerSecond;
  return {
    level: Math.min(bucket.level + gained, unitsPerSecond * BURST_SECONDS),
    at: Math.max(now, bucket.at),
  };
}

export function take(bucket: Bucket, units: number): Bucket {
  return { level: bucket.level - units, at: bucket.at };
}

export function admits(bucket: Bucket): boolean {
  return bucket.level > 0;
}
