/**
 * When a decrease of the quota is worth spending. After a decrease, capacity is often locked for up to an hour, and
 * capacity that is not needed meanwhile is the cost of having spent it too early. So a decrease waits until waiting has
 * cost a part of what a lock usually costs, as in the ski rental problem. Costs are minutes of the needed capacity.
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

/** The average is over about so many locks. */
const LOCKS = 12;
/** The part of the usual cost after which waiting ends. */
const PART = 0.25;
/** Share of the cost of waiting that a minute takes off which needs all of the capacity. */
const FORGOTTEN = 0.1;

/** After `minutes` with an `excess` = provisioned / needed − 1, in which a decrease was allowed or not. */
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

/** Whether waiting has cost enough to spend a decrease. */
export const isTime = ({ waitCost, usualLockCost }: DecreaseTiming): boolean =>
  waitCost >= PART * usualLockCost;

/** Whether it has been time for `minutes` of this `excess`: a deeper decrease that was expected by now does not come. */
export const isOverdue = (
  { waitCost, usualLockCost }: DecreaseTiming,
  excess: number,
  minutes: number,
): boolean => waitCost >= PART * usualLockCost + excess * minutes;

export const afterDecrease = ({ usualLockCost }: DecreaseTiming): DecreaseTiming => ({
  waitCost: 0,
  usualLockCost,
});
