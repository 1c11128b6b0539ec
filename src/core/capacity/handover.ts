import { MINUTE_MS } from '../calendar/period.ts';
import type { Units } from '../spec.ts';

/**
 * The tables of a rotated group follow each other: the coming one takes over at what the current one has, and a
 * finished one is lowered once its traffic is gone.
 */

/** The coming table stands ready so long before its period: a raise takes minutes, and five fill its burst capacity. */
const HANDOVER_MS = 8 * MINUTE_MS;
/** Beyond what a new table serves at once DynamoDB has to split partitions first, which takes a while. */
export const LONGEST_HANDOVER_MS = 20 * MINUTE_MS;
/** Capacity units per second that a new table serves at once: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html */
const SERVED_AT_ONCE: Units = { read: 12_000, write: 4_000 };
/** A finished table is lowered when it has had no traffic for so many minutes that have been seen. */
const DRAINED_MINUTES = 5;

/** How long before its period a table takes over `units`, milliseconds. */
export const handoverMs = ({ read, write }: Units): number =>
  read > SERVED_AT_ONCE.read || write > SERVED_AT_ONCE.write ? LONGEST_HANDOVER_MS : HANDOVER_MS;

/** A table that is just over is looked at every minute at first, for it is about to be lowered. */
const JUST_OVER_MS = 15 * MINUTE_MS;
const DRAINING_EVERY_MINUTES = 5;

/** Whether a table that drains is looked at in the minute of `now`, so long after its period. Metrics cost money. */
export const samplesDraining = (overForMs: number, now: number): boolean =>
  overForMs < JUST_OVER_MS || Math.floor(now / MINUTE_MS) % DRAINING_EVERY_MINUTES === 0;

/** Whether the traffic of a finished table is gone, after so many minutes without any. */
export const isDrained = (idleMinutes: number): boolean => idleMinutes >= DRAINED_MINUTES;
