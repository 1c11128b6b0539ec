/** `2026-11-21 06:00 UTC`, for sentences. */
export function sayInstant(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `2026-11-21T06:00:00.000Z`. */
export const iso = (instant: number): string => new Date(instant).toISOString();

const zoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/;
const form = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[zZ]|[+-]\d\d:?\d\d)?)?$/;

/**
 * Epoch milliseconds of an ISO-8601 date or date and time; without a zone it is UTC, as everything here is.
 * undefined where the text is not one.
 */
export function parseInstant(text: string): number | undefined {
  if (!form.test(text)) return undefined;
  const [date, time] = text.split(/[T ]/);
  const instant = Date.parse(
    time === undefined ? `${date}T00:00Z` : `${date}T${zoned.test(time) ? time : `${time}Z`}`,
  );
  if (Number.isNaN(instant)) return undefined;
  const day = new Date(`${date}T00:00Z`);
  return day.toISOString().startsWith(date!) ? instant : undefined;
}

const EARLIEST = Date.UTC(2000);
const LATEST = Date.UTC(9000);

/** `parseInstant` for what tables are run at: an instant of 1970 or of five-digit years is a slip. */
export function parseRunInstant(text: string): number | undefined {
  const instant = parseInstant(text);
  return instant !== undefined && instant >= EARLIEST && instant < LATEST ? instant : undefined;
}
