import { say } from '../resolver/failure.ts';
import type { Instant } from '../resolver/types.ts';
import { RotatingError } from './failure.ts';
import { numeralOf } from './identity.ts';
import type { Timestamp, Unit } from './types.ts';

/** Seconds of the year 5138; more is milliseconds that were meant to be seconds. */
const MOST_SECONDS = 1e11;

/**
 * The instant that an attribute's value stands for; undefined where there is none.
 * @throws RotatingError `invalid-timestamp`
 */
export function instantOf({ attribute, unit }: Timestamp, value: unknown): Instant | undefined {
  if (value === undefined) return undefined;
  if (unit === 'iso') {
    if (typeof value === 'string' && AS_DATES_WRITE_IT.test(value)) return value;
    throw new RotatingError(
      'invalid-timestamp',
      `"${attribute}" must be a string as Date's toISOString writes it, 2026-11-21T09:00:00.000Z, and is ${shown(value)}: strings sort as text, so that only strings of one form sort by time.`,
    );
  }
  const number = Number(numeralOf(value) ?? Number.NaN);
  if (unit === 'milliseconds' && numeralOf(value) !== undefined) return number;
  if (Math.abs(number) < MOST_SECONDS && unit === 'seconds') return number * 1000;
  throw new RotatingError(
    'invalid-timestamp',
    `"${attribute}" must be a number of ${unit}, and is ${shown(value)}.`,
  );
}

/** A string in quotes: "1795270180886" is no number. */
const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : say(value));

const AS_DATES_WRITE_IT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

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
