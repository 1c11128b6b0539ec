/**
 * When to spend a decrease of the quota. After a decrease, capacity is often locked for up to an hour. If the decrease
 * came too early, the capacity that is not needed meanwhile is its cost. So a decrease waits until waiting has cost a
 * part of the usual cost of a lock, as in the ski rental problem. Costs are minutes of the needed capacity.
 */
export interface DecreaseTiming {
  /** The cost of waiting since a decrease became possible. */
  readonly waitCost: number;
  /** The cost of the present lock so far; undefined while a decrease is allowed. */
  readonly lockCost?: number;
  /** The average cost of recent locks. */
  readonly usualLockCost: number;
}

export const newTiming: DecreaseTiming = { waitCost: 0, usualLockCost: 5 };

/** The average is over about this many locks. */
const LOCKS = 12;
/** The part of the usual cost after which waiting ends. */
const PART = 0.25;
/** If a minute needs all of the capacity, the cost of waiting falls by this share. */
const FORGOTTEN = 0.1;

/** The timing after `minutes` with an `excess` = provisioned / needed − 1, in which a decrease was allowed or not. */
export function timingAfter(
  timing: DecreaseTiming,
  excess: number,
  minutes: number,
  allowed: boolean,
): DecreaseTiming {
  const cost = excess * minutes;
  const { waitCost, lockCost, usualLockCost } = timing;
  if (!allowed) return { ...timing, lockCost: (lockCost ?? 0) + cost };
  return {
    waitCost: excess > 0 ? waitCost + cost : waitCost * (1 - FORGOTTEN) ** minutes,
    usualLockCost:
      lockCost === undefined ? usualLockCost : usualLockCost + (lockCost - usualLockCost) / LOCKS,
  };
}

/** Whether waiting has cost enough to justify a decrease. */
export const isTime = ({ waitCost, usualLockCost }: DecreaseTiming): boolean =>
  waitCost >= PART * usualLockCost;

/** Whether a decrease has been due for `minutes` of this `excess`: an expected deeper decrease has not come. */
export const isOverdue = (
  { waitCost, usualLockCost }: DecreaseTiming,
  excess: number,
  minutes: number,
): boolean => waitCost >= PART * usualLockCost + excess * minutes;

export const afterDecrease = ({ usualLockCost }: DecreaseTiming): DecreaseTiming => ({
  waitCost: 0,
  usualLockCost,
});
