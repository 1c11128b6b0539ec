/**
 * Unused capacity of up to five minutes may be spent later, best effort: the burst capacity of one dimension.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
 */
export const BURST_SECONDS = 300;

export interface Served {
  /** Units served per second. */
  readonly consumed: number;
  /** Units refused per second. */
  readonly throttled: number;
  /** Unit-seconds left in the bucket. */
  readonly bucket: number;
}

/**
 * One minute of demand (units per second) at a capacity (units per second): what the capacity does not serve
 * comes out of the bucket, and what that cannot give is throttled.
 */
export function serveMinute(
  demand: number,
  capacity: number,
  bucket: number,
  burstSeconds = BURST_SECONDS,
): Served {
  const full = capacity * burstSeconds;
  const left = Math.min(bucket, full);
  if (demand <= capacity)
    return { consumed: demand, throttled: 0, bucket: Math.min(full, left + (capacity - demand) * 60) };
  const missing = (demand - capacity) * 60;
  const ridden = Math.min(left, missing);
  const throttled = (missing - ridden) / 60;
  return { consumed: demand - throttled, throttled, bucket: left - ridden };
}
