import { describe, expect, it } from 'vitest';
import type { Suspension } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { saySuspension, withoutDecreases } from '../../src/core/guards/suspensions.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Action, Draft } from '../../src/core/plan.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { fleetStatus } from '../../src/jobs/status.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { confirmAll, run, sayDraft, sayResults, wanted } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const name = (day: number): string => `production.Events.202611${day}`;

describe('a suspension', () => {
  it.each<[Suspension, string]>([
    [{ what: 'purging', since: 0 }, 'Purging is suspended.'],
    [{ what: 'lowering', since: 0, until: NOON }, 'Lowering is suspended until 2026-11-21 12:00 UTC.'],
    [
      { what: 'purging', since: 0, until: NOON, reason: 'Audit until Monday.' },
      'Purging is suspended until 2026-11-21 12:00 UTC: Audit until Monday.',
    ],
  ])('describes itself: %o', (stop, scheduled) => {
    expect(saySuspension(stop)).toBe(scheduled);
  });
});

describe('suspended purging', () => {
  const config = configOf([specOf()]);
  const withScheduledDeletion = async (): Promise<World> => {
    const world = new World(NOON);
    await confirmAll(config, world);
    for (let day = 0; day < 3; day += 1) {
      world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
    }
    await run('purge', config, world);
    world.clock.moveTo(NOON + 3 * DAY);
    await run('rotate', config, world);
    return world;
  };

  it('schedules and deletes nothing, and starts a new waiting period when it resumes', async () => {
    const world = await withScheduledDeletion();
    const { state } = world.ports();
    await state.suspend({ what: 'purging', since: world.clock.now(), reason: 'audit' });
    const suspended = await run('purge', config, world);
    expect(sayResults(suspended)).toEqual([`cancel-deletion ${name(21)}: applied`]);
    expect(suspended.outcome).toBe('done');
    expect(suspended.holds.map(({ reason, message }) => [reason, message])).toEqual([
      ['suspended', 'Retention ended at 2026-11-23 00:00 UTC. Purging is suspended: audit.'],
      ['suspended', 'Retention ended at 2026-11-24 00:00 UTC. Purging is suspended: audit.'],
    ]);
    await state.resume('purging');
    expect(await wanted('purge', config, world)).toEqual(
      [21, 22].map((day) => `schedule-deletion ${name(day)} (expired)`),
    );
  });

  it('resumes to the millisecond when its time ends, with a new waiting period', async () => {
    const world = await withScheduledDeletion();
    const now = world.clock.now();
    await world.ports().state.suspend({ what: 'purging', since: now, until: now + HOUR });
    const kinds = async (when: number) =>
      (await wanted('purge', config, world, when)).map((line) => line.split(' ')[0]);
    expect(await kinds(now + HOUR - 1)).toEqual(['cancel-deletion', '[delete', '[delete']);
    expect(await kinds(now + HOUR)).toEqual(['schedule-deletion', 'schedule-deletion']);
  });

  it('does not affect deletions that are scheduled after it ended', async () => {
    const world = await withScheduledDeletion();
    const now = world.clock.now();
    await world.ports().state.suspend({ what: 'purging', since: now - 3 * DAY, until: now - 2 * DAY });
    expect(await wanted('purge', config, world)).toContain(`delete ${name(21)} (still-expired)`);
  });

  it('does not affect rotate', async () => {
    const world = new World(NOON);
    await world.ports().state.suspend({ what: 'purging', since: NOON });
    expect(sayResults(await run('rotate', config, world))).toHaveLength(2);
  });

  it('is assumed if the suspensions could not be read', () => {
    const observed = new Observed([name(19), name(21)], [], { error: 'no answer' });
    const draft = planPurge(config, observed, NOON);
    expect(draft.actions).toEqual([]);
  });

  it('is assumed if the state table fails, and the plan deletes nothing', async () => {
    const world = await withScheduledDeletion();
    const ports = world.ports();
    const broken = {
      ...ports,
      state: {
        ...ports.state,
        suspensions: () => Promise.reject(new ServiceError('unavailable', 'no answer')),
      },
    };
    const { plan } = await makePlan(['purge'], config, broken, world.clock.now());
    expect(plan.actions.filter(({ kind }) => kind !== 'cancel-deletion')).toEqual([]);
    expect(plan.holds.map(({ reason, message }) => `${reason}: ${message}`)).toContain(
      'unreadable: Retention ended at 2026-11-23 00:00 UTC. Could not read whether purging is suspended: no answer',
    );
    expect((await fleetStatus(config, broken, world.clock.now())).suspensions).toBeNull();
  });
});

