import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Stretch } from '../core/capacity/burst.ts';

/** Recorded demand on one throughput dimension: the average over each step, in units per second. */
export interface Trace {
  readonly name: string;
  /** Start of the first step, epoch milliseconds. */
  readonly start: number;
  readonly stepMs: number;
  readonly values: Float64Array;
}

/** A trace that cannot be replayed, with everything that is wrong with it. */
export class TraceError extends Error {
  override name = 'TraceError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The longest trace, ten years: it fits into memory. */
export const LONGEST_MINUTES = 10 * 366 * 1440;

/** The longest step whose value counts for all of its minutes. Longer steps are interpolated. */
const LONGEST_CONSTANT_MS = 5 * MINUTE_MS;

/** Demand in units per second, one value per minute from `start`. */
export interface DemandSeries {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly demand: Float64Array;
  /** What minute t is made of. By default, the demand of all its seconds is the same. */
  readonly within?: (t: number) => readonly Stretch[];
}

/** The mean over [from, to), milliseconds from the start, of values that are constant within their steps. */
function stepwise({ stepMs, values }: Trace, from: number, to: number): number {
  let mean = 0;
  for (let i = Math.floor(from / stepMs); i * stepMs < to; i++) {
    const covered = Math.min(to, (i + 1) * stepMs) - Math.max(from, i * stepMs);
    mean += values[i]! * (covered / (to - from));
  }
  return mean;
}

/** The interpolated value `at` milliseconds from the start. After the last value, that one counts. */
function interpolated({ stepMs, values }: Trace, at: number): number {
  const i = Math.floor(at / stepMs);
  const from = values[i]!;
  return from + (((values[i + 1] ?? from) - from) * (at - i * stepMs)) / stepMs;
}

/**
 * A trace minute by minute. With `mean`, it is scaled to that mean, in units per second. An incomplete last minute is left
 * out.
 * @throws TraceError
 */
export function minutesOf(trace: Trace, mean?: number): DemandSeries {
  const { name, start, stepMs, values } = trace;
  const demand = new Float64Array(Math.floor((values.length * stepMs) / MINUTE_MS));
  for (let t = 0; t < demand.length; t++) {
    const at = t * MINUTE_MS;
    demand[t] = stepMs <= LONGEST_CONSTANT_MS ? stepwise(trace, at, at + MINUTE_MS) : interpolated(trace, at);
  }
  const total = sum(demand);
  if (mean !== undefined && total === 0)
    throw new TraceError([`${name} has no demand, so it cannot be scaled to a mean.`]);
  const factor = mean === undefined ? 1 : (mean * demand.length) / total;
  for (let t = 0; t < demand.length; t++) demand[t] = demand[t]! * factor;
  return { name, start, demand };
}

/** The highest demand, units per second. */
export const peakOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

export const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
