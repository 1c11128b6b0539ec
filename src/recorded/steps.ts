import { LONGEST_MINUTES, type Trace } from '../backtest/trace.ts';
import { sayInstant } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import type { Problems, RecordedPoint } from './series.ts';

/** How the values of a series become units per second. */
export interface StepOptions {
  /** Whether the file is an answer of CloudWatch: see `Recording`. */
  readonly fromCloudWatch: boolean;
  /** Seconds over which each value is a sum. undefined: the step for CloudWatch, and 1 for others. */
  readonly periodSeconds?: number | undefined;
  /** Whether a step without a value had no demand. */
  readonly gapsAreZero: boolean;
}

/** Converts the points of a series to values at regular steps; undefined with problems. */
export function traceOf(
  name: string,
  points: readonly RecordedPoint[],
  options: StepOptions,
  problems: Problems,
): Trace | undefined {
  const sorted = withoutDuplicates(points, problems);
  if (!sorted) return undefined;
  if (sorted.length < 2) {
    problems.add(quoted(name), 'a trace needs at least two points.');
    return undefined;
  }
  const stepMs = stepOf(sorted, options, problems);
  if (stepMs === undefined) return undefined;
  const start = sorted[0]!.at;
  const count = (sorted.at(-1)!.at - start) / stepMs + 1;
  const minutes = (count * stepMs) / MINUTE_MS;
  if (minutes > LONGEST_MINUTES) problems.add(quoted(name), 'the trace is longer than ten years.');
  if (minutes < 1) problems.add(quoted(name), 'a trace must be at least one minute long.');
  if (minutes < 1 || minutes > LONGEST_MINUTES || !isRegular(sorted, stepMs, problems)) return undefined;
  const seconds = options.periodSeconds ?? (options.fromCloudWatch ? stepMs / SECOND_MS : 1);
  const values = new Float64Array(count).fill(Number.NaN);
  for (const { at, value } of sorted) values[(at - start) / stepMs] = value / seconds;
  if (!options.gapsAreZero && reportGaps(name, { start, stepMs, values }, problems)) return undefined;
  return { name, start, stepMs, values: values.map((value) => (Number.isNaN(value) ? 0 : value)) };
}

const quoted = (label: string): string => JSON.stringify(label);

/** Points in ascending order. Equal points at one time are one. Two values at one time are a problem. */
function withoutDuplicates(
  points: readonly RecordedPoint[],
  problems: Problems,
): readonly RecordedPoint[] | undefined {
  const sorted = points.toSorted((a, b) => a.at - b.at);
  let contradicts = false;
  sorted.forEach(({ at, value, place }, i) => {
    const before = sorted[i - 1];
    if (before?.at !== at || before.value === value) return;
    contradicts = true;
    const first = `${before.place} has ${before.value}`;
    problems.add(place, `has the value ${value} for ${sayInstant(at)}, but ${first}. A time has one value.`);
  });
  return contradicts ? undefined : sorted.filter(({ at }, i) => sorted[i - 1]?.at !== at);
}

function stepOf(
  sorted: readonly RecordedPoint[],
  options: StepOptions,
  problems: Problems,
): number | undefined {
  if (!options.fromCloudWatch) return mostFrequentDistance(sorted);
  if (options.periodSeconds !== undefined) return options.periodSeconds * SECOND_MS;
  const step = sorted.slice(1).reduce((common, { at }, i) => divisor(common, at - sorted[i]!.at), 0);
  if (step % MINUTE_MS === 0) return step;
  problems.add(
    sorted[1]!.place,
    'the timestamps are not whole minutes apart. DynamoDB sends one datapoint per minute.',
  );
  return undefined;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** In milliseconds. Of two that are as frequent, the shorter one. */
function mostFrequentDistance(sorted: readonly RecordedPoint[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < sorted.length; i++) {
    const distance = sorted[i]!.at - sorted[i - 1]!.at;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  return [...counts].toSorted(([a, often], [b, seldom]) => seldom - often || a - b)[0]![0];
}

function isRegular(sorted: readonly RecordedPoint[], stepMs: number, problems: Problems): boolean {
  const between = sorted.filter(({ at }) => (at - sorted[0]!.at) % stepMs !== 0);
  for (const { at, place } of between) {
    const step = `${stepMs / SECOND_MS} seconds after ${sayInstant(sorted[0]!.at)}`;
    problems.add(
      place,
      `${new Date(at).toISOString()} is not a multiple of ${step}. Export at one interval.`,
    );
  }
  return between.length === 0;
}

/** Reports the steps without a value. Returns whether it found any. */
function reportGaps(
  name: string,
  { start, stepMs, values }: Omit<Trace, 'name'>,
  problems: Problems,
): boolean {
  let gaps = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) continue;
    const first = i;
    while (Number.isNaN(values[i + 1] ?? 0)) i++;
    gaps++;
    const [from, to] = [sayInstant(start + first * stepMs), sayInstant(start + (i + 1) * stepMs)];
    const what = `has no value from ${from} to ${to}. If there was no demand, add --gaps zero.`;
    problems.add(quoted(name), what);
  }
  return gaps > 0;
}
