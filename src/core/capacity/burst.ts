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

/**
 * One minute of demand (units per second) at a capacity (units per second). Burst capacity serves what the capacity does
 * not, and what neither serves is throttled.
 */
export function serveMinute(
  demand: number,
  capacity: number,
  burstBalance: number,
  burstSeconds = BURST_SECONDS,
): Served {
  const full = capacity * burstSeconds;
  const left = Math.min(burstBalance, full);
  if (demand <= capacity)
    return { consumed: demand, throttled: 0, burstBalance: Math.min(full, left + (capacity - demand) * 60) };
  const above = (demand - capacity) * 60;
  const fromBurst = Math.min(left, above);
  const throttled = (above - fromBurst) / 60;
  return { consumed: demand - throttled, throttled, burstBalance: left - fromBurst };
}
