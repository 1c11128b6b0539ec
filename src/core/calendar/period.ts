/** The rotation calendar. All times are epoch milliseconds. All periods are in UTC and half-open: [start, end). */

export type RotationScheme = 'none' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

export interface Period {
  /** The first instant inside, epoch milliseconds. -Infinity for `none`. */
  readonly start: number;
  /** The first instant after, epoch milliseconds. Infinity for `none`. */
  readonly end: number;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Finds the period that is `count` periods after the one that contains `instant`. */
type Shift = (instant: number, count: number) => Period;

/** 1970-01-05, the first Monday after the epoch. Hours and days begin then, too. */
const MONDAY = 4 * DAY_MS;

/** Periods of one fixed length, counted from a Monday. */
const every =
  (length: number): Shift =>
  (instant, count) => {
    const start = (Math.floor((instant - MONDAY) / length) + count) * length + MONDAY;
    return { start, end: start + length };
  };

const starts: number[] = [];

/** Where a month starts, counted from January 2000. V8 keeps an array whose first index is low in its fast form. */
export const monthStart = (month: number): number => (starts[month] ??= Date.UTC(2000, month));

/** Periods of whole calendar months. */
const everyMonths =
  (months: number): Shift =>
  (instant, count) => {
    const date = new Date(instant);
    const first =
      (Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth() - 24_000) / months) + count) * months;
    return { start: monthStart(first), end: monthStart(first + months) };
  };

export const SHIFTS: { readonly [scheme in RotationScheme]: Shift } = {
  none: () => ({ start: -Infinity, end: Infinity }),
  hourly: every(HOUR_MS),
  daily: every(DAY_MS),
  weekly: every(7 * DAY_MS),
  monthly: everyMonths(1),
  yearly: everyMonths(12),
};

/** All schemes, as plain strings: code that checks input compares with text of any origin. */
export const SCHEMES: readonly string[] = Object.keys(SHIFTS);

/** The period that contains `instant`. */
export function periodAt(scheme: RotationScheme, instant: number): Period {
  return shift(scheme, instant, 0);
}

/**
 * The period that is `count` periods after the one that contains `instant`. A negative `count` goes back.
 * `none` has a single period, so every `count` returns that one.
 */
export function shift(scheme: RotationScheme, instant: number, count: number): Period {
  return SHIFTS[scheme](instant, count);
}
