/** Whatever happens to replicas, Turntable removes none that it does not manage, and in the end every table is as its spec says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import { ownershipTags } from '../../src/core/guards/ownership.ts';
import type { Job } from '../../src/core/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { confirmAll, run } from '../support/worlds.ts';

const NAMED = ['eu-west-1', 'us-west-2'] as const;
const BY_HAND = 'sa-east-1';
const config = configOf([specOf({ onDemand: true, replicas: NAMED })]);
const START = at('2026-11-20T00:10');

type Step =
  | { readonly kind: 'run'; readonly job: Job }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'unreachable'; readonly region: string }
  | { readonly kind: 'reachable' }
  | { readonly kind: 'losing'; readonly loses: boolean }
  | { readonly kind: 'failing'; readonly fails: boolean }
  | { readonly kind: 'by-hand' }
  | { readonly kind: 'untag'; readonly region: string }
  | { readonly kind: 'keep'; readonly region: string };

const region = fc.constantFrom(...NAMED);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run'), job: fc.constantFrom('rotate', 'purge') }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 800 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unreachable'), region }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reachable') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('losing'), loses: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failing'), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('by-hand') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('untag'), region }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('keep'), region }) },
) as fc.Arbitrary<Step>;

/** What no run may do. A run reports the error of a call as its result, so that violations are collected. */
function watch(world: World, lost: { answers: boolean }): string[] {
  const violations: string[] = [];
  const answered = async (call: Promise<void>): Promise<void> => {
    await call;
    if (lost.answers) throw new ServiceError('unavailable', 'socket hang up');
  };
  const unless = (holds: boolean, what: string): void => {
    if (!holds) violations.push(what);
  };
  const ports = world.ports();
  const removed = async (name: string, of: string): Promise<void> => {
    const { tags } = world.table(name, of);
    const scheduled = (await ports.state.scheduledDeletions()).find(({ table }) => table === name);
    const waitedMs = world.clock.now() - (scheduled?.scheduledAt ?? Infinity);
    unless(isNamed(of), `removed the replica of ${name} that a person made`);
    unless(tags[ownershipTags.spec] === 'Events', `removed a replica of ${name} without its tags`);
    unless(!('turntable:keep' in tags), `removed a replica of ${name} that is kept`);
    unless(waitedMs >= 12 * HOUR, `removed a replica of ${name} before its waiting period ended`);
  };
  const watched = {
    ...ports,
    tables: {
      ...ports.tables,
      remove: async (name: string) => {
        const { replicas = [] } = world.table(name).describe(world.clock.now());
        unless(replicas.length === 0, `deleted ${name} before its replicas`);
        return ports.tables.remove(name);
      },
      removeReplica: async (name: string, of: string) => {
        await removed(name, of);
        return answered(ports.tables.removeReplica(name, of));
      },
      addReplica: async (name: string, input: { readonly RegionName: string }) => {
        unless(isNamed(input.RegionName), `added a replica of ${name} in ${input.RegionName}`);
        return answered(ports.tables.addReplica(name, input));
      },
    },
  };
  world.ports = () => watched;
  return violations;
}

const isNamed = (of: string): boolean => NAMED.some((one) => one === of);

async function play(world: World, one: Step, lost: { answers: boolean }): Promise<void> {
  const now = world.clock.now();
  const tables = world.names();
  switch (one.kind) {
    case 'run':
      await run('rotate', config, world);
      return void (one.job === 'purge' && (await run('purge', config, world)));
    case 'pass':
      return world.clock.sleep(one.minutes * MINUTE);
    case 'unreachable':
      return void world.unreachable.add(one.region);
    case 'reachable':
      return world.unreachable.clear();
    case 'losing':
      lost.answers = one.loses;
      return;
    case 'failing':
      return one.fails ? void world.failing.add(NAMED[1]) : world.failing.clear();
    case 'by-hand': {
      const table = tables.map((name) => world.table(name)).find((each) => each.status(now) === 'ACTIVE');
      if (table && !table.describe(now).replicas?.some((replica) => replica.region === BY_HAND))
        table.addReplica({ RegionName: BY_HAND }, now);
      return;
    }
    case 'untag':
    case 'keep': {
      const copy = tables.map((name) => world.find(name, one.region)).find(Boolean);
      if (copy && one.kind === 'keep') copy.tags['turntable:keep'] = '';
      else if (copy) delete copy.tags[ownershipTags.spec];
    }
  }
}

async function oneDayOf(world: World): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    await run('rotate', config, world);
    await world.clock.sleep(DAY / 6);
  }
}

/** What a person does in the end: everything answers, and what was done by hand is undone. */
async function repair(world: World): Promise<void> {
  world.unreachable.clear();
  world.failing.clear();
  for (const name of world.names())
    for (const { region: of, status } of world.table(name).describe(world.clock.now()).replicas ?? []) {
      const copy = world.find(name, of);
      if (copy) {
        Object.assign(copy.tags, world.table(name).tags);
        delete copy.tags['turntable:keep'];
      }
      if (of !== BY_HAND && status !== 'CREATION_FAILED') continue;
      world.table(name).removeReplica(of, world.clock.now());
      await world.clock.sleep(10 * MINUTE);
    }
}

test('removes only replicas that it manages, deletes no table before them, and ends as the spec says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const world = new World(START);
      const lost = { answers: false };
      const violations = watch(world, lost);
      await oneDayOf(world);
      await oneDayOf(world);
      await run('rotate', config, world);
      await confirmAll(config, world);
      for (const one of steps) await play(world, one, lost);
      lost.answers = false;
      await world.clock.sleep(30 * MINUTE);
      await repair(world);
      await world.clock.sleep(30 * MINUTE);
      for (let day = 0; day < 4; day += 1)
        for (let i = 0; i < 6; i += 1) {
          await run('rotate', config, world);
          await run('purge', config, world);
          await world.clock.sleep(DAY / 6);
        }
      world.clock.moveTo(Math.ceil(world.clock.now() / DAY) * DAY + 5 * MINUTE);
      for (let i = 0; i < 8; i += 1) {
        await run('rotate', config, world);
        await world.clock.sleep(30 * MINUTE);
      }
      expect(violations).toEqual([]);
      const needed = world.names().slice(-2);
      for (const name of needed) {
        const { replicas = [] } = world.table(name).describe(world.clock.now());
        expect(replicas.map(({ region: of, status }) => `${of} ${status}`).sort()).toEqual(
          NAMED.map((of) => `${of} ACTIVE`),
        );
        for (const of of NAMED) {
          expect(world.table(name, of).tags[ownershipTags.spec]).toBe('Events');
          expect(world.table(name, of).describe(world.clock.now()).deletionProtected).toBe(true);
        }
      }
      // Today's table, tomorrow's, and those whose waiting period or removal takes until the next runs.
      expect(world.names().length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 20 },
  );
});
