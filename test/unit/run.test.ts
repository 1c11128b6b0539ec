import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import { heldByReason, sayHolds } from '../../src/core/held-by-reason.ts';
import type { Job } from '../../src/core/plan.ts';
import type { Config } from '../../src/core/spec.ts';
import { JobFailed } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { run, sayResults } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const config = configOf([specOf()]);
const lease = (owner: string) => ({ job: 'rotate', owner });

describe('a lease', () => {
  it('makes another run skip and name its owner', async () => {
    const world = new World(NOON);
    await world.ports().state.acquire(lease('other'), NOON, NOON + HOUR);
    const summary = await run('rotate', config, world);
    expect(summary).toMatchObject({
      outcome: 'skipped',
      message: 'Another rotate run is in progress (other). Its lease ends at 2026-11-21T13:00:00.000Z.',
      results: [],
    });
    expect(world.names()).toEqual([]);
  });

  it('does not stop another job', async () => {
    const world = new World(NOON);
    await world.ports().state.acquire(lease('other'), NOON, NOON + HOUR);
    expect((await run('scale', config, world)).outcome).toBe('done');
  });

  it('is granted to another run after it expired', async () => {
    const world = new World(NOON);
    await world.ports().state.acquire(lease('crashed'), NOON - HOUR, NOON);
    expect((await run('rotate', config, world)).outcome).toBe('done');
  });

  it('fails a run if none has finished for longer than a lease can last', async () => {
    const world = new World(NOON);
    const skip = async (minutes: number) => {
      world.clock.moveTo(NOON + minutes * MINUTE);
      const { acquire } = world.ports().state;
      await acquire(lease(`crashed ${minutes}`), world.clock.now() - MINUTE, world.clock.now() + MINUTE);
      const { outcome, message } = await run('rotate', config, world);
      return { outcome, message };
    };
    expect(await skip(10)).toMatchObject({ outcome: 'skipped' });
    expect(await skip(70)).toMatchObject({ outcome: 'skipped' });
    expect(await skip(73)).toEqual({
      outcome: 'failed',
      message:
        'Another rotate run is in progress (crashed 73). Its lease ends at 2026-11-21T13:14:00.000Z. No rotate run has finished since 2026-11-21 12:10 UTC. Runs skipped in a row: 3.',
    });
    world.clock.moveTo(NOON + 80 * MINUTE);
    expect((await run('rotate', config, world)).outcome).toBe('done');
    expect(await skip(90)).toMatchObject({ outcome: 'skipped' });
  });

  it('fails the third run that is skipped in a row, and no run after one that finished', async () => {
    const world = new World(NOON);
    const hold = () =>
      world
        .ports()
        .state.acquire({ job: 'scale', owner: 'killed' }, world.clock.now(), world.clock.now() + HOUR);
    const skipped = async () => {
      world.clock.moveTo(world.clock.now() + MINUTE);
      const { outcome, message } = await run('scale', config, world);
      return `${outcome}: ${message}`;
    };
    await hold();
    const held = 'Another scale run is in progress (killed). Its lease ends at 2026-11-21T13:00:00.000Z.';
    expect(await skipped()).toBe(`skipped: ${held}`);
    expect(await skipped()).toBe(`skipped: ${held}`);
    expect(await skipped()).toBe(
      `failed: ${held} No scale run has finished since 2026-11-21 12:01 UTC. Runs skipped in a row: 3.`,
    );
    world.clock.moveTo(NOON + HOUR);
    expect((await run('scale', config, world)).outcome).toBe('done');
    await hold();
    expect(await skipped()).toMatch(/^skipped: /);
  });

  it('is released after the run', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    expect(await world.ports().state.acquire(lease('next'), NOON, NOON + HOUR)).toEqual({ granted: true });
  });

  it('is released after a failure', async () => {
    const world = new World(NOON);
    const ports = world.ports();
    const list = async () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    const broken = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: { ...ports.tables, list } }),
    });
    await expect(run('rotate', config, broken)).rejects.toThrow('Not allowed to list.');
    expect(await ports.state.acquire(lease('next'), NOON, NOON + HOUR)).toEqual({ granted: true });
  });

  it('ends with the process, which is after five minutes by default', async () => {
    const world = new World(NOON);
    const seen: number[] = [];
    const ports = world.ports();
    const acquire: typeof ports.state.acquire = (own, now, expiresAt) => {
      seen.push(expiresAt - now);
      return ports.state.acquire(own, now, expiresAt);
    };
    const watched = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, state: { ...ports.state, acquire } }),
    });
    await run('scale', config, watched, NOON, { end: NOON + 40_000 });
    await run('scale', config, watched, NOON);
    expect(seen).toEqual([40_000, 5 * MINUTE]);
  });

  it('lasts longer than its run', async () => {
    const world = new World(NOON);
    world.onCall = () => {
      world.clock.moveTo(world.clock.now() + 4 * MINUTE);
    };
    const many = configOf(['A', 'B', 'C', 'D'].map((name) => specOf({ name })));
    const { outcome, results } = await run('rotate', many, world);
    expect(outcome).toBe('failed');
    expect(world.clock.now()).toBeLessThan(NOON + 30 * MINUTE);
    expect(results.at(-1)).toMatchObject({
      outcome: 'skipped',
      error: 'The run reached its deadline. The next run tries again.',
    });
  });

  it('adds a note if it could not be released, and hides neither a result nor a failure', async () => {
    const world = new World(NOON);
    const ports = world.ports();
    const release = async () => {
      throw new ServiceError('throttled', 'Rate exceeded');
    };
    const list = async () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    const keeping = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, state: { ...ports.state, release } }),
    });
    expect(await run('rotate', config, keeping)).toMatchObject({
      outcome: 'done',
      message:
        '2 applied, 0 failed or skipped, 0 held. Could not release the lease of rotate, so it ends at 2026-11-21T12:05:00.000Z: Rate exceeded',
    });
    const broken = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, state: { ...ports.state, release }, tables: { ...ports.tables, list } }),
    });
    await expect(run('scale', config, broken)).rejects.toThrow('Not allowed to list.');
  });

  it('uses the wall clock, not the event’s time', async () => {
    const world = new World(NOON);
    await world.ports().state.acquire(lease('other'), NOON, NOON + HOUR);
    expect((await run('rotate', config, world, NOON + 5 * DAY)).outcome).toBe('skipped');
  });

  it('lets one of two simultaneous runs through', async () => {
    const world = new World(NOON);
    const summaries = await Promise.all([run('rotate', config, world), run('rotate', config, world)]);
    expect(summaries.map(({ outcome }) => outcome).sort()).toEqual(['done', 'skipped']);
    expect(world.names()).toHaveLength(2);
  });
});

