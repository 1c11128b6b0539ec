/** Creations that DynamoDB limits, answers late, or whose answers are lost. */
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, type SpecOptions, specOf } from '../support/specs.ts';
import { run, sayResults } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const SECOND = 1000;
const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';
const usual = { backoff: { retries: 9, firstDelayMs: 300, longestDelayMs: 20_000 } };

const isUpcoming = (table: string): boolean => table.endsWith('22');

/** A world whose created tables are recorded in their order. */
function recording(world = new World(NOON)) {
  const created: string[] = [];
  const ports = world.ports();
  const create: Ports['tables']['create'] = async (input) => {
    await ports.tables.create(input);
    created.push(input.TableName);
  };
  const changed = Object.assign(Object.create(world) as World, {
    ports: () => ({ ...ports, tables: { ...ports.tables, create } }),
  });
  return { world, changed, created };
}

const groups = (count: number, options: SpecOptions = {}) =>
  configOf(Array.from({ length: count }, (_, i) => specOf({ name: `G${i}`, onDemand: true, ...options })));

describe('a limit on creations', () => {
  it('leaves no current table uncreated before an upcoming one: 20 groups, five at a time', async () => {
    const { world, changed, created } = recording();
    world.changingAtOnce = 5;
    const { outcome, results } = await run('rotate', groups(20), changed, NOON, usual);
    expect(outcome).toBe('done');
    expect(results).toHaveLength(40);
    expect(created.slice(0, 20).filter(isUpcoming)).toEqual([]);
    expect(created.slice(20).every(isUpcoming)).toBe(true);
  });

  it('is outlasted, if it ends before the deadline of the run', async () => {
    const world = new World(NOON);
    const tries: number[] = [];
    world.onCall = (operation) => {
      if (operation !== 'CreateTable') return;
      tries.push(world.clock.now());
      if (world.clock.now() < NOON + 4 * MINUTE) throw new ServiceError('limit-exceeded', 'Too many tables');
    };
    expect((await run('rotate', groups(1), world, NOON, usual)).outcome).toBe('done');
    expect(new Set(tries).size).toBeLessThan(45);
  });

  it('of one current table alone delays upcoming tables by about half a minute', async () => {
    const world = new World(NOON);
    world.onCall = (operation, table) => {
      const limited = table.endsWith('G0.20261121') || world.clock.now() < NOON + 10 * SECOND;
      if (operation === 'CreateTable' && limited) throw new ServiceError('limit-exceeded', 'Too many tables');
    };
    const { results } = await run('rotate', groups(3), world, NOON, usual);
    expect(results.filter(({ outcome }) => outcome !== 'applied').map(({ action }) => action.table)).toEqual([
      'production.G0.20261121',
    ]);
    const last = await world.ports().tables.describe('production.G2.20261122');
    expect(last!.createdAt).toBeLessThan(NOON + 75 * SECOND);
  });
});

const settings: SpecOptions = {
  onDemand: true,
  properties: {
    TimeToLive: { AttributeName: 'ExpiresAt' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
};
const config = configOf([specOf(settings)]);
const everything = [TODAY, TOMORROW].flatMap((table) => [
  `create ${table}: applied`,
  `recovery ${table}: applied`,
  `time-to-live ${table}: applied`,
]);

describe('a new table that answers do not show yet', () => {
  it.each([
    ['is not described', { describeMs: 25 * SECOND }],
    ['has no tags', { tagsMs: 25 * SECOND }],
    ['is not listed', { listMs: 25 * SECOND }],
    ['has neither', { describeMs: 15 * SECOND, tagsMs: 20 * SECOND, listMs: 25 * SECOND }],
  ])('gets its settings in the same run if it %s', async (_, late) => {
    const world = new World(NOON);
    Object.assign(world.lateness, late);
    const first = await run('rotate', config, world, NOON, usual);
    expect(first.message).toBe('6 applied, 0 failed or skipped, 0 held.');
    expect(sayResults(first).sort()).toEqual(everything.toSorted());
  });

  it('is no failure of the next run if its tags show within two seconds', async () => {
    const world = new World(NOON, { createMs: 0, enableBackupsMs: 0 });
    Object.assign(world.lateness, { tagsMs: 2 * SECOND });
    await run('rotate', config, world, NOON, usual);
    expect(world.clock.now()).toBeLessThan(NOON + 2 * SECOND);
    const second = await run('rotate', config, world, NOON + MINUTE, usual);
    expect([second.outcome, second.holds, second.results]).toEqual(['done', [], []]);
  });

  it('is no failure of the next run if the list does not contain it', async () => {
    const world = new World(NOON, { createMs: 0, enableBackupsMs: 0 });
    Object.assign(world.lateness, { tagsMs: 5 * SECOND, listMs: 10 * MINUTE });
    await run('rotate', config, world, NOON, usual);
    const second = await run('rotate', config, world, NOON + MINUTE, usual);
    expect(second.outcome).toBe('done');
    expect(sayResults(second)).toContain(`create ${TODAY}: applied`);
  });
});

describe('a creation whose answer is lost', () => {
  /** The first creation of each table takes effect, and its answer is lost. */
  function losing(world: World, tagged: boolean): World {
    const ports = world.ports();
    const lost = new Set<string>();
    const create: Ports['tables']['create'] = async (input) => {
      if (lost.has(input.TableName)) return ports.tables.create(input);
      lost.add(input.TableName);
      await ports.tables.create(tagged ? input : { ...input, Tags: [] });
      throw new ServiceError('unavailable', 'socket hang up');
    };
    return Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: { ...ports.tables, create } }),
    });
  }

  it('is applied, with its settings, although its tags show late', async () => {
    const world = new World(NOON);
    Object.assign(world.lateness, { describeMs: 4 * SECOND, tagsMs: 8 * SECOND });
    const { outcome, results } = await run('rotate', config, losing(world, true), NOON, usual);
    expect(outcome).toBe('done');
    expect(results.map(({ action }) => action.table)).toHaveLength(6);
  });

  it('fails if the table still has no tags after fifteen seconds, because it belongs to something else', async () => {
    const world = new World(NOON);
    const { results } = await run('rotate', config, losing(world, false), NOON, usual);
    expect(world.clock.now()).toBeLessThan(NOON + MINUTE);
    expect(results.filter(({ action }) => action.kind === 'create').map(({ error }) => error)).toEqual(
      [TODAY, TOMORROW].map(
        (table) =>
          `${table} already exists and does not belong to the spec: it has no tag turntable:environment. (refused)`,
      ),
    );
  });
});
