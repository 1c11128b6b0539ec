/**
 * The burst capacity of one throughput dimension, in capacity units.
 * DynamoDB retains up to 300 seconds of unused capacity for bursts. There, that is best effort, and here, it is exact. A
 * request is admitted while any capacity is left. Its real cost can then make the level negative.
 * A new table starts with the capacity of one second, and no burst capacity.
 */
const BURST_SECONDS = 300;

export interface Burst {
  /** Capacity units that are left. Negative after a request that cost more. */
  readonly level: number;
  /** Epoch milliseconds of `level`. */
  readonly at: number;
}

export function newBurst(unitsPerSecond: number, now: number): Burst {
  return { level: unitsPerSecond, at: now };
}

/** The burst capacity at `now`. A clock that was set back adds nothing. */
export function refill(burst: Burst, unitsPerSecond: number, now: number): Burst {
  const gained = (Math.max(0, now - burst.at) / 1000) * unitsPerSecond;
  return {
    level: Math.min(burst.level + gained, unitsPerSecond * BURST_SECONDS),
    at: Math.max(now, burst.at),
  };
}

export function take(burst: Burst, units: number): Burst {
  return { level: burst.level - units, at: burst.at };
}

export function admits(burst: Burst): boolean {
  return burst.level > 0;
}
