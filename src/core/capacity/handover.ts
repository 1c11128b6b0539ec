import { MINUTE_MS } from '../calendar/period.ts';
import { isTurn } from '../calendar/spread.ts';
import type { Units } from '../spec.ts';
import { type Dimension, LATE_MS } from './demand.ts';

/**
 * The tables of a rotated group follow each other: the upcoming table gets the current table's capacity, and a table whose
 * period has ended is lowered once its traffic has stopped.
 */

/**
 * An upcoming table is raised this long before its period: a raise takes two minutes, and burst capacity is full after five.
 */
const HANDOVER_MS = 7 * MINUTE_MS;
/**
 * If the table needs more than a new table serves at once, DynamoDB has to split partitions first. AWS says only that such a raise can take
 * several minutes or more, so this is cautious: until then, the table serves what it had.
 */
export const LONGEST_HANDOVER_MS = 20 * MINUTE_MS;
/** Capacity units per second that a new table serves at once: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html */
const SERVED_AT_ONCE: Units = { read: 12_000, write: 4_000 };
/**
 * A table whose period has ended is lowered when its metrics show no traffic for so long that the datapoint of the first of these
 * minutes is no longer late.
 */
export const DRAINED_MINUTES = LATE_MS / MINUTE_MS;

/** How long before its period an upcoming table gets `units`, milliseconds. */
export const handoverMs = ({ read, write }: Units): number =>
  read > SERVED_AT_ONCE.read || write > SERVED_AT_ONCE.write ? LONGEST_HANDOVER_MS : HANDOVER_MS;

/** Below this capacity, units per second, a decrease for some minutes saves less than another change of a table is worth. */
const WORTH_A_DECREASE = 100;

/**
 * What a table of `units` keeps at the end of its period, until its traffic is known to have stopped. With the part of its burst
 * capacity that may be relied on, from 0 to 1, that serves late clients for five minutes, even if all are late.
 */
export const keptAtEnd = (units: number, reliance: number): number =>
  units < WORTH_A_DECREASE ? units : Math.ceil(units / (1 + reliance));

/**
 * A table is sampled every minute just after its period has ended, because it is about to be lowered, and clients can be late.
 */
const JUST_ENDED_MS = 15 * MINUTE_MS;
const DRAINING_EVERY_MINUTES = 5;

/**
 * Whether a draining table is sampled in the minute of `now`, unless it is throttled. The longer ago its period ended, the
 * fewer samples, because metrics cost money. Groups have minutes of their own, so that no minute has all of them.
 */
export const samplesDraining = (group: string, endedForMs: number, now: number): boolean =>
  endedForMs < JUST_ENDED_MS || isTurn(group, DRAINING_EVERY_MINUTES, now);

/** Metrics cost money, so an outdated table is sampled only every tenth minute. */
const OUTDATED_EVERY_MINUTES = 10;
/** If its group is one series, it is sampled less often, and its writes rarely, because late clients have written by then. */
export const OUTDATED_SERIES_EVERY_MINUTES = { read: 30, write: 180 };

/** Whether the reads or writes of an outdated table are sampled in the minute of `now`, unless it is throttled. */
export const samplesOutdated = (
  group: string,
  endedForMs: number,
  isOneSeries: boolean,
  now: number,
  dimension: Dimension = 'read',
): boolean => {
  const every = isOneSeries ? OUTDATED_SERIES_EVERY_MINUTES[dimension] : OUTDATED_EVERY_MINUTES;
  return endedForMs < JUST_ENDED_MS || isTurn(group, every, now);
};

/** Whether the traffic of a table whose period has ended has stopped, after a number of minutes without any. */
export const isDrained = (idleMinutes: number): boolean => idleMinutes >= DRAINED_MINUTES;

/**
 * Newer datapoints of the group than this show that CloudWatch delivers its metrics: samples are up to five minutes apart, and the newest
 * datapoint is up to two minutes old.
 */
const RECENT_MS = 7 * MINUTE_MS;

/** Whether the newest datapoint of a group that has been read shows at `now` that CloudWatch delivers its metrics. Epoch milliseconds. */
export const showsDelivery = (dataUntil: number, now: number): boolean => now - dataUntil < RECENT_MS;
