import { sayInstant } from '../calendar/instant.ts';
import { DAY_MS, MINUTE_MS } from '../calendar/period.ts';
import type { MaintenanceWindow } from '../spec.ts';

/** When the windows that `now` falls into are over, those that begin before that included; undefined outside of all. */
export function maintenanceUntil(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  let until = now;
  for (let end = endOf(windows, until); end > until; end = endOf(windows, until)) {
    until = end;
    // Windows that follow each other all week never end: saying so for a week is enough.
    if (until - now >= 7 * DAY_MS) break;
  }
  return until > now ? until : undefined;
}

/** The end of the longest window that is open at an instant; the instant itself where none is. */
function endOf(windows: readonly MaintenanceWindow[], instant: number): number {
  const today = Math.floor(instant / DAY_MS);
  const ends = windows.flatMap(({ days, fromMinute, lastsMinutes }) =>
    // One that crosses midnight may have begun yesterday.
    [today - 1, today]
      .filter((day) => days.includes(weekday(day)))
      .map((day) => ({ start: day * DAY_MS + fromMinute * MINUTE_MS, lastsMs: lastsMinutes * MINUTE_MS }))
      .filter(({ start, lastsMs }) => start <= instant && instant < start + lastsMs)
      .map(({ start, lastsMs }) => start + lastsMs),
  );
  return Math.max(instant, ...ends);
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
const weekday = (day: number): number => (day + 4) % 7;

/** Why nothing is lowered, switched or deleted; undefined where it may be. */
export function maintenance(windows: readonly MaintenanceWindow[], now: number): string | undefined {
  const until = maintenanceUntil(windows, now);
  return until === undefined
    ? undefined
    : `Not within the maintenance window, which is over ${sayInstant(until)}.`;
}
