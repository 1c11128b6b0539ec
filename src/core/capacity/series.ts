import { MINUTE_MS } from '../calendar/period.ts';
import type { Minute } from './demand.ts';
import type { Learner, Moment, Proposal } from './method.ts';

/** What a method has learned of one dimension of a group, and when it reads metrics again. Times are epoch milliseconds. */
export interface Series<Memory> {
  readonly memory: Memory;
  /** End of the newest minute learned. */
  readonly learnedTo: number;
  /** The next sample is worth its price once the minute before this is known. */
  readonly sampleAt: number;
  /** Number of samples. */
  readonly samples: number;
  /** Minutes learned. */
  readonly age: number;
}

/** The capacity that served in the minute that started at an instant, units per second. */
export type Served = (at: number) => number;

/** Below this share of the capacity, consumption shows that nothing was throttled for want of capacity. */
const THROTTLES_FROM = 0.95;
/** Hot partitions are throttled at low consumption too. More capacity does not help, so that is read once in so many samples. */
const HOT_PARTITIONS_EVERY = 30;

/** Whether it is time for a sample, if minutes up to `to` are known. */
export const isDue = (series: Series<unknown> | undefined, to: number): boolean =>
  series === undefined || to >= series.sampleAt;

/** Whether so much was consumed that some requests may have been throttled. */
export const mayHaveThrottled = (minutes: readonly Minute[], served: Served): boolean =>
  minutes.some(({ at, consumed }) => consumed >= THROTTLES_FROM * served(at));

/** Whether the next sample reads throttles of hot partitions although consumption is low. */
export const seeksHotPartitions = ({ samples }: Series<unknown>): boolean =>
  samples % HOT_PARTITIONS_EVERY === HOT_PARTITIONS_EVERY - 1;

/** After minutes that follow on the known ones; undefined before the first. */
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

/** The method's proposal by what is known up to `to`, epoch milliseconds, and the series after that decision. */
export function decided<Memory>(
  learner: Learner<Memory>,
  series: Series<Memory>,
  moment: Moment,
  to: number,
): { readonly series: Series<Memory>; readonly proposal: Proposal } {
  const { memory, proposal, sampleAgainMs } = learner.decide(series.memory, moment);
  return { series: { ...series, memory, sampleAt: to + sampleAgainMs }, proposal };
}
