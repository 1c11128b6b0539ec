/** Capacity is raised after this many consecutive minutes above the target. */
const SCALE_OUT_MINUTES = 2;
/** Capacity is lowered after this many consecutive minutes, each more than SCALE_IN_POINTS below the target. */
export const SCALE_IN_MINUTES = 15;
/** Percentage points. */
const SCALE_IN_POINTS = 20;

/** Consumed units per second a number of minutes ago, 1 for the newest minute; undefined if the minute is unknown. */
export type Past = (minutesAgo: number) => number | undefined;

/**
 * The capacity that target tracking of Application Auto Scaling sets, units per second: consumed units of the newest
 * minute / target. It sees consumed units, and never throttled demand.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 *
 * @param target percent of the capacity
 */
export function tracked(target: number, provisioned: number, consumed: Past): number {
  const all = (minutes: number, holds: (rate: number) => boolean): boolean => {
    for (let ago = 1; ago <= minutes; ago++) {
      const rate = consumed(ago);
      if (rate === undefined || !holds(rate)) return false;
    }
    return true;
  };
  const wanted = Math.max(1, Math.ceil(((consumed(1) ?? 0) * 100) / target));
  if (all(SCALE_OUT_MINUTES, (rate) => rate * 100 > target * provisioned))
    return Math.max(provisioned, wanted);
  if (all(SCALE_IN_MINUTES, (rate) => rate * 100 < (target - SCALE_IN_POINTS) * provisioned))
    return Math.min(provisioned, wanted);
  return provisioned;
}
