/** `2026-11-21 06:00 UTC`, for messages. */
export function sayInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21T06:00:00.000Z`. */
export const iso = (instant: number): string => new Date(instant).toISOString();

/** Like `iso`, for JSON. null for an infinite instant: the start or the end of the only period of `none`. */
export const isoOrNull = (instant: number): string | null => (Number.isFinite(instant) ? iso(instant) : null);

/**
 * Date and time of ISO 8601. Captures the date, its day, the time, and the hours and minutes of the offset from UTC.
 * A space can replace the T, as RFC 3339 allows, and the offset does not need a colon.
 */
const FORM = /^(\d{4}-\d\d-(\d\d))(?:[t ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:z|([+-]\d\d):?(\d\d))?)?$/i;

/**
 * Epoch milliseconds of an ISO 8601 date, or date and time. Without an offset, the text is in UTC.
 * NaN if the text is not a valid instant.
 *
 * Date.parse gets only the one form that ECMAScript defines, so every engine agrees. What `toISOString` writes is in that
 * form already, so most texts skip the second step.
 */
export function instantIn(text: string): number {
  if (text[10] === 'T' && text[23] === 'Z' && text.slice(8, 10) < '29' && FORM.test(text))
    return Date.parse(text);
  const [, date, day, time = '00:00', hours = '+00', minutes = '00'] = FORM.exec(text) ?? [];
  // Engines may read 2026-02-30 as 2 March.
  return Date.parse(new Date(date!).getUTCDate() === +day! ? `${date}T${time}${hours}:${minutes}` : '');
}

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
