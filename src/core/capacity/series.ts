import { MINUTE_MS } from '../calendar/period.ts';
import type { Minute } from './demand.ts';
import type { Learner, Moment, Proposal } from './method.ts';

/** What a method has learned of one dimension of a group, and when it wants to look again. Epoch milliseconds. */
export interface Series<Memory> {
  readonly memory: Memory;
  /** End of the newest minute learned. */
  readonly learnedTo: number;
  /** A look is worth its price once the minute before this has become known. */
  readonly sampleAt: number;
  readonly looks: number;
  /** Minutes learned. */
  readonly age: number;
}

/** Capacity that served in the minute that began at an instant, units per second. */
export type Served = (at: number) => number;

/** Where consumption stayed below this share of the capacity, nothing can have been throttled for want of it. */
const THROTTLES_FROM = 0.95;
/** Below it only a hot partition is throttled, which capacity does not cure: worth a look as rarely as this. */
const HOT_PARTITIONS_EVERY = 30;

/** Whether to look, where minutes up to `to` are known. */
export const isDue = (series: Series<unknown> | undefined, to: number): boolean =>
  series === undefined || to >= series.sampleAt;

/** Whether so much was consumed that some may have been throttled. */
export const mayHaveThrottled = (minutes: readonly Minute[], served: Served): boolean =>
  minutes.some(({ at, consumed }) => consumed >= THROTTLES_FROM * served(at));

/** Whether this look asks for throttles of hot partitions too. */
export const seeksHotPartitions = ({ looks }: Series<unknown>): boolean =>
  looks % HOT_PARTITIONS_EVERY === HOT_PARTITIONS_EVERY - 1;

/** What is known after the given minutes, which follow on what is known; undefined before there is any. */
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
  return { memory, learnedTo, sampleAt: learnedTo, looks: (known?.looks ?? 0) + 1, age };
}

/** What the method would have with what is known up to `to`, and what is known after it has decided. */
export function decided<Memory>(
  learner: Learner<Memory>,
  series: Series<Memory>,
  moment: Moment,
  to: number,
): { readonly series: Series<Memory>; readonly proposal: Proposal } {
  const { memory, proposal, sampleAgainMs } = learner.decide(series.memory, moment);
  return { series: { ...series, memory, sampleAt: to + sampleAgainMs }, proposal };
}