describe('suspended lowering', () => {
  const suspensions: Suspension[] = [{ what: 'lowering', since: 0, reason: 'sale' }];
  const action = (
    kind: 'raise' | 'lower',
    changes: Extract<Action, { kind: 'raise' }>['changes'],
  ): Action => ({
    kind,
    job: 'scale',
    group: 'Events',
    table: name(21),
    reason: 'utilization-low',
    message: 'Because.',
    changes,
  });
  const draft = (...actions: Action[]): Draft => ({
    actions,
    holds: [],
    needs: [],
    learned: new Map(),
    retentions: new Map(),
  });
  const limit = (given: Draft, known: Observed['suspensions'] = suspensions) =>
    withoutDecreases(given, new Observed([], [], known), NOON);
  const down = { from: units(10, 10), to: units(5, 10) };
  const up = { index: 'byKind', from: units(10, 10), to: units(10, 20) };
  const both = { from: units(10, 10), to: units(5, 20) };

  it('takes the decreases out of the alternative of a raise too', () => {
    const raise = { ...action('raise', [both]), orElse: [{ ...both, to: units(5, 15) }] } as Action;
    expect(limit(draft(raise)).actions).toMatchObject([
      { kind: 'raise', changes: [{ to: units(10, 20) }], orElse: [{ to: units(10, 15) }] },
    ]);
  });

  it('holds decreases, with their values', () => {
    const { actions, holds } = limit(draft(action('lower', [down])));
    expect(actions).toEqual([]);
    expect(holds).toEqual([
      {
        kind: 'lower',
        job: 'scale',
        group: 'Events',
        table: name(21),
        reason: 'suspended',
        message: 'Decrease held: reads 10 → 5. Lowering is suspended: sale.',
      },
    ]);
  });

  it('keeps raises, even in the same action as a decrease', () => {
    const { actions, holds } = limit(
      draft(action('raise', [up]), action('raise', [both, up]), action('lower', [down, down])),
    );
    expect(actions).toEqual([
      action('raise', [up]),
      {
        ...action('raise', [{ from: units(10, 10), to: units(10, 20) }, up]),
        message: 'Writes 10 → 20, index byKind writes 10 → 20. The decreases are held. Planned: Because.',
      },
    ]);
    expect(holds.map(({ message }) => message)).toEqual([
      'Decrease held: reads 10 → 5. Lowering is suspended: sale.',
      'Decrease held: reads 10 → 5, reads 10 → 5. Lowering is suspended: sale.',
    ]);
  });

  it('ends on time, and ignores suspended purging', () => {
    const lowering = draft(action('lower', [down]));
    expect(limit(lowering, [{ what: 'lowering', since: 0, until: NOON }])).toBe(lowering);
    expect(limit(lowering, [{ what: 'purging', since: 0 }])).toBe(lowering);
    expect(limit(lowering, [])).toBe(lowering);
  });

  it('is assumed if the suspensions could not be read, and the hold says so', () => {
    const { actions, holds } = limit(draft(action('lower', [down]), action('raise', [up])), {
      error: 'no answer',
    });
    expect(actions).toEqual([action('raise', [up])]);
    expect(holds.map(({ reason, message }) => [reason, message])).toEqual([
      ['unreadable', 'Decrease held: reads 10 → 5. Could not read whether lowering is suspended: no answer'],
    ]);
  });

  it('holds the decreases of rotate and scale until it is resumed', async () => {
    const config = configOf([specOf()]);
    const world = new World(NOON);
    await run('rotate', config, world);
    await world.ports().state.suspend({ what: 'lowering', since: NOON });
    world.clock.moveTo(NOON + DAY);
    const rotated = await run('rotate', config, world);
    expect(rotated.results.map(({ action }) => action.kind)).toEqual(['create']);
    expect(sayDraft({ actions: [], holds: [...rotated.holds] })).toEqual([`[lower ${name(21)} (suspended)]`]);
    world.clock.moveTo(NOON + DAY + HOUR);
    const scaled = await run('scale', config, world);
    expect(scaled.results).toEqual([]);
    expect(new Set(scaled.holds.map(({ reason }) => reason))).toContain('suspended');
    await world.ports().state.resume('lowering');
    world.clock.moveTo(NOON + DAY + HOUR + 5 * MINUTE);
    expect(sayResults(await run('rotate', config, world))).toEqual([`lower ${name(21)}: applied`]);
  });
});
