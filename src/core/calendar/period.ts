/** The calendar of rotation. All times are epoch milliseconds, all periods UTC and half-open: [start, end). */

export type RotationScheme = 'none' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

export interface Period {
  /** First instant inside, epoch milliseconds; -Infinity for `none`. */
  readonly start: number;
  /** First instant after, epoch milliseconds; Infinity for `none`. */
  readonly end: number;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

type Lengths = { readonly [scheme in RotationScheme]?: number };

/** Schemes whose periods are all as long as each other. */
const LENGTH_MS: Lengths = { hourly: HOUR_MS, daily: DAY_MS, weekly: 7 * DAY_MS };

/** Schemes that follow the calendar's months. */
const MONTHS: Lengths = { monthly: 1, yearly: 12 };

/** 1970-01-05, the first Monday after the epoch. */
const MONDAY_MS = 4 * DAY_MS;

/** The period that holds `instant`. */
export function periodAt(scheme: RotationScheme, instant: number): Period {
  return shift(scheme, instant, 0);
}

/**
 * The period `count` periods after the one that holds `instant`; before it for a negative `count`.
 * `none` has one period only, and every shift leads back to it.
 */
export function shift(scheme: RotationScheme, instant: number, count: number): Period {
  if (scheme === 'none') return { start: -Infinity, end: Infinity };
  const months = MONTHS[scheme];
  if (months) {
    const date = new Date(instant);
    const month = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    const first = (Math.floor(month / months) + count) * months;
    return { start: Date.UTC(1970, first), end: Date.UTC(1970, first + months) };
  }
  const length = LENGTH_MS[scheme]!;
  const monday = scheme === 'weekly' ? MONDAY_MS : 0;
  const start = (Math.floor((instant - monday) / length) + count) * length + monday;
  return { start, end: start + length };
}
