/** When each job last succeeded, as far as runs have stored it. */
import { HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import type { RunRecord } from '../facts.ts';
import { TOLERATED_MS } from '../guards/clock-check.ts';
import type { Hold, Job } from '../plan.ts';
import { isRecordDue, standingAfter } from './standing-holds.ts';

/** By job. A job without a record has not run yet. */
export type RunRecords = ReadonlyMap<string, RunRecord>;

/** If scale has not run for so long, the lateness of all jobs starts at 0 again. */
const LONGEST_PAUSE_MS = HOUR_MS;
/** Scale writes its record at most so often if nothing else changes, because it runs every minute. */
const REFRESH_MS = 10 * MINUTE_MS;

/** A run that has just ended. `at`: epoch milliseconds of the wall clock. */
interface Ended {
  readonly job: Job;
  readonly succeeded: boolean;
  readonly holds: readonly Hold[];
  readonly at: number;
}

/** The record of a job after a run. */
export function recordAfter({ job, succeeded, holds, at }: Ended, records: RunRecords): RunRecord {
  const known = records.get(job);
  const succeededAt = succeeded ? at : past(known?.succeededAt, at);
  return {
    ...(succeededAt !== undefined && { succeededAt }),
    ...(job === 'scale' && { watched: { since: watchedSince(records, at), until: at } }),
    holds: standingAfter(job, known?.holds ?? [], holds, at),
  };
}

/** A time of a record; undefined if it is in the future, because a clock was wrong. */
const past = (time: number | undefined, at: number): number | undefined =>
  time !== undefined && time <= at + TOLERATED_MS ? time : undefined;

/** Since when scale has run without a long pause: this run, if it is the first one. */
function watchedSince(records: RunRecords, at: number): number {
  const { since = at, until = -Infinity } = records.get('scale')?.watched ?? {};
  return past(until, at) !== undefined && at - until <= LONGEST_PAUSE_MS ? Math.min(since, at) : at;
}

/** Whether a record has to be written. Rotate and purge write it whenever they succeed. */
export function isDue(job: Job, known: RunRecord | undefined, after: RunRecord): boolean {
  if (!known || isRecordDue(job, known.holds, after.holds)) return true;
  if (job !== 'scale') return after.succeededAt !== known.succeededAt;
  const isOld = (before = 0, now = 0): boolean => Math.abs(now - before) >= REFRESH_MS;
  return isOld(known.succeededAt, after.succeededAt) || isOld(known.watched?.until, after.watched?.until);
}

/** Time since a job last succeeded, in milliseconds, counted from when scale has watched it. */
export function msSinceSuccess(job: Job, records: RunRecords, at: number): number {
  const succeededAt = past(records.get(job)?.succeededAt, at) ?? -Infinity;
  return Math.max(0, at - Math.max(succeededAt, watchedSince(records, at)));
}
