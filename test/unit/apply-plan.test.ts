import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import { allJobs } from '../../src/core/jobs.ts';
import type { Job, Plan } from '../../src/core/plan.ts';
import type { Config } from '../../src/core/spec.ts';
import { type Applied, applyPlan } from '../../src/jobs/apply-plan.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { fleetStatus } from '../../src/jobs/status.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { confirmAll, impatient, run } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const config = configOf([specOf()]);

const planned = async (
  world: World,
  jobs: readonly Job[] = allJobs,
  now = world.clock.now(),
): Promise<Plan> => (await makePlan(jobs, config, world.ports(), now)).plan;

/** A plan as it is read from a file. */
const written = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan)) as Plan;

const carryOut = (plan: Plan, world: World, by: Config = config): Promise<Applied> =>
  applyPlan(written(plan), by, world.ports(), { owner: 'operator', backoff: impatient });

describe('a plan from a file', () => {
  it('is applied if tables have not changed', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    world.clock.moveTo(NOON + 50 * MINUTE);
    const applied = await carryOut(plan, world);
    expect(applied.refused).toBeUndefined();
    expect(world.names()).toEqual(['production.Events.20261121', 'production.Events.20261122']);
  });

  it('stores nothing if a newer version has written to the state table, and says so', async () => {
    const world = new World(NOON);
    const { state, ...others } = world.ports();
    const newer = 'The state table has a suspension in format 2. Upgrade Turntable.';
    const suspensions = () => Promise.reject(new ServiceError('newer-state', newer));
    const ports = { ...others, state: { ...state, suspensions } };
    const { plan } = await makePlan(allJobs, config, ports, NOON);
    const applied = await applyPlan(written(plan), config, ports, { owner: 'operator', backoff: impatient });
    expect(applied).toMatchObject({ notes: [newer] });
    expect(await state.retentions()).toEqual(new Map());
    expect(await state.memories()).toEqual(new Map());
  });

  it('is rejected the second time', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    await carryOut(plan, world);
    const again = await carryOut(plan, world);
    expect(again).toMatchObject({
      refused: 'changed',
      differences: plan.actions.map(({ kind, table }) => ({ change: 'vanished', kind, table })),
    });
  });

  it('is rejected after an hour', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    world.clock.moveTo(NOON + HOUR + 1);
    expect(await carryOut(plan, world)).toMatchObject({ refused: 'stale' });
    expect(world.names()).toEqual([]);
  });

  it.each<[string, (plan: Plan) => Plan]>([
    ['one action fewer', (plan) => ({ ...plan, actions: plan.actions.slice(1) })],
    ['an action twice', (plan) => ({ ...plan, actions: [...plan.actions, plan.actions[0]!] })],
    [
      'another table',
      (plan) => ({ ...plan, actions: plan.actions.map((one) => ({ ...one, table: 'production.Other' })) }),
    ],
    [
      'a deletion that was not planned',
      (plan) => ({
        ...plan,
        actions: [
          ...plan.actions,
          {
            kind: 'delete',
            job: 'purge',
            group: 'Events',
            table: 'production.precious',
            reason: 'still-expired',
            message: '',
            createdAt: plan.at,
            scheduledAt: plan.at,
          },
        ],
      }),
    ],
    ['another instant', (plan) => ({ ...plan, at: '2026-11-25T12:00:00.000Z' })],
    ['another fingerprint', (plan) => ({ ...plan, fingerprint: '0'.repeat(16) })],
  ])('is rejected if the file was edited: %s', async (_, tamper) => {
    const world = new World(NOON);
    const applied = await carryOut(tamper(await planned(world)), world);
    expect(applied).toMatchObject({ refused: 'changed' });
    expect(world.names()).toEqual([]);
  });

  it.each([
    ['nonsense', 'The plan has no valid time (createdAt).'],
    ['2026-11-21T12:02:00.000Z', 'The plan has a future time (createdAt).'],
  ])('is rejected if its time is %s', async (createdAt, message) => {
    const world = new World(NOON);
    const plan = { ...(await planned(world)), createdAt };
    expect(await carryOut(plan, world)).toEqual({ refused: 'stale', message });
  });

  describe('that is for a past time', () => {
    const since = async (job: Job, ago: number): Promise<Applied> => {
      const world = new World(NOON - 2 * DAY);
      await confirmAll(config, world);
      for (const days of [2, 1, 0]) {
        world.clock.moveTo(NOON - days * DAY);
        if (days > 0 || job === 'purge') await run('rotate', config, world);
      }
      const plan = written(await planned(world, [job], NOON - ago));
      expect(plan.actions).not.toEqual([]);
      const ports = world.ports();
      const clock = { now: () => NOON, sleep: world.clock.sleep.bind(world.clock), aheadMs: () => [0, 0] };
      return applyPlan(plan, config, { ...ports, clock }, { owner: 'operator', backoff: impatient });
    };

    it('schedules no deletion if a run for that time would not', async () => {
      expect((await since('purge', 2 * HOUR)).refused).toBeUndefined();
      expect(await since('purge', 2 * HOUR + MINUTE)).toEqual({
        refused: 'stale',
        message:
          "The plan is for 2026-11-21 09:59 UTC, but AWS's clock says 2026-11-21 12:00 UTC. The plan is too late.",
      });
    });

    it('creates tables if a run for that time would', async () => {
      expect((await since('rotate', 10 * HOUR)).refused).toBeUndefined();
    });

    it.each([
      [2 * HOUR, true],
      [16 * HOUR, false],
    ])('stores a retention only if a run for that time would: %i ms ago', async (ago, stored) => {
      const world = new World(NOON - ago);
      await run('rotate', config, world);
      world.clock.moveTo(NOON);
      const { clock, ...others } = world.ports();
      const ports = { ...others, clock: Object.assign(clock, { aheadMs: () => [0, 0] }) };
      const plan = written((await makePlan(['purge'], config, ports, NOON - ago)).plan);
      const applied = await applyPlan(plan, config, ports, { owner: 'operator', backoff: impatient });
      expect(applied).toEqual({ results: [], notes: [] });
      expect([...(await ports.state.retentions()).keys()]).toEqual(stored ? ['Events'] : []);
    });
  });

  it('is verified even if it has no actions', async () => {
    const world = new World(NOON);
    await carryOut(await planned(world), world);
    world.clock.moveTo(NOON + 2 * MINUTE);
    const empty = await planned(world);
    expect(empty.actions).toEqual([]);
    expect(await carryOut(empty, world)).toEqual({ results: [], notes: [] });
    expect(await carryOut({ ...empty, fingerprint: '0'.repeat(16) }, world)).toMatchObject({
      refused: 'changed',
    });
    const ofNoJob = await planned(world, []);
    expect(await carryOut(ofNoJob, world)).toMatchObject({ refused: 'changed' });
  });

  it('reports that it is verified before the first action, and not if it is rejected', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    const reported: string[] = [];
    world.onCall = (operation) => reported.push(operation);
    const options = {
      owner: 'operator',
      onVerified: ({ fingerprint }: Plan) => reported.push(fingerprint),
    };
    await applyPlan(plan, config, world.ports(), options);
    expect(reported).toEqual([plan.fingerprint, 'CreateTable', 'CreateTable']);
    await applyPlan(plan, config, world.ports(), options);
    expect(reported).toHaveLength(3);
  });

  it('is rejected if it scales and demand has changed', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    world.clock.moveTo(NOON + 10 * MINUTE);
    const load = (unitsPerSecond: number, minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        world.demand('production.Events.20261121', 'write', unitsPerSecond);
        world.clock.moveTo(world.clock.now() + MINUTE);
      }
    };
    load(590, 8);
    const plan = await planned(world);
    expect(plan.actions).toMatchObject([{ kind: 'raise', job: 'scale' }]);
    load(10, 20);
    expect(await carryOut(plan, world)).toEqual({
      refused: 'changed',
      message: 'Demand changed after planning, of production.Events.20261121.',
    });
    load(590, 8);
    expect(await carryOut(plan, world)).toMatchObject({ results: [{ outcome: 'applied' }] });
  });

  it('reports leases that could not be released', async () => {
    const world = new World(NOON);
    const plan = await planned(world, ['rotate', 'purge']);
    const ports = world.ports();
    const release = async () => {
      throw new ServiceError('throttled', 'Rate exceeded');
    };
    const keeping = { ...ports, state: { ...ports.state, release } };
    expect(await applyPlan(plan, config, keeping, { owner: 'operator' })).toMatchObject({
      results: [{ outcome: 'applied' }, { outcome: 'applied' }],
      notes: [
        'Could not release the lease of purge, so it ends at 2026-11-21T12:04:55.000Z: Rate exceeded',
        'Could not release the lease of rotate, so it ends at 2026-11-21T12:05:00.000Z: Rate exceeded',
      ],
    });
  });

  it('is rejected for another configuration or environment', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    for (const other of [
      configOf([specOf({ keep: 9, name: 'Flags' })]),
      configOf([specOf({ environment: 'staging' })]),
    ])
      expect(await carryOut(plan, world, other)).toMatchObject({ refused: 'changed' });
  });

  it('is rejected while one of its jobs runs, and leaves no lease behind', async () => {
    const world = new World(NOON);
    const plan = await planned(world);
    const { state } = world.ports();
    const purge = { job: 'purge', owner: 'lambda' };
    await state.acquire(purge, NOON, NOON + MINUTE);
    expect(await carryOut(plan, world)).toMatchObject({
      refused: 'leased',
      message: 'Another purge run is in progress (lambda). Its lease ends at 2026-11-21T12:01:00.000Z.',
    });
    await state.release(purge);
    for (const job of allJobs)
      expect(await state.acquire({ job, owner: 'next' }, NOON, NOON + MINUTE)).toEqual({ granted: true });
  });

  it('acquires only the leases of its jobs', async () => {
    const world = new World(NOON);
    const plan = await planned(world, ['rotate']);
    await world.ports().state.acquire({ job: 'purge', owner: 'lambda' }, NOON, NOON + MINUTE);
    expect((await carryOut(plan, world)).refused).toBeUndefined();
  });
});

