/**
 * When a decrease is worth spending. Each one locks capacity for up to an hour, and what is provisioned in vain
 * while locked is the price of having spent it too early; so one waits until what waiting has cost comes to a part
 * of that price: the rule of renting skis. Costs in minutes of the needed capacity.
 */
export interface Patience {
  /** What waiting has cost since the last decrease could have been spent. */
  readonly waited: number;
  /** What the lock under way has cost; undefined while none is. */
  readonly locked?: number;
  /** What a lock has cost of late. */
  readonly price: number;
}

export const newPatience: Patience = { waited: 0, price: 5 };

/** Locks over which the price is averaged. */
const LOCKS = 12;
/** The part of the price after which waiting ends. */
const PART = 0.25;
/** Waiting is forgotten by this much in each minute that needs all it has. */
const FORGOTTEN = 0.1;

/** `minutes` with an `excess` = provisioned / needed − 1, in which a decrease was allowed or not. */
export function waiting(patience: Patience, excess: number, minutes: number, allowed: boolean): Patience {
  const cost = excess * minutes;
  if (!allowed) return { ...patience, locked: (patience.locked ?? 0) + cost };
  const { locked } = patience;
  const price = locked === undefined ? patience.price : patience.price + (locked - patience.price) / LOCKS;
  const waited = excess > 0 ? patience.waited + cost : patience.waited * (1 - FORGOTTEN) ** minutes;
  return { waited, price };
}

export const waitedEnough = ({ waited, price }: Patience): boolean => waited >= PART * price;

/** Whether `minutes` more of this `excess` have been waited since: what was to come by then does not come. */
export const waitedBeyond = ({ waited, price }: Patience, excess: number, minutes: number): boolean =>
  waited >= PART * price + excess * minutes;

export const spent = ({ price }: Patience): Patience => ({ waited: 0, price });
