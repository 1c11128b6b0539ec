import { HOUR_MS } from '../calendar/period.ts';
import type { Comparison } from './comparison.ts';
import type { Dimension } from './demand.ts';
import type { Learner } from './method.ts';
import type { Model } from './model.ts';
import type { Series } from './series.ts';

/** What is kept of one dimension between runs. */
export interface Learned extends Series<unknown> {
  /** The method and its version: what another one has learned is forgotten. */
  readonly by: string;
  /** Capacity units per second that served when it was looked at last. */
  readonly capacity: number;
  /** End of the newest minute that had a datapoint, epoch milliseconds. */
  readonly dataUntil: number;
  /** Where the billing mode is left to scaling. */
  readonly billing?: Compared;
}

/** What provisioned capacity comes to, and while the table is on demand, the provisioned run followed in thought. */
export interface Compared {
  /** Changes with what the rest means: one of another version is forgotten. */
  readonly version: typeof COMPARED;
  readonly comparison: Comparison;
  readonly shadow?: { readonly model: Model; readonly sampleAt: number };
}

export const COMPARED = 1;

/** What is known either way, as far as it is of this version. */
export const comparedIn = (learned: Learned | undefined): Compared | undefined =>
  learned?.billing?.version === COMPARED ? learned.billing : undefined;

/** What is kept of a group, by `keyOf`: plain data of a few kilobytes. Losing it loses nothing: metrics tell it again. */
export type Remembered = Readonly<Record<string, Learned>>;

export const keyOf = (dimension: Dimension, index: string | undefined): string =>
  index === undefined ? dimension : `${dimension} ${index}`;

export const versionOf = (method: string, { version }: Learner<unknown>): string => `${method}@${version}`;

/** What was learned longer ago than this says little of now. */
const FRESH_MS = HOUR_MS;

export const isFresh = (learned: Learned | undefined, now: number): boolean =>
  learned !== undefined && now - learned.learnedTo < FRESH_MS;

const DIGITS = 8;

/** As it is stored: JSON, in which a number that is none of instants and counts has eight digits. */
export function storable(remembered: Remembered): string {
  return JSON.stringify(remembered, (_, value: unknown) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(DIGITS)) : value,
  );
}

/** Runs may come a little out of turn; what is known of a time beyond this is of a wrong clock. */
const AHEAD_MS = HOUR_MS;

/**
 * What was stored, as far as it can be read and is of a time up to `now`, epoch milliseconds; the rest is forgotten. By
 * a look that lies years ahead nothing would ever be raised again.
 */
export function restored(text: string, now: number): Remembered {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, one]) => isLearned(one, now)));
}

function isLearned(value: unknown, now: number): value is Learned {
  if (typeof value !== 'object' || value === null) return false;
  const { by, memory, ...numbers } = value as Partial<Learned>;
  const { learnedTo, sampleAt, looks, age, capacity, dataUntil } = numbers;
  const instants = [learnedTo, sampleAt, dataUntil];
  return (
    typeof by === 'string' &&
    typeof memory === 'object' &&
    [looks, age, capacity].every((count) => Number.isFinite(count) && count! >= 0) &&
    instants.every((instant) => Number.isFinite(instant) && instant! <= now + AHEAD_MS) &&
    isOfNumbers(memory)
  );
}

/** Whether there is nothing but numbers in it that a method can reckon with: what is none is stored as null. */
const isOfNumbers = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isOfNumbers)
    : typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** Whether a memory has all that one has in the beginning. */
export function hasShapeOf(beginning: unknown, memory: unknown): boolean {
  if (Array.isArray(beginning)) return Array.isArray(memory);
  if (typeof beginning !== 'object' || beginning === null) return typeof memory === typeof beginning;
  if (typeof memory !== 'object' || memory === null) return false;
  return Object.entries(beginning).every(([key, own]) =>
    hasShapeOf(own, (memory as Record<string, unknown>)[key]),
  );
}
