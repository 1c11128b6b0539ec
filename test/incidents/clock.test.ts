/** An incident from the field: a clock that is wrong by hours or days. The Date header carries AWS's own time. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sayInstant } from '../../src/core/calendar/instant.ts';
import { at, HOUR, MINUTE } from '../support/specs.ts';
import { done, held, openStage, provisionedSpec, type Stage } from './stage.ts';

let stage: Stage;
let existing: string[];
beforeEach(async () => {
  stage = await openStage();
  stage.configure([provisionedSpec()]);
  await stage.past(async () => void (await stage.live('2025-11-21', '2025-11-23')));
  existing = await stage.names();
});
afterEach(() => stage.close());

/** Expects that nothing was created, purged or lowered and that the run failed with this message. Returns the kinds of the held actions. */
async function expectHarmless(
  job: 'rotate' | 'purge' | 'scale',
  time: string,
  message: string,
): Promise<string[]> {
  stage.aws.resetCalls();
  const run = await stage.send(job, { time: `${time}:00Z` });
  expect(run.error).toContain(message);
  expect(held(run).join('\n')).toContain(message);
  // Raises do no harm.
  const raises = done(run).filter((line) => /^raise .* applied$/.test(line));
  expect(done(run)).toEqual(raises);
  const calls = (operation: string): number => stage.aws.calls.get(operation) ?? 0;
  expect(['CreateTable', 'UpdateTable', 'DeleteTable'].map(calls)).toEqual([0, raises.length, 0]);
  expect(await stage.names()).toEqual(existing);
  return [...new Set(run.holds.map(({ kind }) => kind))].sort();
}

describe('20. A clock that is hours or days wrong', () => {
  test.each([
    ['rotate', '2025-12-21'],
    ['purge', '2025-11-24'],
  ] as const)(
    '20. Creates, purges and lowers nothing if %s runs for %s before that time',
    async (job, day) => {
      await expectHarmless(
        job,
        `${day}T03:35`,
        `The run is for ${day} 03:35 UTC, but AWS's clock says 2025-11-23 03:35 UTC. The run is too early.`,
      );
    },
  );

  test('20. Schedules and deletes nothing if purge runs hours late', async () => {
    await stage.run('rotate', '2025-11-24T12:00');
    existing = await stage.names();
    await expectHarmless(
      'purge',
      '2025-11-24T03:35',
      "The run is for 2025-11-24 03:35 UTC, but AWS's clock says 2025-11-24 12:00 UTC. The run is too late.",
    );
  });

  test('20. Creates no old tables if rotate runs weeks late', async () => {
    await expectHarmless(
      'rotate',
      '2025-11-01T03:35',
      "The run is for 2025-11-01 03:35 UTC, but AWS's clock says 2025-11-23 03:35 UTC. The run is too late.",
    );
  });

  describe.each([-26, -3, 3, 26])('20. The machine’s clock is wrong by %i hours', (hours) => {
    /** Sets AWS's clock to an instant, and the machine's clock to a wrong one. Returns the expected message. */
    function off(instant: string): string {
      const right = vi.mocked(Date.now).getMockImplementation() ?? Date.now;
      stage.at(instant);
      vi.mocked(Date.now).mockImplementation(() => right() + hours * HOUR);
      return `This machine's clock says ${sayInstant(at(instant) + hours * HOUR)}, but AWS's clock says ${instant.replace('T', ' ')} UTC. Correct this machine's clock.`;
    }

    test('20. Creates and lowers nothing in rotate', async () => {
      const instant = '2025-11-24T03:30';
      expect(await expectHarmless('rotate', instant, off(instant))).toEqual(['create', 'lower']);
    });

    test('20. Schedules and deletes nothing in purge', async () => {
      const instant = '2025-11-25T03:30';
      await stage.run('rotate', instant);
      existing = await stage.names();
      expect(await expectHarmless('purge', instant, off(instant))).toEqual(['delete', 'schedule-deletion']);
    });

    test('20. Lowers nothing in scale', async () => {
      const instant = '2025-11-23T08:30';
      for (let minute = at('2025-11-23T03:40'); minute < at(instant); minute += MINUTE)
        for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
          stage.aws.recordMetric({ metric, table: 'production.Events.20251123', minute, sum: 60 });
      expect(await expectHarmless('scale', instant, off(instant))).toEqual(['lower']);
    });
  });
});