describe('a summary', () => {
  it('counts the results and has the instant of the run', async () => {
    const world = new World(NOON + 5 * MINUTE);
    expect(await run('rotate', config, world, NOON)).toMatchObject({
      job: 'rotate',
      environment: 'production',
      at: '2026-11-21T12:00:00.000Z',
      outcome: 'done',
      message: '2 applied, 0 failed or skipped, 0 held.',
    });
  });

  it('counts the holds by reason', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    await world.ports().state.suspend({ what: 'purging', since: NOON });
    const { message, holds, heldByReason: counts } = await run('purge', config, world, NOON + 30 * DAY);
    expect(holds.length).toBeGreaterThan(0);
    const [reason] = Object.keys(counts ?? {});
    expect(counts).toEqual({ [reason!]: holds.length });
    expect(message).toBe(`0 applied, 0 failed or skipped, ${holds.length} held (${holds.length} ${reason}).`);
  });

  it('names the five most frequent reasons of holds in its message, and has all', () => {
    const reasons = [
      'share',
      'cap',
      'cap',
      'in-use',
      'restored',
      'keep-tag',
      'suspended',
      'no-lease',
    ] as const;
    const holds = reasons.map((reason) => ({ reason }));
    expect(sayHolds(holds)).toBe('8 held (2 cap, 1 in-use, 1 keep-tag, 1 no-lease, 1 restored, 2 other)');
    expect(heldByReason(holds)).toEqual({
      cap: 2,
      ...Object.fromEntries(reasons.filter((one) => one !== 'cap').map((one) => [one, 1])),
    });
    expect(sayHolds([])).toBe('0 held');
  });

  it('fails the job if an action failed, and the error names it', async () => {
    const world = new World(NOON);
    world.onCall = (_, table) => {
      if (table === TODAY) throw new ServiceError('access-denied', 'Not allowed.');
    };
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('failed');
    expect(world.names()).toEqual(['production.Events.20261122']);
    expect(new JobFailed(summary).message).toBe(
      `rotate for production: 1 applied, 1 failed or skipped, 0 held. create ${TODAY}: Not allowed. (access-denied)`,
    );
  });

  it('counts superseded actions separately, and not as failures', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    world.clock.moveTo(NOON + 10 * MINUTE);
    for (let minute = 0; minute < 8; minute += 1) {
      world.demand(TODAY, 'write', 590);
      world.clock.moveTo(world.clock.now() + MINUTE);
    }
    world.onCall = (operation) => {
      if (operation === 'UpdateTable') throw new ServiceError('in-use', 'Busy.');
    };
    expect(await run('scale', config, world)).toMatchObject({
      outcome: 'done',
      message: '0 applied, 0 failed or skipped, 1 superseded, 0 held.',
      results: [{ outcome: 'superseded' }],
    });
  });

  it('names five failures and counts the rest', async () => {
    const world = new World(NOON);
    world.onCall = () => {
      throw new ServiceError('access-denied', 'No.');
    };
    const many = configOf(['A', 'B', 'C', 'D'].map((name) => specOf({ name })));
    const { message } = new JobFailed(await run('rotate', many, world));
    expect(message.match(/create/g)).toHaveLength(5);
    expect(message).toMatch(/ \| and 3 more$/);
  });

  it('fails the job if a table could not be described, after the other actions', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    world.clock.moveTo(NOON + 26 * HOUR);
    const ports = world.ports();
    const describe = async (name: string) => {
      if (name.endsWith('21')) throw new ServiceError('throttled', 'Rate exceeded');
      return ports.tables.describe(name);
    };
    const broken = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: { ...ports.tables, describe } }),
    });
    const summary = await run('rotate', config, broken);
    expect(summary.outcome).toBe('failed');
    expect(sayResults(summary)).toEqual(['create production.Events.20261123: applied']);
    expect(new JobFailed(summary).message).toContain(
      `${TODAY}: Could not read the table's description: Rate exceeded`,
    );
  });
});

