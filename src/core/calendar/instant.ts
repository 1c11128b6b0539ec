import { DAY_MS, SECOND_MS } from './period.ts';

/** `2026-11-21 06:00 UTC`, for scheduledDeletions. */
export function sayInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21T06:00:00.000Z`. */
export const iso = (instant: number): string => new Date(instant).toISOString();

/** The same for JSON; null where there is none, as before and after the one period of `none`. */
export const isoOrNull = (instant: number): string | null => (Number.isFinite(instant) ? iso(instant) : null);

const form =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?!00)\d\d(?:[t ]\d\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * How many days are before a month, both counted from March of the year -400 on: there a leap day ends its year, and
 * 1970-01-01 is day 865,566. Date.UTC would take three times as long.
 */
function daysBefore(month: number): number {
  const year = (month / 12) | 0;
  const leapCenturies = ((year / 400) | 0) - ((year / 100) | 0);
  return ((year * 365.25) | 0) + leapCenturies + (((month % 12) * 30.6 + 0.5) | 0);
}

/**
 * Epoch milliseconds of an ISO-8601 date or date and time; without a zone it is UTC, as everything here is.
 * NaN where the text is not one.
 */
export function instantIn(text: string): number {
  const two = (index: number) => text.charCodeAt(index) * 10 + text.charCodeAt(index + 1) - 11 * 48;
  const month = (two(0) * 100 + two(2)) * 12 + two(5) + 4797;
  const day = daysBefore(month) + two(8);
  if (!form.test(text) || day > daysBefore(month + 1)) return Number.NaN;
  const midnight = (day - 865_566) * DAY_MS;
  // What Dates and most programs write is not left to the parser, which is slow.
  if (two(11) < 24 && (text[19] === 'Z' || text[23] === 'Z')) {
    const seconds = two(11) * 3600 + two(14) * 60 + two(17);
    return midnight + seconds * SECOND_MS + (two(20) * 10 + (two(21) % 10) || 0);
  }
  const time = text.slice(11) || '00:00';
  return midnight + Date.parse(`1970-01-01T${time}${/[z+-]/i.test(time) ? '' : 'Z'}`);
}

/** The same; undefined where the text is not one. */
export function parseInstant(text: string): number | undefined {
  const instant = instantIn(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** `parseInstant` for what tables are run at: an instant of 1970 or of five-digit years is a slip. */
export function parseRunInstant(text: string): number | undefined {
  const instant = parseInstant(text);
  const year = new Date(instant ?? Number.NaN).getUTCFullYear();
  return year >= 2000 && year < 9000 ? instant : undefined;
}
