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
const WEEK_MS = 7 * DAY_MS;

/** 1970-01-05, the first Monday after the epoch. */
const MONDAY_MS = 4 * DAY_MS;

/** Number of the period that holds `instant`, counted from the epoch in whole periods. */
function ordinalOf(scheme: RotationScheme, instant: number): number {
  switch (scheme) {
    case 'none':
      return 0;
    case 'hourly':
      return Math.floor(instant / HOUR_MS);
    case 'daily':
      return Math.floor(instant / DAY_MS);
    case 'weekly':
      return Math.floor((instant - MONDAY_MS) / WEEK_MS);
    case 'monthly': {
      const date = new Date(instant);
      return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
    }
    case 'yearly':
      return new Date(instant).getUTCFullYear() - 1970;
  }
}

function startOf(scheme: RotationScheme, ordinal: number): number {
  switch (scheme) {
    case 'none':
      return ordinal <= 0 ? -Infinity : Infinity;
    case 'hourly':
      return ordinal * HOUR_MS;
    case 'daily':
      return ordinal * DAY_MS;
    case 'weekly':
      return ordinal * WEEK_MS + MONDAY_MS;
    case 'monthly':
      return Date.UTC(1970, ordinal, 1);
    case 'yearly':
      return Date.UTC(1970 + ordinal, 0, 1);
  }
}

/** The period that holds `instant`. */
export function periodAt(scheme: RotationScheme, instant: number): Period {
  return shift(scheme, instant, 0);
}

/**
 * The period `count` periods after the one that holds `instant`; before it for a negative `count`.
 * `none` has one period only, and every shift leads back to it.
 */
export function shift(scheme: RotationScheme, instant: number, count: number): Period {
  const ordinal = scheme === 'none' ? 0 : ordinalOf(scheme, instant) + count;
  return { start: startOf(scheme, ordinal), end: startOf(scheme, ordinal + 1) };
}