describe('a run', () => {
  it('reads one list of tables, and describes only the tables of its specs', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    for (let i = 0; i < 50; i += 1) await world.ports().tables.create({ TableName: `unmanaged-${i}` });
    world.clock.moveTo(NOON + MINUTE);
    // Reads the tags of the new tables.
    await run('rotate', config, world);
    const ports = world.ports();
    const calls: string[] = [];
    const counted = new Proxy(ports.tables, {
      get:
        (target, method: keyof typeof ports.tables) =>
        (...args: never[]) => {
          calls.push([method, ...args].join(' '));
          return (target[method] as (...args: never[]) => unknown)(...args);
        },
    });
    const watched = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: counted }),
    });
    for (const job of ['rotate', 'scale'] as const) {
      calls.length = 0;
      await run(job, config, watched);
      expect(calls.sort()).toEqual(
        [`describe ${TODAY}`, job === 'rotate' ? 'describe production.Events.20261122' : '', 'list'].filter(
          Boolean,
        ),
      );
    }
    calls.length = 0;
    await run('purge', config, watched);
    expect(calls).toEqual(['list']);
  });
});

describe('a second run immediately after', () => {
  const indexes = { byUser: { full: units(40, 40), outdated: units(2, 2) } };
  const properties = {
    TimeToLive: { AttributeName: 'expires' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
  };
  const fleets: Record<string, Config> = {
    'daily with an index': configOf([specOf({ indexes })]),
    'weekly parked': configOf([specOf({ scheme: 'weekly', keep: 1 })]),
    'hourly, many ahead': configOf([
      specOf({ scheme: 'hourly', keep: 3, settings: { periodsAhead: 4, warmUpMs: HOUR } }),
    ]),
    'monthly with settings': configOf([specOf({ scheme: 'monthly', properties })]),
    'on-demand with settings': configOf([specOf({ onDemand: true, properties })]),
    backfilled: configOf([specOf({ keep: 5, backfill: 4 })]),
    many: configOf([
      specOf(),
      specOf({ name: 'Flags', scheme: 'none' }),
      specOf({ name: 'Users', scheme: 'yearly', keep: Infinity }),
    ]),
    'no drain, unscaled': configOf([specOf({ settings: { drainMs: 0 }, scaling: { method: 'none' } })]),
  };
  const jobs: readonly Job[] = ['rotate', 'scale', 'purge'];

  it.each(Object.keys(fleets))('changes nothing: %s', async (name) => {
    const fleet = fleets[name]!;
    const world = new World(at('2026-11-28T00:00'));
    for (let step = 0; step < 60; step += 1) {
      for (const job of jobs) {
        const now = world.clock.now();
        const first = await run(job, fleet, world);
        expect(first.outcome).toBe('done');
        expect(sayResults(await run(job, fleet, world))).toEqual([]);
        if (step % 2 === 0) continue;
        world.clock.moveTo(world.clock.now() + 2 * MINUTE);
        const replayed = await run(job, fleet, world, now);
        expect(sayResults(replayed), `${job} replayed once its change has settled`).toEqual([]);
      }
      for (const table of world.names()) {
        if (world.table(table).status(world.clock.now()) === 'ACTIVE')
          world.demand(table, 'write', (step * 37) % 700);
      }
      world.clock.moveTo(world.clock.now() + (step % 3 === 0 ? 5 * HOUR : 3 * MINUTE));
    }
  });
});

describe('a table that needs more capacity and has other tags', () => {
  it('makes the run fail, because the application is throttled', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    world.table(TODAY).tags['turntable:spec'] = 'Another';
    for (let minute = 0; minute < 20; minute += 1) {
      world.clock.moveTo(NOON + minute * MINUTE);
      world.demand(TODAY, 'write', 1_000);
    }
    world.clock.moveTo(NOON + 21 * MINUTE);
    const summary = await run('scale', config, world);
    expect(summary).toMatchObject({ outcome: 'failed', results: [] });
    expect(summary.holds).toEqual([expect.objectContaining({ kind: 'raise', reason: 'not-owned' })]);
    expect(new JobFailed(summary).message).toContain(TODAY);
  });
});

describe('time to live that could not be set after creation', () => {
  it('is set by the next run, for backfilled tables too', async () => {
    const expiring = configOf([
      specOf({ keep: 14, backfill: 2, properties: { TimeToLive: { AttributeName: 'ExpiresAt' } } }),
    ]);
    const world = new World(NOON);
    world.onCall = (operation) => {
      if (operation === 'UpdateTimeToLive') throw new ServiceError('access-denied', 'Not allowed.');
    };
    expect((await run('rotate', expiring, world)).outcome).toBe('failed');
    world.onCall = () => {};
    world.clock.moveTo(NOON + HOUR);
    expect((await run('rotate', expiring, world)).outcome).toBe('done');
    expect(world.names().map((name) => world.table(name).timeToLive)).toEqual(Array(4).fill('ExpiresAt'));
  });
});
