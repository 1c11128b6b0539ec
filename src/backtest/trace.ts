import { MINUTE_MS } from '../core/calendar/period.ts';

/** Demand on one throughput dimension, as it was recorded: the average over each step, in units per second. */
export interface Trace {
  readonly name: string;
  /** Start of the first step, epoch milliseconds. */
  readonly start: number;
  readonly stepMs: number;
  readonly values: Float64Array;
}

/** A trace that cannot be replayed: everything that is wrong with it. */
export class TraceError extends Error {
  override name = 'TraceError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** Ten years, minute by minute, fit into memory. */
export const LONGEST_MINUTES = 10 * 366 * 1440;

/** Steps up to this long are held constant over their minutes; longer ones are interpolated. */
const LONGEST_HELD_MS = 5 * MINUTE_MS;

/** Demand in units per second, one value a minute from `start`. */
export interface DemandSeries {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly demand: Float64Array;
}

/** The mean over [from, to) of values that are held for their steps; milliseconds from the start. */
function held({ stepMs, values }: Trace, from: number, to: number): number {
  let mean = 0;
  for (let i = Math.floor(from / stepMs); i * stepMs < to; i++) {
    const covered = Math.min(to, (i + 1) * stepMs) - Math.max(from, i * stepMs);
    mean += values[i]! * (covered / (to - from));
  }
  return mean;
}

/** What lies between two values, `at` milliseconds from the start; the last one stays. */
function interpolated({ stepMs, values }: Trace, at: number): number {
  const i = Math.floor(at / stepMs);
  const from = values[i]!;
  return from + (((values[i + 1] ?? from) - from) * (at - i * stepMs)) / stepMs;
}

/**
 * A trace minute by minute, scaled so that its mean is `mean` units per second; as recorded without one. A minute
 * that it does not fill at its end is left out.
 * @throws TraceError
 */
export function minutesOf(trace: Trace, mean?: number): DemandSeries {
  const { name, start, stepMs, values } = trace;
  const demand = new Float64Array(Math.floor((values.length * stepMs) / MINUTE_MS));
  for (let t = 0; t < demand.length; t++) {
    const at = t * MINUTE_MS;
    demand[t] = stepMs <= LONGEST_HELD_MS ? held(trace, at, at + MINUTE_MS) : interpolated(trace, at);
  }
  const total = sum(demand);
  if (mean !== undefined && total === 0)
    throw new TraceError([`${name} has no demand, so none can be scaled to a mean.`]);
  const factor = mean === undefined ? 1 : (mean * demand.length) / total;
  for (let t = 0; t < demand.length; t++) demand[t] = demand[t]! * factor;
  return { name, start, demand };
}

/** The highest demand, units per second. */
export const peakOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

export const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
