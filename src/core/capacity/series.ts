import { MINUTE_MS } from '../calendar/period.ts';
import type { Minute } from './demand.ts';
import type { Learner, Moment, Proposal } from './method.ts';

/** What a method has learned of one dimension of a group, and when it reads metrics again. Times are epoch milliseconds. */
export interface Series<Memory> {
  readonly memory: Memory;
  /** End of the newest minute learned. */
  readonly learnedTo: number;
  /** The next sample is due when the minutes up to this instant are known. */
  readonly sampleAt: number;
  /** Number of samples. */
  readonly samples: number;
  /** Minutes learned. */
  readonly age: number;
}

/** The capacity that served in the minute that started at an instant, units per second. */
export type Served = (at: number) => number;

/** If consumption is below this share of the capacity, nothing was throttled because of too little capacity. */
const THROTTLES_FROM = 0.95;
/**
 * Hot partitions are throttled at low consumption too. More capacity does not help, so these throttles are read only
 * once in this many samples.
 */
const HOT_PARTITIONS_EVERY = 30;

/** Whether a sample is due if minutes up to `to` are known. */
export const isDue = (series: Series<unknown> | undefined, to: number): boolean =>
  series === undefined || to >= series.sampleAt;

/** Whether consumption was high enough that requests might have been throttled. */
export const mayHaveThrottled = (minutes: readonly Minute[], served: Served): boolean =>
  minutes.some(({ at, consumed }) => consumed >= THROTTLES_FROM * served(at));

/** Whether the next sample reads throttles of hot partitions although consumption is low. */
export const seeksHotPartitions = ({ samples }: Series<unknown>): boolean =>
  samples % HOT_PARTITIONS_EVERY === HOT_PARTITIONS_EVERY - 1;

/** The series after minutes that follow the known ones. undefined before the first minute. */
export function learned<Memory>(
  learner: Learner<Memory>,
  known: Series<Memory> | undefined,
  minutes: readonly Minute[],
  served: Served,
): Series<Memory> | undefined {
  const [first] = minutes;
  if (!first) return known;
  let memory = known?.memory ?? learner.begin(served(first.at));
  for (const minute of minutes) memory = learner.learn(memory, minute, served(minute.at));
  const learnedTo = minutes.at(-1)!.at + MINUTE_MS;
  const age = (known?.age ?? 0) + minutes.length;
  return { memory, learnedTo, sampleAt: learnedTo, samples: (known?.samples ?? 0) + 1, age };
}

/** The method's proposal, based on what is known up to `to`, epoch milliseconds, and the series after that decision. */
export function decided<Memory>(
  learner: Learner<Memory>,
  series: Series<Memory>,
  moment: Moment,
  to: number,
): { readonly series: Series<Memory>; readonly proposal: Proposal } {
  const { memory, proposal, sampleAgainMs } = learner.decide(series.memory, moment);
  return { series: { ...series, memory, sampleAt: to + sampleAgainMs }, proposal };
}
