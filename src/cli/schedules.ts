import cron, { type ScheduledTask } from 'node-cron';
import { DAY_MS, MINUTE_MS } from '../core/calendar/period.ts';
import type { Job } from '../core/plan.ts';

/** The schedules of serverless.yml, in UTC. */
export const schedules: Readonly<Record<Job, string>> = {
  rotate: '5,50,54 * * * *',
  purge: '35 3 * * *',
  scale: '* * * * *',
};

/** A run that is due. Times are epoch milliseconds. */
export interface Due {
  readonly scheduledAt: number;
  /** The instant to run for. A late run is for the present minute, because its event would be too old. */
  readonly at: number;
  readonly isLate: boolean;
}

/** A timer is rarely more exact. */
const PUNCTUAL_MS = 1000;

/**
 * Starts a job's schedule. By default, node-cron drops a run that is more than a second late, for example after the
 * machine slept. Here, what was missed is run once, as soon as the process continues.
 */
export function schedule(job: Job, run: (due: Due) => Promise<void>): ScheduledTask {
  const tick = ({ date }: { readonly date: Date }): Promise<void> => {
    const scheduledAt = date.getTime();
    const now = Date.now();
    const isLate = now - scheduledAt > PUNCTUAL_MS;
    const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    return run({ scheduledAt, at: isLate ? Math.max(scheduledAt, minute) : scheduledAt, isLate });
  };
  // node-cron 4.6.0 rounds the time in the zone of the process, whatever its `timezone` is. If summer time ends there, it
  // would pause for an hour and use a whole processor.
  process.env.TZ = 'UTC';
  return cron.schedule(schedules[job], tick, {
    name: job,
    timezone: 'UTC',
    noOverlap: true,
    // No schedule has longer gaps. Of several missed runs, node-cron then runs the newest.
    missedExecutionTolerance: DAY_MS,
    suppressMissedWarning: true,
  });
}
