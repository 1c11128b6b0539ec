import type { ScheduledTask } from 'node-cron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Due, schedule } from '../../src/cli/schedules.ts';
import type { Job } from '../../src/core/plan.ts';
import { at, HOUR, MINUTE } from '../support/specs.ts';

const tasks: ScheduledTask[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  for (const task of tasks.splice(0)) await task.destroy();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function started(job: Job, now: string): Due[] {
  vi.setSystemTime(at(now));
  const runs: Due[] = [];
  tasks.push(
    schedule(job, async (due) => {
      runs.push(due);
    }),
  );
  return runs;
}

/** Suspends the process: the clock goes on, and no timer fires. */
const suspend = (durationMs: number): void => {
  vi.setSystemTime(Date.now() + durationMs);
};

describe('the daemon', () => {
  it('runs a job on time for its scheduled instant', async () => {
    const runs = started('purge', '2026-11-21T03:34:50');
    await vi.advanceTimersByTimeAsync(MINUTE);
    const due = at('2026-11-21T03:35');
    expect(runs).toEqual([{ scheduledAt: due, at: due, isLate: false }]);
  });

  it.each<[string, number, string]>([
    ['four seconds', 4_000, '2026-11-21T03:35'],
    ['three hours', 3 * HOUR, '2026-11-21T06:35'],
  ])('runs the daily purge late if the process was suspended for %s', async (_, durationMs, instant) => {
    const runs = started('purge', '2026-11-21T03:34:50');
    suspend(durationMs);
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(runs).toEqual([{ scheduledAt: at('2026-11-21T03:35'), at: at(instant), isLate: true }]);
  });

  it('runs what was missed once, and then on schedule', async () => {
    const runs = started('scale', '2026-11-21T09:00:30');
    suspend(20 * MINUTE);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(runs.map((run) => new Date(run.at).toISOString().slice(11, 16))).toEqual(['09:21', '09:22']);
  });

  it('runs rotate before midnight, although the process was suspended at its time', async () => {
    const runs = started('rotate', '2026-11-21T23:53');
    suspend(5 * MINUTE);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
    expect(runs).toMatchObject([{ scheduledAt: at('2026-11-21T23:54'), isLate: true }]);
  });

  it('runs every minute while summer time ends where the machine is', async () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    expect(new Date(at('2026-10-25T00:30')).getHours()).toBe(2);
    const runs = started('scale', '2026-10-25T00:29:59');
    await vi.advanceTimersByTimeAsync(2 * HOUR);
    expect(runs).toHaveLength(120);
    expect(runs.at(-1)!.at - runs[0]!.at).toBe(119 * MINUTE);
  });
});
