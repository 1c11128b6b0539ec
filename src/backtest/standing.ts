import { DAY_MS, HOUR_MS, MINUTE_MS, periodAt, type RotationScheme, shift } from '../core/calendar/period.ts';
import type { Spec } from '../core/spec.ts';

/** Which tables of a rotated group exist besides the current one. */
export interface Standing {
  /** The number of upcoming tables. */
  readonly ahead: number;
  /** When the table of a period that starts at an instant is deleted, epoch milliseconds. */
  goneAt(start: number): number;
}

/** One upcoming table, and each table for one more period. */
export const threeTables = (scheme: RotationScheme): Standing => ({
  ahead: 1,
  goneAt: (start) => periodAt(scheme, periodAt(scheme, start).end).end,
});

/** Purge runs daily at this time: serverless.yml. */
const PURGE_MS = 3 * HOUR_MS + 35 * MINUTE_MS;

const nextPurge = (from: number): number => Math.ceil((from - PURGE_MS) / DAY_MS) * DAY_MS + PURGE_MS;

/**
 * The tables that rotate creates ahead, and those that purge retains. The first purge after a table has expired schedules its
 * deletion, and the first one after the waiting period deletes it.
 */
export const standingOf = ({ keep, settings }: Spec, scheme: RotationScheme): Standing => ({
  ahead: settings.periodsAhead,
  goneAt(start) {
    if (keep === Infinity || !settings.purge.enabled) return Infinity;
    const expired = Math.max(
      shift(scheme, start, keep).start,
      periodAt(scheme, start).end + settings.drainMs,
    );
    return nextPurge(nextPurge(expired) + settings.purge.waitingPeriodMs);
  },
});
