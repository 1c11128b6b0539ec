/** Numbers and times of a chart. Times are seconds since 1970. */

/** A rate in units per second. */
export const rateText = (units: number): string =>
  units.toLocaleString('en-US', { maximumFractionDigits: units < 100 ? 1 : 0 });

/** `2026-11-24 09:00`. */
export const timeText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ');

const DAY = 86_400;

/** Labels of an axis: the time of day, and the date where it begins or changes. */
export function axisTexts(splits: readonly number[], step: number): string[] {
  let day = '';
  return splits.map((at) => {
    const [date, time] = timeText(at).split(' ') as [string, string];
    const begins = date !== day;
    day = date;
    if (step >= DAY) return date;
    return begins ? `${time}\n${date}` : time;
  });
}

/** Distances between labels, in seconds: whole steps of UTC. */
export const STEPS = [
  ...[60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[1, 2, 5, 7, 14, 30, 90, 365].map((days) => days * DAY),
];

/** `2026-11-24 09:00 to 2026-11-25 09:00 UTC`. */
export const rangeText = (from: number, to: number): string => `${timeText(from)} to ${timeText(to)} UTC`;
