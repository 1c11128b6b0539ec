/** An incident from the field: a clock that is hours or days wrong. AWS's own is its Date header. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sayInstant } from '../../src/core/calendar/instant.ts';
import { at, HOUR } from '../support/specs.ts';
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

const changing = ['CreateTable', 'UpdateTable', 'DeleteTable'];

/** Nothing was made, purged or lowered, and the run failed with just this. */
async function harmless(job: 'rotate' | 'purge' | 'scale', time: string, message: string): Promise<void> {
  stage.aws.resetCalls();
  const run = await stage.send(job, { time: `${time}:00Z` });
  expect(run.error).toContain(message);
  expect(held(run).join('\n')).toContain(message);
  expect(done(run)).toEqual([]);
  expect([...stage.aws.calls.keys()].filter((operation) => changing.includes(operation))).toEqual([]);
  expect(await stage.names()).toEqual(standing);
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

  test.each([-26, -3, 3, 26])('20. The machine’s own clock is %i hours off', async (hours) => {
    const now = '2025-11-25T03:30';
    const message = `This machine's clock says ${sayInstant(at(now) + hours * HOUR)}, AWS's says 2025-11-25 03:30 UTC: set it right.`;
    const right = vi.mocked(Date.now).getMockImplementation() ?? Date.now;
    const clock = (aheadMs: number) => vi.mocked(Date.now).mockImplementation(() => right() + aheadMs);
    await stage.run('scale', now);
    clock(hours * HOUR);
    await harmless('rotate', now, message);
    clock(0);
    await stage.run('rotate', now);
    standing = await stage.names();
    clock(hours * HOUR);
    await harmless('purge', now, message);
  });
});
