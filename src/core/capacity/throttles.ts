import { MINUTE_MS } from '../calendar/period.ts';
import type { Minute } from './demand.ts';

/** A raise looks at so many of the newest minutes. */
export const RISING_MINUTES = 2;
/** A change takes about so long to land; until then the capacity before it serves. */
export const LANDING_MS = MINUTE_MS;
export const demandOf = ({ consumed, throttled }: Minute): number => consumed + throttled;

export const highest = (minutes: readonly Minute[]): number => Math.max(0, ...minutes.map(demandOf));

interface Throttling {
  readonly minutes: readonly Minute[];
  readonly provisioned: number;
  readonly lastIncrease?: number;
}

/** `7 requests throttled a minute at 100`, of the newest minutes since the last raise has landed; undefined where none were. */
export function throttledLately({
  minutes,
  provisioned,
  lastIncrease = -Infinity,
}: Throttling): string | undefined {
  const rates = minutes
    .slice(-RISING_MINUTES)
    .filter(({ at }) => at >= lastIncrease + LANDING_MS)
    .map(({ throttled }) => throttled);
  const most = Math.max(0, ...rates);
  return most > 0 ? `${sayRequests(most * 60)} throttled a minute at ${provisioned}` : undefined;
}

/** `1 request`, `12 requests`. */
export function sayRequests(count: number): string {
  const whole = Math.max(1, Math.round(count));
  return whole === 1 ? '1 request' : `${whole} requests`;
}
