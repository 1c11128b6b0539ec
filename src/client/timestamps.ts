import { say } from '../resolver/failure.ts';
import type { Instant } from '../resolver/types.ts';
import { RotatingError } from './failure.ts';
import { numeralOf } from './identity.ts';
import type { Timestamp, Unit } from './types.ts';

/** The year 5138 in seconds. A larger number is probably in milliseconds. */
const MOST_SECONDS = 1e11;

/**
 * The instant of a timestamp attribute: epoch milliseconds, or an ISO 8601 string. undefined if the item has no value.
 * @throws RotatingError `invalid-timestamp`
 */
export function instantOf({ attribute, unit }: Timestamp, value: unknown): Instant | undefined {
  if (value === undefined) return undefined;
  if (unit === 'iso') {
    if (typeof value === 'string' && TO_ISO_STRING.test(value)) return value;
    throw new RotatingError(
      'invalid-timestamp',
      `"${attribute}" must be a string such as 2026-11-21T09:00:00.000Z, not ${shown(value)}. Use the form of Date.toISOString: DynamoDB sorts strings as text, so only one form sorts by time.`,
    );
  }
  const number = Number(numeralOf(value) ?? Number.NaN);
  if (unit === 'milliseconds' && numeralOf(value) !== undefined) return number;
  if (Math.abs(number) < MOST_SECONDS && unit === 'seconds') return number * 1000;
  throw new RotatingError(
    'invalid-timestamp',
    `"${attribute}" must be a number of ${unit}, not ${shown(value)}.`,
  );
}

/** Quotes strings: "1795270180886" is not a number. */
const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : say(value));

const TO_ISO_STRING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Numbers can differ by a microsecond. Dates differ by at least a millisecond. */
const MICROSECOND_IN_MS = 0.001;

/** The lowest value of the attribute at or after `ms`. */
export function lowest(unit: Unit, ms: number): number | string {
  return unit === 'iso' ? withoutZone(ms) : ms / msPer(unit);
}

/** The highest value of the attribute before `ms`, or a value between that and the next one. */
export function highest(unit: Unit, ms: number): number | string {
  return unit === 'iso' ? withoutZone(ms) : (ms - MICROSECOND_IN_MS) / msPer(unit);
}

const msPer = (unit: Unit): number => (unit === 'seconds' ? 1000 : 1);

/** A text that sorts before the same instant with its Z, with or without milliseconds, and after all earlier instants. */
const withoutZone = (ms: number): string => new Date(ms).toISOString().slice(0, -1);
