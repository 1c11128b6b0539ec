import type { Controller } from '../simulate.ts';

const RISING_MINUTES = 2;
const QUIET_MINUTES = 15;
/** Quiet is so many percentage points below the target. */
const QUIET_POINTS = 20;

/**
 * Application Auto Scaling's target tracking at `target` percent: out when two minutes in a row consumed more
 * than the target, in when fifteen consumed less than the target minus 20 points, each time to the last
 * minute's consumed / target. It sees consumed, never throttled demand.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
export function targetTracking(target: number): Controller {
  return ({ t, provisioned, consumed }) => {
    const all = (minutes: number, holds: (rate: number) => boolean): boolean => {
      if (t < minutes) return false;
      for (let i = t - 1; i >= t - minutes; i--) if (!holds(consumed[i]!)) return false;
      return true;
    };
    const wanted = Math.max(1, Math.ceil(((consumed[t - 1] ?? 0) * 100) / target));
    if (all(RISING_MINUTES, (rate) => rate * 100 > target * provisioned))
      return Math.max(provisioned, wanted);
    if (all(QUIET_MINUTES, (rate) => rate * 100 < (target - QUIET_POINTS) * provisioned))
      return Math.min(provisioned, wanted);
    return provisioned;
  };
}
