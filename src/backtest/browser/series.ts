import type { PageData, Runs } from '../page-data.ts';

/** One method in the chart. One value per minute, in units per second. */
export interface Line {
  readonly name: string;
  /** CSS color. */
  readonly color: string;
  shown: boolean;
  readonly capacity: Float64Array;
  readonly throttled: Float64Array;
}

/** What the chart shows. */
export interface Series {
  /** Start of the first minute, epoch milliseconds. */
  readonly start: number;
  readonly minutes: number;
  readonly demand: Float64Array;
  readonly lines: readonly Line[];
}

/** Unpacks the JSON of the page. */
export function seriesOf({ start, minutes, demand, methods }: PageData): Series {
  const unpacked = (runs: Runs): Float64Array => unpack(runs, minutes);
  const lines = methods.map(({ capacity, throttled, ...rest }) => ({
    ...rest,
    capacity: unpacked(capacity),
    throttled: unpacked(throttled),
  }));
  return { start, minutes, demand: unpacked(demand), lines };
}

function unpack(runs: Runs, minutes: number): Float64Array {
  const values = new Float64Array(minutes);
  let minute = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const end = minute + runs[i]!;
    values.fill(runs[i + 1]!, minute, end);
    minute = end;
  }
  return values;
}

/** The highest value of the minutes in [from, to). */
export function highestOf(values: Float64Array, from: number, to: number): number {
  let highest = 0;
  for (let minute = from; minute < to; minute++) highest = Math.max(highest, values[minute]!);
  return highest;
}
