import { HOUR_MS } from '../calendar/period.ts';
import type { Comparison } from './comparison.ts';
import type { Dimension } from './demand.ts';
import type { Learner } from './method.ts';
import type { Model } from './model.ts';
import type { Series } from './series.ts';

/** What is stored about one dimension between runs. */
export interface Learned extends Series<unknown> {
  /** The method and its version. The memory of another method or version is ignored. */
  readonly by: string;
  /** The capacity at the last sample, units per second. */
  readonly capacity: number;
  /** End of the newest minute that had a datapoint, epoch milliseconds. */
  readonly dataUntil: number;
  /** Start of the newest minute in which requests were throttled although consumption was low, epoch milliseconds. */
  readonly throttledAt?: number;
  /** Start of the newest minute in which requests are known to have been throttled; undefined if that is long over. */
  readonly refusedAt?: number;
  /** Present if minutes were learned whose throttles are not read yet. */
  readonly checked?: Checked;
  /** Present with Billing auto. */
  readonly billing?: Compared;
}

/**
 * What was learned up to the last minute whose throttles were read. If later minutes had throttles, they are learned again
 * from here.
 */
export type Checked = Pick<Learned, 'memory' | 'learnedTo' | 'age' | 'capacity'>;

/** What provisioned capacity costs and throttles. While the table is on-demand, includes its shadow. */
export interface Compared {
  /** Changes with the meaning of the rest. A comparison of another version is ignored. */
  readonly version: typeof COMPARED;
  readonly comparison: Comparison;
  readonly shadow?: {
    readonly model: Model;
    readonly sampleAt: number;
    /** Start of the newest minute in which it would have throttled, epoch milliseconds. */
    readonly throttledAt?: number | undefined;
  };
}

export const COMPARED = 3;

/** The comparison of a dimension, if it is of this version. */
export const comparedIn = (learned: Learned | undefined): Compared | undefined =>
  learned?.billing?.version === COMPARED ? learned.billing : undefined;

/**
 * What is stored about a group, by `keyOf`: plain data of a few kilobytes. If it is lost, it is learned again from
 * metrics.
 */
export type Remembered = Readonly<Record<string, Learned>>;

export const keyOf = (dimension: Dimension, index: string | undefined): string =>
  index === undefined ? dimension : `${dimension} ${index}`;

export const versionOf = (method: string, { version }: Learner<unknown>): string => `${method}@${version}`;

/** An older memory says little about present demand. */
const FRESH_MS = HOUR_MS;

export const isFresh = (learned: Learned | undefined, now: number): boolean =>
  learned !== undefined && now - learned.learnedTo < FRESH_MS;

/** As JSON, and what parsing that returns, which must not be changed. Numbers that are not whole are rounded to eight digits. */
export function storable(remembered: Remembered): { readonly text: string; readonly value: unknown } {
  const value = rounded(remembered);
  return { text: JSON.stringify(value), value };
}

/** A long list changes in few runs, and is most of a memory. */
const LONG = 50;
const roundedBefore = new WeakMap<readonly unknown[], readonly unknown[]>();

/** A copy as JSON has it. This runs for every number in every run, and a replacer of `JSON.stringify` takes twice as long. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return roundedNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return roundedList(value);
  const copy: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) if (one !== undefined) copy[key] = rounded(one);
  return copy;
}

function roundedList(list: readonly unknown[]): readonly unknown[] {
  const before = roundedBefore.get(list);
  if (before) return before;
  const copy = list.map(rounded);
  if (list.length >= LONG) for (const same of [list, copy]) roundedBefore.set(same, copy);
  return copy;
}

function roundedNumber(value: number): number | null {
  // `+ 0`, because JSON has no -0.
  if (Number.isSafeInteger(value)) return value + 0;
  return Number.isFinite(value) ? toEightDigits(value) : null;
}

const EIGHT_DIGITS = 1e8;
/** Larger powers of ten are not exact, so that the quotient would have further digits. */
const MOST_EXACT_POWER = 22;

function toEightDigits(value: number): number {
  const digitsBeforePoint = Math.floor(Math.log10(Math.abs(value))) + 1;
  const decimals = 8 - digitsBeforePoint;
  if (!(Math.abs(value) < EIGHT_DIGITS) || decimals > MOST_EXACT_POWER) return Number(value.toPrecision(8));
  const power = 10 ** decimals;
  return Math.round(value * power) / power;
}

/** Runs can be slightly out of order. Times further ahead come from a clock that was wrong. */
const AHEAD_MS = HOUR_MS;

/**
 * The stored memories that are valid and have no time after `now`, epoch milliseconds. If the next sample of a
 * dimension were years ahead, the dimension would never be raised again. `parse`: of JSON; it can return what it has returned for the same
 * text before.
 */
export function restored(
  text: string,
  now: number,
  parse: (text: string) => unknown = JSON.parse,
): Remembered {
  let stored: unknown;
  try {
    stored = parse(text);
  } catch {
    return {};
  }
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, one]) => isLearned(one, now)));
}

function isLearned(value: unknown, now: number): value is Learned {
  if (typeof value !== 'object' || value === null) return false;
  const { by, memory, checked, sampled = { at: 0, count: 0 }, ...numbers } = value as Partial<Learned>;
  const { learnedTo, sampleAt, samples, age, capacity, dataUntil, throttledAt = 0, refusedAt = 0 } = numbers;
  const instants = [learnedTo, sampleAt, dataUntil, throttledAt, refusedAt, sampled.at];
  return (
    isChecked(checked, now) &&
    typeof by === 'string' &&
    typeof memory === 'object' &&
    [samples, age, capacity, sampled.count, sampled.units ?? 0].every(
      (count) => Number.isFinite(count) && count! >= 0,
    ) &&
    instants.every((instant) => Number.isFinite(instant) && instant! <= now + AHEAD_MS) &&
    isSound(memory)
  );
}

function isChecked(checked: Partial<Checked> | undefined, now: number): boolean {
  if (checked === undefined) return true;
  if (typeof checked !== 'object' || checked === null) return false;
  const { memory, learnedTo, age, capacity } = checked;
  return (
    [learnedTo, age, capacity].every((count) => Number.isFinite(count) && count! >= 0) &&
    learnedTo! <= now + AHEAD_MS &&
    typeof memory === 'object' &&
    isSound(memory)
  );
}

/** Whether memories that were parsed before have only numbers. */
const sound = new WeakMap<object, boolean>();

function isSound(memory: object | null): boolean {
  if (memory === null) return false;
  const known = sound.get(memory) ?? hasOnlyNumbers(memory);
  sound.set(memory, known);
  return known;
}

/** Whether all leaves of a value are numbers that a method can calculate with. JSON stores NaN and Infinity as null. */
function hasOnlyNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  return (Array.isArray(value) ? value : Object.values(value)).every(hasOnlyNumbers);
}

/** Whether a memory has every part that a new one has. */
export function hasShapeOf(beginning: unknown, memory: unknown): boolean {
  if (Array.isArray(beginning))
    return Array.isArray(memory) && beginning.every((own, i) => hasShapeOf(own, memory[i]));
  if (typeof beginning !== 'object' || beginning === null) return typeof memory === typeof beginning;
  if (typeof memory !== 'object' || memory === null) return false;
  return Object.entries(beginning).every(([key, own]) =>
    hasShapeOf(own, (memory as Record<string, unknown>)[key]),
  );
}
