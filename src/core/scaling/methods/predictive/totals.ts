/** What tables cost and throttled counts for about this many minutes: 30 days, as on a bill. */
const MINUTES = 30 * 1440;
/** The part of a minute's weight that remains after each further minute. */
const DECAY = 1 - 1 / MINUTES;

/** What is left of a sum after a number of minutes. */
export const decayed = (sum: number, minutes: number): number => sum * DECAY ** minutes;

/** A sum over the last 30 days after one more minute. Older minutes count less. */
export const summed = (sum: number, value: number): number => sum * DECAY + value;

/** The value of the newest minute of a sum. */
export const newestOf = (sum: number, before: number): number => sum - before * DECAY;

/** Minutes of about the last 30 days, and their demand: sums of units per second. */
export interface Totals {
  readonly minutes: number;
  readonly demand: number;
}

/** What a simulated table cost and throttled of that demand: sums of units per second. */
export interface Bill {
  readonly cost: number;
  readonly throttled: number;
}

export const totalsAfter = ({ minutes, demand }: Totals, newest: number): Totals => ({
  minutes: summed(minutes, 1),
  demand: summed(demand, newest),
});

/** Demand below this share of its mean is too small for shares of it to mean much. */
const SMALL = 0.02;

export const smallDemand = ({ demand, minutes }: Totals): number =>
  minutes ? (SMALL * demand) / minutes : 0;
