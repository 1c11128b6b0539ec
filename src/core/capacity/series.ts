import { DAY_MS, MINUTE_MS } from '../calendar/period.ts';
import type { Dimension, Minute } from './demand.ts';
import type { Learner, Moment, Proposal, Served } from './method.ts';
import { countedAt, type SampleCount, thriftOf } from './sampling-budget.ts';
import { isLow } from './throttles.ts';

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
  /** The samples of about the last day. */
  readonly sampled?: SampleCount;
}

/**
 * Requests are throttled at low consumption too: bursts within a minute, burst capacity that DynamoDB withholds, hot
 * partitions. Metrics cost money, so these throttles are read now and then, for all minutes since the last time: once in this
 * many samples, but not more often than in this time.
 */
const THROTTLES_EVERY = { samples: 5, leastMs: 20 * MINUTE_MS, mostMs: 25 * MINUTE_MS };
/**
 * Once something was throttled at low consumption, the throttles of each minute are read for the first time, and those of each
 * sample for the second one.
 */
const ALERT_MS = 15 * MINUTE_MS;
const WATCHFUL_MS = DAY_MS;

/** Whether a sample is due if minutes up to `to` are known. */
export const isDue = (series: Series<unknown> | undefined, to: number): boolean =>
  series === undefined || to >= series.sampleAt;

/** Start of the newest minute in which requests were throttled although consumption was low; undefined if none were. */
export const hiddenThrottleAt = (
  minutes: readonly Minute[],
  served: Served,
  isThrottled: (at: number) => boolean,
): number | undefined =>
  minutes.findLast((minute) => isThrottled(minute.at) && isLow(minute, served(minute.at)))?.at;

/**
 * The usual samples of half an hour, and what an idle outdated table of the group saves of them, because its throttles are not
 * read. A fifth more metrics than without any reads of throttles is the limit.
 */
const PER_HALF_HOUR = { samples: 6, allowed: 1.2, saved: 0.7 };
const LONGEST_GAP_MS = 5 * MINUTE_MS;

/** When throttles were read and seen, epoch milliseconds. */
interface SeenThrottles {
  /** End of the newest minute whose throttles are known. */
  readonly checkedTo: number;
  /** Start of the newest minute that was throttled at low consumption. */
  readonly throttledAt: number | undefined;
}

/**
 * Whether a sample at `to`, epoch milliseconds, reads throttles although consumption is low. It does after such throttles, and
 * otherwise now and then: the more outdated tables a group has, the more often.
 */
export function seeksThrottles(
  { sampleAt, learnedTo }: Series<unknown>,
  { checkedTo, throttledAt }: SeenThrottles,
  to: number,
  outdated = 0,
): boolean {
  if (throttledAt !== undefined && to - throttledAt <= WATCHFUL_MS) return true;
  const { samples, allowed, saved } = PER_HALF_HOUR;
  const every = Math.ceil(samples / (allowed + saved * outdated)) * LONGEST_GAP_MS;
  const usual = Math.max(THROTTLES_EVERY.leastMs, THROTTLES_EVERY.samples * (sampleAt - learnedTo));
  return to - checkedTo >= Math.min(every, usual, THROTTLES_EVERY.mostMs);
}

/** Whether the throttles of each minute are read, because some were seen at `throttledAt`. Epoch milliseconds. */
export const isAlert = (throttledAt: number | undefined, to: number): boolean =>
  throttledAt !== undefined && to - throttledAt <= ALERT_MS;

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
  const samples = (known?.samples ?? 0) + 1;
  return { memory, learnedTo, sampleAt: learnedTo, samples, age, ...sampledIn(known) };
}

const sampledIn = (known: Series<unknown> | undefined): Pick<Series<unknown>, 'sampled'> =>
  known?.sampled ? { sampled: known.sampled } : {};

/** The method's proposal, based on what is known up to `to`, epoch milliseconds, and the series after that decision. */
export function decided<Memory>(
  learner: Learner<Memory>,
  series: Series<Memory>,
  moment: Moment,
  to: number,
  dimension: Dimension,
): { readonly series: Series<Memory>; readonly proposal: Proposal } {
  const sampled = countedAt(series.sampled, to, moment.provisioned);
  const thrift = thriftOf(sampled, dimension);
  const { memory, proposal, sampleAgainMs } = learner.decide(series.memory, { ...moment, thrift });
  return { series: { ...series, memory, sampleAt: to + sampleAgainMs, sampled }, proposal };
}
