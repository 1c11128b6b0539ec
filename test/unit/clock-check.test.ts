import { describe, expect, it } from 'vitest';
import { faultFrom, timeFault, withoutRisks } from '../../src/core/guards/clock-check.ts';
import { jobs } from '../../src/core/jobs.ts';
import type { Action, Job } from '../../src/core/plan.ts';
import { runJob } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { sayResults } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');

describe('the time of a run', () => {
  it.each<[string, Job, { run?: number; machine?: number }, RegExp | undefined]>([
    ['is right if all clocks agree', 'purge', {}, undefined],
    ['is right if they differ by minutes', 'rotate', { run: 5 * MINUTE, machine: -5 * MINUTE }, undefined],
    [
      'is wrong if the machine is ahead',
      'rotate',
      { machine: 5 * MINUTE + 1 },
      /^This machine's clock says .* Correct this machine's clock\.$/,
    ],
    [
      'is wrong if the machine is days behind',
      'scale',
      { machine: -3 * DAY },
      /^This machine's clock says 2026-11-18 12:00 UTC, but AWS's clock says 2026-11-21 12:00 UTC/,
    ],
    ['is wrong if it is in the future', 'purge', { run: HOUR }, /The run is too early\.$/],
    ['is right if rotate is a day late', 'rotate', { run: -DAY }, undefined],
    ['is wrong if rotate is two days late', 'rotate', { run: -2 * DAY }, /The run is too late\.$/],
    ['is right if purge is retried', 'purge', { run: -2 * HOUR }, undefined],
    ['is wrong if purge is a moment later than that', 'purge', { run: -2 * HOUR - 1 }, /is too late\.$/],
    ['is wrong if it is a moment too early', 'rotate', { run: 5 * MINUTE + 1 }, /too early\.$/],
    ['is wrong if purge is replayed a day later', 'purge', { run: -DAY }, /The run is too late\.$/],
  ])('%s', (_, job, { run = 0, machine = 0 }, fault) => {
    const said = timeFault(jobs[job].oldestEventMs, {
      run: NOON + run,
      machine: NOON + machine,
      service: NOON,
    });
    if (fault) expect(said).toMatch(fault);
    else expect(said).toBeUndefined();
  });
});

describe('the fault of a time', () => {
  const faultOf = (aheadMs: number) => (aheadMs > 5 * MINUTE ? `off by ${aheadMs}` : undefined);

  it.each<[string, number[], { message: string; certain: boolean } | undefined]>([
    ['is unknown before the first answer', [], undefined],
    ['is absent if all answers agree', [0, MINUTE], undefined],
    ['is uncertain after one answer', [HOUR], { message: `off by ${HOUR}`, certain: false }],
    [
      'is uncertain if another answer disagrees',
      [0, HOUR, HOUR],
      { message: `off by ${HOUR}`, certain: false },
    ],
    ['is uncertain if the last answer disagrees', [HOUR, 0], { message: `off by ${HOUR}`, certain: false }],
    ['is certain if two answers agree', [HOUR, HOUR], { message: `off by ${HOUR}`, certain: true }],
  ])('%s', (_, readings, fault) => {
    expect(faultFrom(readings, faultOf)).toEqual(fault);
  });
});

describe('20. a wrong clock', () => {
  const config = configOf([specOf()]);
  const runAhead = (job: Job, world: World, aheadMs: number) => {
    const ports = world.ports();
    const now = world.clock.now() + aheadMs;
    const clock = {
      now: () => now,
      sleep: ports.clock.sleep.bind(world.clock),
      aheadMs: () => [aheadMs, aheadMs],
    };
    return runJob(job, config, { ...ports, clock }, now, { owner: `${job} ${aheadMs}` });
  };

  it.each([3 * HOUR, 2 * DAY, -2 * DAY])(
    'creates nothing, purges nothing, and says so if it is %i ms ahead',
    async (aheadMs) => {
      const world = new World(NOON);
      const made = await runAhead('rotate', world, aheadMs);
      expect(world.names()).toEqual([]);
      expect([made.outcome, made.results]).toEqual(['failed', []]);
      expect(new Set(made.holds.map(({ reason }) => reason))).toEqual(new Set(['clock-wrong']));
      expect(sayResults(await runAhead('rotate', world, 0))).toHaveLength(2);
      for (let day = 1; day < 3; day += 1) {
        world.clock.moveTo(NOON + day * DAY);
        await runAhead('rotate', world, 0);
      }
      const purged = await runAhead('purge', world, Math.abs(aheadMs));
      expect(purged.results).toEqual([]);
      expect(purged.outcome).toBe('failed');
      expect(await world.ports().state.scheduledDeletions()).toEqual([]);
    },
  );

  it('lowers nothing', async () => {
    const world = new World(NOON);
    await runAhead('rotate', world, 0);
    world.clock.moveTo(NOON + HOUR);
    const lowered = await runAhead('rotate', world, 13 * HOUR);
    expect(lowered.results.filter(({ action }) => action.kind === 'lower')).toEqual([]);
    expect(lowered.holds.map(({ kind, reason }) => `${kind} ${reason}`)).toContain('create clock-wrong');
  });

  it('lowers nothing in the same action as a raise', () => {
    const change = { from: { read: 5, write: 5 }, to: { read: 2, write: 9 } };
    const action: Action = {
      job: 'scale',
      kind: 'raise',
      group: 'Events',
      table: 'production.Events.20261121',
      reason: 'warm-up',
      message: 'Its period begins soon.',
      changes: [change],
    };
    const { actions, holds } = withoutRisks(
      { actions: [action], holds: [] },
      { message: 'A wrong clock.', certain: true },
    );
    expect(actions).toMatchObject([{ kind: 'raise', changes: [{ ...change, to: { read: 5, write: 9 } }] }]);
    expect(holds.map(({ kind, reason, message }) => `${kind} ${reason} ${message}`)).toEqual([
      'lower clock-wrong Decrease held: reads 5 → 2. A wrong clock.',
    ]);
  });
});
