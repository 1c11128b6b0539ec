import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/facts.ts';
import { isDue, msSinceSuccess, recordAfter } from '../../src/core/metrics/run-records.ts';
import type { Hold, Job } from '../../src/core/plan.ts';
import { at, DAY, HOUR, MINUTE } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const held = (reason: Hold['reason'], more: Partial<Hold> = {}): Hold => ({
  ...{ job: 'purge', group: 'Events', table: 'production.Events.20261101', kind: 'delete', message: '' },
  ...{ reason, ...more },
});

/** Runs of jobs in turn, each with its outcome, and the records that they leave. */
function runs(...steps: readonly [job: Job, time: number, succeeded: boolean, holds?: readonly Hold[]][]) {
  let records: ReadonlyMap<string, RunRecord> = new Map();
  let writes = 0;
  for (const [job, time, succeeded, holds = []] of steps) {
    const after = recordAfter({ job, succeeded, holds, at: time }, records);
    if (!isDue(job, records.get(job), after)) continue;
    writes += 1;
    records = new Map([...records, [job, after]]);
  }
  return { records, writes };
}

const everyMinute = (from: number, minutes: number, succeeded = true) =>
  Array.from({ length: minutes }, (_, i) => ['scale', from + i * MINUTE, succeeded] as const).map(
    ([job, time, done]): [Job, number, boolean] => [job, time, done],
  );

describe('the time since a job succeeded', () => {
  it('starts at 0 with the first run of scale, if the job has never run', () => {
    const { records } = runs(...everyMinute(NOON, 121));
    expect(msSinceSuccess('purge', records, NOON)).toBe(0);
    expect(msSinceSuccess('purge', records, NOON + 2 * HOUR)).toBe(2 * HOUR);
  });

  it('counts from the last success, not from a failure', () => {
    const { records } = runs(
      ...everyMinute(NOON, 10),
      ['rotate', NOON + 5 * MINUTE, true],
      ['rotate', NOON + 8 * MINUTE, false],
    );
    expect(msSinceSuccess('rotate', records, NOON + 10 * MINUTE)).toBe(5 * MINUTE);
  });

  it('starts again after a pause of scale, so that a stack that is deployed again is not late', () => {
    const before = runs(['scale', NOON - 30 * DAY, true], ['purge', NOON - 30 * DAY, true]).records;
    expect(msSinceSuccess('purge', before, NOON)).toBe(0);
    const after = recordAfter({ job: 'scale', succeeded: true, holds: [], at: NOON }, before);
    expect(after.watched).toEqual({ since: NOON, until: NOON });
  });

  it('goes on if scale itself only fails', () => {
    const { records } = runs(['rotate', NOON, true], ...everyMinute(NOON, 300, false));
    expect(msSinceSuccess('rotate', records, NOON + 300 * MINUTE)).toBe(300 * MINUTE);
    expect(msSinceSuccess('scale', records, NOON + 300 * MINUTE)).toBe(300 * MINUTE);
  });

  it('ignores a success in the future, which a wrong clock has stored', () => {
    const records = new Map<string, RunRecord>([
      ['rotate', { succeededAt: NOON + DAY, holds: [] }],
      ['scale', { watched: { since: NOON - 2 * HOUR, until: NOON }, holds: [] }],
    ]);
    expect(msSinceSuccess('rotate', records, NOON)).toBe(2 * HOUR);
  });
});

describe('a record', () => {
  it('is written by scale every ten minutes if nothing changes, and by rotate after each success', () => {
    expect(runs(...everyMinute(NOON, 60)).writes).toBe(6);
    expect(runs(['rotate', NOON, true], ['rotate', NOON + HOUR, true]).writes).toBe(2);
  });

  it('has the first time of an unrequested hold, and no requested one', () => {
    const keep = held('keep-tag', { table: 'production.Events.20261102' });
    const accepted = held('bounds', { shortage: { cause: 'refused', since: '', accepted: true } });
    const { records } = runs(
      ['purge', NOON, true, [held('in-use'), keep, held('suspended'), accepted]],
      ['purge', NOON + DAY, true, [held('in-use', { message: 'other figures' }), keep]],
    );
    expect(records.get('purge')?.holds).toEqual([
      {
        ...{ group: 'Events', table: 'production.Events.20261101', kind: 'delete', reason: 'in-use' },
        ...{ since: NOON, seen: NOON + DAY },
      },
    ]);
  });

  it('keeps a hold that scale sees only now and then, until it has not seen it for hours', () => {
    const seen = held('bounds', { job: 'scale', kind: 'raise' });
    const holdsAfter = (hours: number) =>
      runs(['scale', NOON, true, [seen]], ...everyMinute(NOON + MINUTE, hours * 60)).records.get('scale')
        ?.holds;
    expect(holdsAfter(3)).toMatchObject([{ since: NOON }]);
    expect(holdsAfter(5)).toEqual([]);
  });

  it('loses a hold of purge with the next run that does not have it', () => {
    const { records } = runs(['purge', NOON, true, [held('in-use')]], ['purge', NOON + DAY, true]);
    expect(records.get('purge')?.holds).toEqual([]);
  });

  it('has at most 500 holds, the oldest ones', () => {
    const many = (from: number) =>
      Array.from({ length: 400 }, (_, i) => held('in-use', { table: `production.Events.${from + i}` }));
    const { records } = runs(
      ['purge', NOON, true, many(0)],
      ['purge', NOON + DAY, true, [...many(0), ...many(400)]],
    );
    const holds = records.get('purge')?.holds ?? [];
    expect(holds).toHaveLength(500);
    expect(holds.filter(({ since }) => since === NOON)).toHaveLength(400);
  });
});
