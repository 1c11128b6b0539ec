import { sayInstant } from '../core/calendar/instant.ts';
import { MINUTE_MS } from '../core/calendar/period.ts';
import { wallClock } from '../runtime.ts';
import { UsageError } from './failure.ts';
import { sayDuration } from './views/text.ts';

/** How far ahead a clock may be that a plan was made by. */
const AHEAD_MS = 5 * MINUTE_MS;

export const liesAhead = (instant: number): boolean => instant - wallClock.now() > AHEAD_MS;

/** Tables of a period to come would be made, and those of this one taken for ended. @throws UsageError */
export function mustBePresent(command: string, now: number): void {
  if (!liesAhead(now)) return;
  const aheadMs = now - wallClock.now();
  throw new UsageError(
    `${command} cannot act in the future: ${sayInstant(now)} lies ${sayDuration(aheadMs)} ahead. \`plan --at\` can look there.`,
  );
}
