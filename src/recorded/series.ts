import { TraceError } from '../backtest/trace.ts';

/** A value of a series. */
export interface RecordedPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
  /** Where the value is in its file: `line 3`, `Datapoints[2]`. */
  readonly place: string;
}

/** A series of a file that another tool wrote. */
export interface RecordedSeries {
  /** As the file names it: a metric with labels, or the header of a column. */
  readonly label: string;
  /** In the order of the file, which can be any. Points without a value are left out. */
  readonly points: readonly RecordedPoint[];
}

/** What a file contains, and what its format says about values. */
export interface Recording {
  /** For a sentence: `the output of aws cloudwatch get-metric-data`. */
  readonly format: string;
  readonly series: readonly RecordedSeries[];
  /**
   * Whether the file is an answer of CloudWatch. Then each value is the sum over its step, and a step without a
   * datapoint had no traffic, because CloudWatch leaves out minutes without a value.
   */
  readonly fromCloudWatch: boolean;
  /** What a reader should know, as sentences. */
  readonly notes: readonly string[];
}

/** The number of problems that are shown for a file. */
const SHOWN = 10;

/** Collects what is wrong with one file, so that all of it is reported at once. */
export class Problems {
  readonly #file: string;
  readonly #found: string[] = [];
  #count = 0;

  constructor(file: string) {
    this.#file = file;
  }

  get any(): boolean {
    return this.#count > 0;
  }

  /** @param place as in `RecordedPoint`; empty for the whole file */
  add(place: string, what: string): void {
    this.#count++;
    if (this.#count <= SHOWN) this.#found.push(`${this.#file}${place && `, ${place}`}: ${what}`);
  }

  /** @throws TraceError if anything is wrong */
  throwIfAny(): void {
    if (!this.any) return;
    const left = this.#count - SHOWN;
    const more = `${this.#file}: ${left} more ${left === 1 ? 'problem' : 'problems'}.`;
    throw new TraceError(left > 0 ? [...this.#found, more] : this.#found);
  }
}
