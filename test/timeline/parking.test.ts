/** Upcoming tables of a group whose outdated tables are on-demand: they wait at little throughput, and begin with enough. */
import { describe, expect, it } from 'vitest';
import { schedules } from '../../src/cli/schedules.ts';
import { settle } from '../../src/config/settle.ts';
import { prices } from '../../src/core/prices.ts';
import type { Config } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, HOUR, MINUTE } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const throughput = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
});

const configOf = (Method: string, scaling: object = {}, writes = 200): Config =>
  settle(
    [
      {
        TableName: 'Events',
        RotationScheme: 'daily',
        PurgeRotation: 4,
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'Key', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
          ...throughput(100, writes),
          GlobalSecondaryIndexes: [
            {
              IndexName: 'byKey',
              KeySchema: [{ AttributeName: 'Key', KeyType: 'HASH' }],
              Projection: { ProjectionType: 'ALL' },
              ...throughput(50, 200),
            },
          ],
          Outdated: { BillingMode: 'PAY_PER_REQUEST' },
        },
      },
    ],
    { Defaults: { Scaling: { Method, ...scaling } } },
    'production',
    prices,
  );

const START = at('2026-11-20T12:00');
const MIDNIGHT = at('2026-11-21');
const [TODAY, TOMORROW] = ['production.Events.20261120', 'production.Events.20261121'];

/** The minutes of an hour in which rotate runs. */
const ROTATES_AT = new Set(schedules.rotate.split(' ')[0]!.split(',').map(Number));

/** Rotate on its schedule and scale each minute, if it runs, with the same demand all day. */
async function live(world: World, config: Config, until: number, scales: boolean): Promise<void> {
  for (let now = world.clock.now(); now < until; now += MINUTE) {
    world.clock.moveTo(now);
    const minute = (now / MINUTE) % 60;
    if (ROTATES_AT.has(minute)) await run('rotate', config, world);
    if (minute > 5 || now > START + HOUR) {
      world.demand(TODAY, 'write', 150);
      world.demand(TODAY, 'write', 40, 'byKey');
    }
    if (scales) await run('scale', config, world);
  }
  world.clock.moveTo(until);
}

const capacities = (world: World, name: string): string[] =>
  world
    .table(name)
    .describe(world.clock.now())
    .capacities.map(({ read, write }) => `${read}/${write}`);

describe('an upcoming table', () => {
  it('waits at 1/1, and the plan has the price', async () => {
    const world = new World(at('2026-11-19T22:00'));
    const { plan } = await makePlan(['rotate'], configOf('predictive'), world.ports(), world.clock.now());
    expect(plan.actions.findLast(({ kind }) => kind === 'create')?.message).toBe(
      'The period starts at 2026-11-20 00:00 UTC. 1 read/s, 1 write/s until shortly before its period: USD 1.12 per month instead of 201.24.',
    );
  });

  it('waits at full throughput with other methods only from WarmUpHours on', async () => {
    const config = configOf('none');
    const world = new World(at('2026-11-19T22:00'));
    const { plan } = await makePlan(['rotate'], config, world.ports(), world.clock.now());
    const [spec] = config.specs;
    expect(spec?.resources[0]?.parked).toEqual({ read: 1, write: 1 });
    expect(plan.actions.findLast(({ kind }) => kind === 'create')?.message).toBe(
      'The period starts at 2026-11-20 00:00 UTC. 100 reads/s, 200 writes/s.',
    );
  });

  it('waits at the lowest throughput that scaling may set', async () => {
    const config = configOf('predictive', { Write: { Min: 20 } });
    expect(config.specs[0]?.resources.map(({ parked }) => parked)).toEqual([
      { read: 1, write: 20 },
      { read: 1, write: 1 },
    ]);
  });

  it.each([
    ['with scale', true],
    ['without scale, because rotate raises it at 23:54', false],
  ])('begins its period with enough, %s', async (_, scales) => {
    const config = configOf('predictive');
    const world = new World(START);
    await live(world, config, MIDNIGHT - 30 * MINUTE, scales);
    expect(capacities(world, TOMORROW)).toEqual(['1/1', '1/1']);
    await live(world, config, MIDNIGHT, scales);
    expect(capacities(world, TOMORROW)).toEqual(capacities(world, TODAY));
    const [table, index] = capacities(world, TOMORROW).map((one) => Number(one.split('/')[1]));
    expect(table).toBeGreaterThanOrEqual(150);
    expect(index).toBeGreaterThanOrEqual(40);
  });

  it.each([
    ['large one, whose partitions DynamoDB splits', 5_000, 0],
    ['one of a large fleet, whose raises queue up', 200, 4 * MINUTE],
  ])('that is a %s, is raised ten minutes before its period without scale', async (_, writes, queueMs) => {
    const { specs, ...others } = configOf('predictive', {}, writes);
    const config = { ...others, specs: specs.map((spec) => ({ ...spec, queueMs })) };
    const world = new World(START);
    await live(world, config, MIDNIGHT - 10 * MINUTE, false);
    expect(capacities(world, TOMORROW)[0]).toBe('1/1');
    await live(world, config, MIDNIGHT - 9 * MINUTE, false);
    expect(capacities(world, TOMORROW)[0]).toBe(capacities(world, TODAY)[0]);
  });

  it('that is small waits until scale has had its turn', async () => {
    const config = configOf('predictive');
    const world = new World(START);
    await live(world, config, MIDNIGHT - 7 * MINUTE, false);
    expect(capacities(world, TOMORROW)).toEqual(['1/1', '1/1']);
  });
});
