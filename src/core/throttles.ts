import type { Minute } from './demand.ts';
import { MINUTE_MS } from './period.ts';

/** A raise looks at so many of the newest minutes. */
export const RISING_MINUTES = 2;
/** A change takes about so long to land; until then the capacity before it serves. */
export const LANDING_MS = MINUTE_MS;
/** Below this share of the capacity one partition is full, and not the table. */
const HOT_KEY_BELOW = 0.5;

interface Throttling {
  readonly minutes: readonly Minute[];
  readonly provisioned: number;
  readonly lastIncrease?: number;
}

/** The newest throttled minutes, apart: those that capacity cures, and those that it does not. */
export interface Throttles {
  readonly full: readonly Minute[];
  readonly hot: readonly Minute[];
}

export const noThrottles: Throttles = { full: [], hot: [] };

export const demandOf = ({ consumed, throttled }: Minute): number => consumed + throttled;

export const highest = (minutes: readonly Minute[]): number => Math.max(0, ...minutes.map(demandOf));

export function throttlesOf({ minutes, provisioned, lastIncrease = -Infinity }: Throttling): Throttles {
  const throttled = minutes
    .slice(-RISING_MINUTES)
    .filter(({ at, throttled }) => throttled > 0 && at >= lastIncrease + LANDING_MS);
  const isHot = (minute: Minute): boolean => demandOf(minute) < provisioned * HOT_KEY_BELOW;
  return { full: throttled.filter((minute) => !isHot(minute)), hot: throttled.filter(isHot) };
}
