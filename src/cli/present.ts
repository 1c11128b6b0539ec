import { sayInstant } from '../core/calendar/instant.ts';
import { TOLERATED_MS } from '../core/guards/clock-check.ts';
import { wallClock } from '../runtime.ts';
import { UsageError } from './failure.ts';
import { sayDuration } from './views/text.ts';

/** The clock of the machine that created a plan may be a little ahead. */
export const isFuture = (instant: number): boolean => instant - wallClock.now() > TOLERATED_MS;

/**
 * In the future, a command would create tables too early and treat the current period as ended. `hint` says what to do.
 *
 * @throws UsageError
 */
export function rejectFuture(
  command: string,
  now: number,
  hint = 'Use the current time or an earlier one.',
): void {
  if (!isFuture(now)) return;
  const aheadMs = now - wallClock.now();
  throw new UsageError(
    `${command} rejects a future time: ${sayInstant(now)} is ${sayDuration(aheadMs)} ahead. ${hint}`,
  );
}

/** For commands whose changes a plan can preview. @throws UsageError */
export const rejectFutureChanges = (command: string, now: number): void =>
  rejectFuture(command, now, 'To preview it, use `turntable plan --at`.');
