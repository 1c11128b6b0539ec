import { DAY_MS, monthStart, SECOND_MS } from './period.ts';

/** `2026-11-21 06:00 UTC`, for messages. */
export function sayInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21T06:00:00.000Z`. */
export const iso = (instant: number): string => new Date(instant).toISOString();

/** Like `iso`, for JSON. null for an infinite instant: the start or the end of the only period of `none`. */
export const isoOrNull = (instant: number): string | null => (Number.isFinite(instant) ? iso(instant) : null);

/**
 * Date and time of ISO 8601. Captures nothing, because captures take longer than the rest.
 * A space can replace the T, as RFC 3339 allows, and the offset does not need a colon.
 */
const FORM =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?!00)\d\d(?:[t ]\d\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:[+-]\d\d:?\d\d|z)?)?$/i;

/**
 * Epoch milliseconds of an ISO 8601 date, or date and time. Without an offset, the text is in UTC.
 * NaN if the text is not a valid instant.
 *
 * What `toISOString` writes is read here, because applications pass one such text per item and Date.parse takes three times
 * as long. Otherwise, Date.parse gets only the one form that ECMAScript defines, so every engine agrees.
 */
export const instantIn = (text: string): number => {
  if (FORM.test(text)) {
    const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * 48;
    const month = (two(0) * 100 + two(2)) * 12 + two(5) - 24_001;
    const midnight = (two(8) - 1) * DAY_MS + monthStart(month);
    if (midnight < monthStart(month + 1)) {
      if (two(11) < 24 && text[23] === 'Z')
        return (
          midnight + ((two(11) * 60 + two(14)) * 60 + two(17)) * SECOND_MS + two(20) * 10 + (two(21) % 10)
        );
      // The first offset counts, so a text without one is in UTC.
      return Date.parse(
        text.slice(0, 10) + `T${text.slice(11) || '00:00'}+00:00`.replace(/z?([+-]..):?(..).*/i, '$1:$2'),
      );
    }
  }
  return NaN;
};

/** Like `instantIn`, but undefined if the text is not a valid instant. */
export function parseInstant(text: string): number | undefined {
  const instant = instantIn(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/**
 * Like `parseInstant`, for the time of a run. A time before the year 2000 or from 9000 on is a mistake, so it is
 * undefined.
 */
export function parseRunInstant(text: string): number | undefined {
  const instant = parseInstant(text);
  const year = new Date(instant ?? Number.NaN).getUTCFullYear();
  return year >= 2000 && year < 9000 ? instant : undefined;
}
