import { sayInstant } from '../calendar/instant.ts';
import { DAY_MS, MINUTE_MS } from '../calendar/period.ts';
import type { MaintenanceWindow } from '../spec.ts';

/**
 * When the open windows end, epoch milliseconds. A window that starts before an open one ends extends it. undefined if
 * no window is open at `now`.
 */
export function maintenanceUntil(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  let until = now;
  for (let end = endOf(windows, until); end > until; end = endOf(windows, until)) {
    until = end;
    // Windows that cover the whole week never end.
    if (until - now >= 7 * DAY_MS) break;
  }
  return until > now ? until : undefined;
}

/** The end of the longest window that is open at an instant; the instant itself if no window is open. */
function endOf(windows: readonly MaintenanceWindow[], instant: number): number {
  const today = Math.floor(instant / DAY_MS);
  const ends = windows.flatMap(({ days, fromMinute, lastsMinutes }) =>
    // A window that crosses midnight may have started yesterday.
    [today - 1, today]
      .filter((day) => days.includes(weekday(day)))
      .map((day) => ({ start: day * DAY_MS + fromMinute * MINUTE_MS, lastsMs: lastsMinutes * MINUTE_MS }))
      .filter(({ start, lastsMs }) => start <= instant && instant < start + lastsMs)
      .map(({ start, lastsMs }) => start + lastsMs),
  );
  return Math.max(instant, ...ends);
}

/** 0 is Sunday. 1970-01-01 was a Thursday. */
const weekday = (day: number): number => (day + 4) % 7;

/** Why nothing is lowered, switched or deleted now; undefined if no window is open. */
export function maintenance(windows: readonly MaintenanceWindow[], now: number): string | undefined {
  const until = maintenanceUntil(windows, now);
  return until === undefined ? undefined : `A maintenance window is open until ${sayInstant(until)}.`;
}
