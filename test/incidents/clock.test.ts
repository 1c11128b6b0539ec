/** An incident from the field: a clock that is hours or days wrong. AWS's own is its Date header. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sayInstant } from '../../src/core/calendar/instant.ts';
import { at, HOUR, MINUTE } from '../support/specs.ts';
import { done, held, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
let standing: string[];
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec()]);
  await stage.live('2025-11-21', '2025-11-23');
  standing = await stage.names();
});
afterEach(() => stage.close());

/** Nothing was made, purged or lowered, and the run failed with just this. What kinds of action it has held. */
async function harmless(job: 'rotate' | 'purge' | 'scale', time: string, message: string): Promise<string[]> {
  stage.aws.resetCalls();
  const run = await stage.send(job, { time: `${time}:00Z` });
  expect(run.error).toContain(message);
  expect(held(run).join('\n')).toContain(message);
  // What rises does no harm.
  const raises = done(run).filter((line) => /^raise .* applied$/.test(line));
  expect(done(run)).toEqual(raises);
  const calls = (operation: string): number => stage.aws.calls.get(operation) ?? 0;
  expect(['CreateTable', 'UpdateTable', 'DeleteTable'].map(calls)).toEqual([0, raises.length, 0]);
  expect(await stage.names()).toEqual(standing);
  return [...new Set(run.holds.map(({ kind }) => kind))].sort();
}

describe('20. A clock that is hours or days wrong', () => {
  test.each([
    ['rotate', '2025-12-21'],
    ['purge', '2025-11-24'],
  ] as const)('20. Ahead: %s for %s, before its time, makes, purges and lowers nothing', async (job, day) => {
    await harmless(
      job,
      `${day}T03:35`,
      `The run is for ${day} 03:35 UTC, and AWS's clock says 2025-11-23 03:35 UTC: it is not time yet.`,
    );
  });

  test('20. Hours late: purge condemns and deletes nothing', async () => {
    await stage.run('rotate', '2025-11-24T12:00');
    standing = await stage.names();
    await harmless(
      'purge',
      '2025-11-24T03:35',
      "The run is for 2025-11-24 03:35 UTC, and AWS's clock says 2025-11-24 12:00 UTC: it comes too late.",
    );
  });

  test('20. Weeks late: rotate makes no table of long ago', async () => {
    await harmless(
      'rotate',
      '2025-11-01T03:35',
      "The run is for 2025-11-01 03:35 UTC, and AWS's clock says 2025-11-23 03:35 UTC: it comes too late.",
    );
  });

  describe.each([-26, -3, 3, 26])('20. The machine’s own clock is %i hours off', (hours) => {
    /** The machine's clock is off by so much from AWS's own. */
    function off(instant: string): string {
      const right = vi.mocked(Date.now).getMockImplementation() ?? Date.now;
      stage.at(instant);
      vi.mocked(Date.now).mockImplementation(() => right() + hours * HOUR);
      return `This machine's clock says ${sayInstant(at(instant) + hours * HOUR)}, AWS's says ${instant.replace('T', ' ')} UTC: set it right.`;
    }

    test('20. Rotate makes and lowers nothing', async () => {
      const instant = '2025-11-24T03:30';
      expect(await harmless('rotate', instant, off(instant))).toEqual(['create', 'lower']);
    });

    test('20. Purge condemns and deletes nothing', async () => {
      const instant = '2025-11-25T03:30';
      await stage.run('rotate', instant);
      standing = await stage.names();
      expect(await harmless('purge', instant, off(instant))).toEqual(['schedule-deletion', 'delete']);
    });

    test('20. Scale lowers nothing', async () => {
      const instant = '2025-11-23T08:30';
      for (let minute = at('2025-11-23T03:40'); minute < at(instant); minute += MINUTE)
        for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
          stage.aws.recordMetric({ metric, table: 'production.Events.20251123', minute, sum: 60 });
      expect(await harmless('scale', instant, off(instant))).toEqual(['lower']);
    });
  });
});
