/**
 * Unused capacity of up to five minutes can be spent later, best effort: the burst capacity of one dimension.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
 */
export const BURST_SECONDS = 300;

export interface Served {
  /** Units served per second. */
  readonly consumed: number;
  /** Units throttled per second. */
  readonly throttled: number;
  /** Unit-seconds of burst capacity that are left. */
  readonly burstBalance: number;
}

/** A part of a minute with an even demand. */
export interface Stretch {
  readonly seconds: number;
  /** Units per second. */
  readonly demand: number;
}

/**
 * One minute of demand (units per second) at a capacity (units per second). Burst capacity serves what the capacity does
 * not, and what neither serves is throttled.
 */
export const serveMinute = (
  demand: number,
  capacity: number,
  burstBalance: number,
  burstSeconds = BURST_SECONDS,
): Served => serveStretch({ seconds: 60, demand }, capacity, burstBalance, burstSeconds);

/** One minute whose demand differs from second to second: the parts of a minute, one after the other. */
export function serveStretches(
  stretches: readonly Stretch[],
  capacity: number,
  burstBalance: number,
  burstSeconds: number,
): Served {
  let total: Served = { consumed: 0, throttled: 0, burstBalance };
  for (const stretch of stretches) {
    const {
      consumed,
      throttled,
      burstBalance: left,
    } = serveStretch(stretch, capacity, total.burstBalance, burstSeconds);
    const share = stretch.seconds / 60;
    total = {
      consumed: total.consumed + consumed * share,
      throttled: total.throttled + throttled * share,
      burstBalance: left,
    };
  }
  return total;
}

function serveStretch(
  { seconds, demand }: Stretch,
  capacity: number,
  burstBalance: number,
  burstSeconds: number,
): Served {
  const full = capacity * burstSeconds;
  const left = Math.min(burstBalance, full);
  if (demand <= capacity)
    return {
      consumed: demand,
      throttled: 0,
      burstBalance: Math.min(full, left + (capacity - demand) * seconds),
    };
  const above = (demand - capacity) * seconds;
  const fromBurst = Math.min(left, above);
  const throttled = (above - fromBurst) / seconds;
  return { consumed: demand - throttled, throttled, burstBalance: left - fromBurst };
}
