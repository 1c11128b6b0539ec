import type { Instant } from '../resolver/types.ts';
import { RotatingError } from './failure.ts';
import type { Timestamp, Unit } from './types.ts';

/** Seconds of the year 5138; more is milliseconds that were meant to be seconds. */
const MOST_SECONDS = 1e11;

/**
 * The instant that an attribute's value stands for; undefined where there is none.
 * @throws RotatingError `invalid-timestamp`
 */
export function instantOf({ attribute, unit }: Timestamp, value: unknown): Instant | undefined {
  if (value === undefined) return undefined;
  if (unit === 'iso' && typeof value === 'string') return value;
  if (unit !== 'iso' && (typeof value === 'number' || typeof value === 'bigint')) {
    if (unit === 'milliseconds') return Number(value);
    if (Math.abs(Number(value)) < MOST_SECONDS) return Number(value) * 1000;
  }
  const wanted = unit === 'iso' ? 'an ISO 8601 string' : `a number of ${unit}`;
  throw new RotatingError('invalid-timestamp', `"${attribute}" must be ${wanted}, and is ${String(value)}.`);
}

/** Numbers are told apart down to a microsecond; Dates know milliseconds only. */
const MICROSECOND_IN_MS = 0.001;

/** The lowest value of the attribute at or after `ms`. */
export function lowest(unit: Unit, ms: number): number | string {
  return unit === 'iso' ? withoutZone(ms) : ms / msPer(unit);
}

/** The highest value of the attribute before `ms`, or one between that and the next. */
export function highest(unit: Unit, ms: number): number | string {
  return unit === 'iso' ? withoutZone(ms) : (ms - MICROSECOND_IN_MS) / msPer(unit);
}

const msPer = (unit: Unit): number => (unit === 'seconds' ? 1000 : 1);

/** Sorts before that instant with its zone, with and without milliseconds, and after all before it. */
const withoutZone = (ms: number): string => new Date(ms).toISOString().slice(0, -1);