describe('the status of a fleet', () => {
  const status = async (world: World, by: Config = config) => {
    const { tables, unmanaged } = await fleetStatus(by, world.ports(), world.clock.now());
    return {
      lines: tables.map(
        ({ name, phase, status: state, next }) => `${name.slice(18)} ${phase} ${state}: ${next}`,
      ),
      tables,
      unmanaged,
    };
  };

  it('shows missing tables', async () => {
    expect((await status(new World(NOON))).lines).toEqual([
      '20261121 active MISSING: create due; ends 2026-11-22 00:00 UTC',
      '20261122 upcoming MISSING: create due; starts 2026-11-22 00:00 UTC',
    ]);
  });

  it('shows what happens next to each table, in each phase', async () => {
    const world = new World(NOON);
    const parking = configOf([specOf({ settings: { periodsAhead: 2 }, scaling: { method: 'none' } })]);
    await confirmAll(parking, world);
    for (let day = 0; day < 3; day += 1) {
      world.clock.moveTo(NOON + day * DAY);
      await run('rotate', parking, world);
    }
    world.clock.moveTo(NOON + 2 * DAY + MINUTE);
    await run('purge', parking, world);
    expect((await status(world, parking)).lines).toEqual([
      '20261121 expired ACTIVE: delete held: waiting-period',
      '20261122 outdated ACTIVE: expires 2026-11-24 00:00 UTC',
      '20261123 active ACTIVE: ends 2026-11-24 00:00 UTC',
      '20261124 upcoming ACTIVE: starts 2026-11-24 00:00 UTC',
      '20261125 upcoming ACTIVE: ready from 2026-11-24 00:00 UTC',
    ]);
    world.clock.moveTo(at('2026-11-24T00:30'));
    expect((await status(world, parking)).lines.slice(1, 4)).toEqual([
      '20261122 expired ACTIVE: schedule-deletion due',
      '20261123 draining ACTIVE: drain window ends 2026-11-24 01:00 UTC',
      '20261124 active ACTIVE: ends 2026-11-25 00:00 UTC',
    ]);
  });

  it('shows the consumption of the newest five minutes, or that it is unknown', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    for (let minute = 1; minute < 10; minute += 1) {
      world.clock.moveTo(NOON + minute * MINUTE);
      world.demand('production.Events.20261121', 'write', minute < 4 ? 600 : 12);
    }
    world.clock.moveTo(NOON + 10 * MINUTE);
    const [today] = (await status(world)).tables;
    expect(today?.write).toEqual({ provisioned: 600, consumed: 12, throttled: 0 });
    world.metrics.broken = () => true;
    const [blind] = (await status(world)).tables;
    expect(blind?.write).toEqual({ provisioned: 600, consumed: null, throttled: null });
  });

  it('lists only the unmanaged tables of this environment', async () => {
    const world = new World(NOON);
    const { tables } = world.ports();
    for (const TableName of [
      'production.Other.20261121',
      'production.turntable',
      'staging.Events.20261121',
      'x',
    ])
      await tables.create({ TableName });
    expect((await status(world)).unmanaged).toEqual(['production.Other.20261121']);
  });

  it('shows no capacity of on-demand tables', async () => {
    const world = new World(NOON);
    const onDemand = configOf([specOf({ onDemand: true })]);
    await run('rotate', onDemand, world);
    const [today] = (await status(world, onDemand)).tables;
    expect(today).toMatchObject({ read: null, write: null });
  });
});
