import { HOUR_MS, MINUTE_MS, SECOND_MS } from './period.ts';

/** `2026-11-21 06:00 UTC`, for sentences. */
export function sayInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21T06:00:00.000Z`. */
export const iso = (instant: number): string => new Date(instant).toISOString();

const form =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?!00)\d\d(?:[t ]\d\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?)?$/i;

const TWO_ZEROS = 11 * 48;

/**
 * Epoch milliseconds of an ISO-8601 date or date and time; without a zone it is UTC, as everything here is.
 * undefined where the text is not one.
 */
export function parseInstant(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  const two = (index: number) => text.charCodeAt(index) * 10 + text.charCodeAt(index + 1) - TWO_ZEROS;
  // Months are counted from 1970 since Date.UTC takes the years 0 to 99 for those from 1900 on.
  const month = (two(0) * 100 + two(2) - 1970) * 12 + two(5);
  const day = Date.UTC(1970, month - 1, two(8));
  if (two(8) > 28 && day >= Date.UTC(1970, month)) return undefined;
  // What Dates and most programs write is not left to the parser, which is slow.
  if (two(11) < 24 && (text[19] === 'Z' || text[23] === 'Z')) {
    const ms = two(20) * 10 + (two(21) % 10) || 0;
    return day + two(11) * HOUR_MS + two(14) * MINUTE_MS + two(17) * SECOND_MS + ms;
  }
  const time = text.slice(11) || '00:00';
  const instant = day + Date.parse(`1970-01-01T${time}${/[z+-]/i.test(time) ? '' : 'Z'}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** `parseInstant` for what tables are run at: an instant of 1970 or of five-digit years is a slip. */
export function parseRunInstant(text: string): number | undefined {
  const instant = parseInstant(text);
  const year = new Date(instant ?? Number.NaN).getUTCFullYear();
  return year >= 2000 && year < 9000 ? instant : undefined;
}
