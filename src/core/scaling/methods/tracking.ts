/** Out when so many minutes in a row consumed more than the target, */
const RISING_MINUTES = 2;
/** in when so many consumed less than the target minus this many percentage points. */
export const QUIET_MINUTES = 15;
const QUIET_POINTS = 20;

/** Consumed units per second so many minutes ago, 1 being the newest; undefined where there is none. */
export type Past = (minutesAgo: number) => number | undefined;

/**
 * Capacity, units per second, that Application Auto Scaling's target tracking would have: each time the newest
 * minute's consumed / target. It sees consumed, never throttled demand.
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
  if (all(RISING_MINUTES, (rate) => rate * 100 > target * provisioned)) return Math.max(provisioned, wanted);
  if (all(QUIET_MINUTES, (rate) => rate * 100 < (target - QUIET_POINTS) * provisioned))
    return Math.min(provisioned, wanted);
  return provisioned;
}
