import { DAY_MS, HOUR_MS, MINUTE_MS } from './calendar/period.ts';
import type { SeenKind } from './facts.ts';
import type { Job } from './plan.ts';

/** What a job is. */
interface JobTraits {
  /** What the job reads from the state table before it plans. Every job reads the suspensions. */
  readonly reads: {
    /** `to-cancel`: a run goes on if they cannot be read. */
    readonly scheduledDeletions: 'to-delete' | 'to-cancel' | 'not';
    readonly memories: boolean;
    /** The retention that purge last applied. */
    readonly retentions: boolean;
    /** The mark of a closed environment. Scale reads it only if a current table is missing. */
    readonly closing: boolean;
  };
  /**
   * The age up to which the job carries out an event in full, in milliseconds. No scheduled run is later, even with
   * retries.
   */
  readonly oldestEventMs: number;
  /** Whether it may run without a lease. It then only creates missing tables and raises capacity. */
  readonly runsWithoutLease: boolean;
  /**
   * Whether it acts on tables that are known while others are still being read. Purge does not, because its caps count
   * all tables.
   */
  readonly actsWhileReading: boolean;
  /**
   * Whether the job decides by current demand. Its changes then give way to those of other jobs. If the table is busy,
   * a change is dropped, because the next run decides again.
   */
  readonly followsDemand: boolean;
  /** The record in which it stores which tags it has seen. Purge stores only those that permit nothing. */
  readonly seenKind: SeenKind;
  /** Whether it stores since when it has seen tables in another status than ACTIVE, and which raises it has sent. */
  readonly remembers: boolean;
  /** Whether it stores since when it has seen that changes of tables do not reach a consumer. */
  readonly remembersConsumers: boolean;
  /**
   * For how long a hold that a run does not have still counts as open in the history, in milliseconds. Scale reads the metrics
   * of a table only every few minutes, and other runs have no decision on it.
   */
  readonly holdsLingerMs: number;
}

/** Every job, in the order in which a plan of several jobs asks them. How each one plans is in planners.ts. */
export const jobs: Readonly<Record<Job, JobTraits>> = {
  rotate: {
    reads: { scheduledDeletions: 'to-cancel', memories: true, retentions: false, closing: true },
    oldestEventMs: DAY_MS,
    runsWithoutLease: true,
    actsWhileReading: true,
    followsDemand: false,
    seenKind: 'ownership',
    remembers: false,
    remembersConsumers: true,
    holdsLingerMs: 0,
  },
  purge: {
    reads: { scheduledDeletions: 'to-delete', memories: false, retentions: true, closing: true },
    // A deletion scheduled in the past would shorten the waiting period.
    oldestEventMs: 2 * HOUR_MS,
    runsWithoutLease: false,
    actsWhileReading: false,
    followsDemand: false,
    seenKind: 'unmanaged',
    remembers: false,
    remembersConsumers: false,
    holdsLingerMs: 0,
  },
  scale: {
    reads: { scheduledDeletions: 'not', memories: true, retentions: false, closing: false },
    oldestEventMs: DAY_MS,
    runsWithoutLease: false,
    actsWhileReading: true,
    followsDemand: true,
    seenKind: 'ownership',
    remembers: true,
    remembersConsumers: false,
    holdsLingerMs: 15 * MINUTE_MS,
  },
};

export const allJobs = Object.keys(jobs) as readonly Job[];
