import type { Runs } from '../core/report/runs.ts';

/** The data in the page of a backtest, as JSON. One value per minute, in units per second. */
export interface PageData {
  /** Start of the first minute, epoch milliseconds. */
  readonly start: number;
  readonly minutes: number;
  readonly demand: Runs;
  readonly methods: readonly MethodData[];
}

export interface MethodData {
  readonly name: string;
  /** CSS color. */
  readonly color: string;
  /** Whether the chart shows the method at first. */
  readonly shown: boolean;
  readonly capacity: Runs;
  readonly throttled: Runs;
}
