import { describe, expect, it } from 'vitest';
import { type FailureCode, ServiceError } from '../../src/core/failure.ts';
import type { Action } from '../../src/core/plan.ts';
import { type ApplyOptions, apply, type Result } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../../src/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { impatient } from '../support/worlds.ts';

const NOW = at('2026-11-21T12:00');
const subject = (table: string) => ({ job: 'rotate' as const, group: 'G', table, message: '' });
const create = (table: string): Action => ({
  ...subject(table),
  kind: 'create',
  reason: 'missing',
  input: { TableName: table, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } },
});
const resize = (kind: 'raise' | 'lower', table: string, write: number): Action => ({
  ...subject(table),
  kind,
  reason: kind === 'raise' ? 'warm-up' : 'step-down',
  changes: [{ from: units(5, 5), to: units(5, write) }],
});
const timeToLive = (table: string): Action => ({
  ...subject(table),
  kind: 'time-to-live',
  reason: 'settings-differ',
  attribute: 'expires',
  enabled: true,
});
const recovery = (table: string): Action => ({
  ...subject(table),
  kind: 'recovery',
  reason: 'settings-differ',
  enabled: true,
  days: 7,
});
const condemn = (table: string, createdAt = NOW): Action => ({
  ...subject(table),
  kind: 'condemn',
  reason: 'expired',
  createdAt: new Date(createdAt).toISOString(),
  condemnedAt: new Date(NOW).toISOString(),
});
const pardon = (table: string): Action => ({ ...subject(table), kind: 'pardon', reason: 'not-expired' });
const remove = (table: string, createdAt = NOW): Action => ({
  ...subject(table),
  kind: 'delete',
  reason: 'still-expired',
  createdAt: new Date(createdAt).toISOString(),
  condemnedAt: new Date(NOW).toISOString(),
});

/** Tables at 5 and 5, ACTIVE, made at NOW. */
async function standing(...tables: string[]): Promise<World> {
  const world = new World(NOW);
  await apply(tables.map(create), world.ports());
  world.clock.moveTo(NOW + MINUTE);
  return world;
}

const say = (results: readonly Result[]): string[] =>
  results.map(
    ({ action, outcome, error }) => `${action.kind} ${action.table} ${outcome}${error ? `: ${error}` : ''}`,
  );

const applied = async (
  actions: readonly Action[],
  world: World,
  options: ApplyOptions = {},
): Promise<string[]> => say(await apply(actions, world.ports(), { backoff: impatient, ...options }));

/** Fails the first `times` changes of a table. */
function failing(
  world: World,
  table: string,
  code: FailureCode,
  times = Infinity,
): { readonly calls: number } {
  const seen = { calls: 0 };
  world.onCall = (_, called) => {
    if (called !== table) return;
    seen.calls += 1;
    if (seen.calls <= times) throw new ServiceError(code, `No, says AWS, ${seen.calls}`);
  };
  return seen;
}

it('goes create, raise, settings, lower, pardon, condemn, delete', async () => {
  const world = await standing('a', 'b', 'c', 'd');
  const calls: string[] = [];
  world.onCall = (operation, table) => calls.push(`${operation} ${table}`);
  const all = [
    remove('d'),
    condemn('a'),
    pardon('a'),
    resize('lower', 'b', 1),
    recovery('n'),
    timeToLive('n'),
    resize('raise', 'c', 9),
    create('n'),
  ];
  expect(await applied(all, world)).toEqual([
    'create n applied',
    'raise c applied',
    'time-to-live n applied',
    'recovery n applied',
    'lower b applied',
    'pardon a applied',
    'condemn a applied',
    'delete d applied',
  ]);
  expect(calls).toEqual([
    'CreateTable n',
    'UpdateTable c',
    'UpdateTimeToLive n',
    'UpdateContinuousBackups n',
    'UpdateTable b',
    'DeleteTable d',
  ]);
});

describe('a failing action', () => {
  it('stops no other, of its stage or a later one', async () => {
    const world = await standing('a', 'b', 'c');
    failing(world, 'b', 'access-denied');
    expect(
      await applied(
        [resize('raise', 'a', 9), resize('raise', 'b', 9), resize('raise', 'c', 9), create('d')],
        world,
      ),
    ).toEqual([
      'create d applied',
      'raise a applied',
      'raise c applied',
      'raise b failed: No, says AWS, 1 (access-denied)',
    ]);
  });

  it.each<FailureCode>(['throttled', 'limit-exceeded', 'in-use', 'unavailable'])(
    'is tried again where the failure passes: %s',
    async (code) => {
      const world = await standing('a');
      const seen = failing(world, 'a', code, 2);
      expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a applied']);
      expect(seen.calls).toBe(3);
    },
  );

  it.each<FailureCode>(['throttled', 'limit-exceeded', 'in-use', 'unavailable'])(
    'is given up after so many tries: %s',
    async (code) => {
      const world = await standing('a');
      const seen = failing(world, 'a', code);
      expect(await applied([resize('raise', 'a', 9)], world)).toEqual([
        `raise a failed: No, says AWS, 4 (${code})`,
      ]);
      expect(seen.calls).toBe(4);
    },
  );

  it.each<FailureCode>(['access-denied', 'refused', 'not-found'])(
    'is not tried again where that cannot help: %s',
    async (code) => {
      const world = await standing('a');
      const seen = failing(world, 'a', code);
      expect(await applied([resize('raise', 'a', 9)], world)).toEqual([
        `raise a failed: No, says AWS, 1 (${code})`,
      ]);
      expect(seen.calls).toBe(1);
    },
  );

  it('of any other kind is reported, not thrown', async () => {
    const world = await standing('a');
    world.onCall = () => {
      throw new RangeError('a bug');
    };
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a failed: a bug']);
  });

  it('takes only what needs its table with it', async () => {
    const world = await standing('a');
    failing(world, 'n', 'access-denied');
    expect(await applied([create('n'), timeToLive('n'), recovery('n'), timeToLive('a')], world)).toEqual([
      'create n failed: No, says AWS, 1 (access-denied)',
      'time-to-live n skipped: Its table could not be made.',
      'time-to-live a applied',
      'recovery n skipped: Its table could not be made.',
    ]);
  });
});

describe('the deadline', () => {
  it('lets nothing begin any more, and says so', async () => {
    const world = await standing('a');
    const options = { deadline: world.clock.now() };
    expect(await applied([resize('raise', 'a', 9), condemn('a')], world, options)).toEqual([
      'raise a skipped: No time was left; the next run does it.',
      'condemn a skipped: No time was left; the next run does it.',
    ]);
  });

  it('lets no failed one be tried again', async () => {
    const world = await standing('a');
    const seen = failing(world, 'a', 'throttled');
    world.onCall = ((fail) => (operation: string, table: string) => {
      world.clock.moveTo(world.clock.now() + MINUTE);
      fail(operation, table);
    })(world.onCall);
    const options = { deadline: world.clock.now() + 2 * MINUTE };
    expect(await applied([resize('raise', 'a', 9)], world, options)).toEqual([
      'raise a failed: No, says AWS, 2 (throttled)',
    ]);
    expect(seen.calls).toBe(2);
  });

  it('is not slept past between two tries', async () => {
    const world = await standing('a');
    failing(world, 'a', 'throttled');
    const slow = { retries: 3, firstDelayMs: 20_000, longestDelayMs: 20_000 };
    const begun = performance.now();
    await applied([resize('raise', 'a', 9)], world, { deadline: world.clock.now() + 30, backoff: slow });
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('ends the wait for a table that does not become ACTIVE', async () => {
    const world = new World(NOW, { createMs: 60 * MINUTE });
    expect(await applied([create('n'), timeToLive('n')], world, { deadline: NOW + 5 * MINUTE })).toEqual([
      'create n applied',
      'time-to-live n failed: n is still CREATING. (in-use)',
    ]);
  });
});

describe('creating', () => {
  it('what somebody made meanwhile counts as applied', async () => {
    const world = await standing('a');
    expect(await applied([create('a'), timeToLive('a')], world)).toEqual([
      'create a applied',
      'time-to-live a applied',
    ]);
  });

  it('what is just being deleted waits until it is gone', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    world.onCall = () => world.clock.moveTo(world.clock.now() + 4_000);
    expect(await applied([create('a')], world)).toEqual(['create a applied']);
    expect(world.table('a').status(world.clock.now())).toBe('CREATING');
  });

  it('does not wait for anything to become ACTIVE', async () => {
    const world = new World(NOW, { createMs: 60 * MINUTE });
    await applied([create('a'), create('b')], world);
    expect(world.clock.now()).toBe(NOW);
  });
});

describe('settings', () => {
  it('of a table that is going away are not waited for', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    expect(await applied([timeToLive('a')], world)).toEqual([
      'time-to-live a failed: a is DELETING. (refused)',
    ]);
  });

  it('of a table that is gone fail at once', async () => {
    expect(await applied([timeToLive('a')], new World(NOW))).toEqual([
      'time-to-live a failed: a does not exist. (not-found)',
    ]);
  });
});

describe('resizing', () => {
  it('to what stands already, because an answer got lost, counts as applied', async () => {
    const world = await standing('a');
    await world.ports().tables.resize('a', [{ from: units(5, 5), to: units(5, 9) }]);
    world.clock.moveTo(world.clock.now() + 2 * MINUTE);
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a applied']);
  });

  it('that DynamoDB refuses for another reason fails', async () => {
    const world = await standing('a');
    failing(world, 'a', 'refused');
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual([
      'raise a failed: No, says AWS, 1 (refused)',
    ]);
  });
});

describe('deleting', () => {
  it('removes the very table that was condemned, and its sentence', async () => {
    const world = await standing('a');
    await applied([condemn('a')], world);
    expect(await world.ports().state.sentences()).toEqual([{ table: 'a', createdAt: NOW, condemnedAt: NOW }]);
    expect(await applied([remove('a')], world)).toEqual(['delete a applied']);
    expect(world.table('a').status(world.clock.now())).toBe('DELETING');
    expect(await world.ports().state.sentences()).toEqual([]);
  });

  it('refuses a later table of the same name', async () => {
    const world = await standing('a');
    expect(await applied([remove('a', NOW - 1)], world)).toEqual([
      'delete a failed: It was made 2026-11-21T12:00:00.000Z, the condemned one 2026-11-21T11:59:59.999Z. (refused)',
    ]);
    expect(world.table('a').status(world.clock.now())).toBe('ACTIVE');
  });

  it('of what is gone, or going, already counts as applied', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    expect(await applied([remove('a'), remove('b')], world)).toEqual([
      'delete a applied',
      'delete b applied',
    ]);
  });

  it('keeps the sentence of a table that could not be deleted', async () => {
    const world = await standing('a');
    await applied([condemn('a')], world);
    failing(world, 'a', 'access-denied');
    await applied([remove('a')], world);
    expect(await world.ports().state.sentences()).toHaveLength(1);
  });
});

it('tells each result as it comes', async () => {
  const world = await standing('a');
  const told: Result[] = [];
  const results = await apply([condemn('a'), pardon('a')], world.ports(), {
    onResult: (result) => told.push(result),
  });
  expect(told).toEqual(results);
});

describe('a plan', () => {
  const config = configOf([specOf()]);

  it('has the same fingerprint while the world is the same, and another when it is not', async () => {
    const world = new World(NOW);
    const print = async () =>
      (await makePlan(['rotate', 'purge', 'scale'], config, world.ports(), NOW)).plan.fingerprint;
    const first = await print();
    world.clock.moveTo(NOW + MINUTE);
    expect(await print()).toBe(first);
    await world.ports().tables.create({ TableName: 'unrelated' });
    expect(await print()).toBe(first);
    await applied([create('production.Events.20261121')], world);
    expect(await print()).not.toBe(first);
  });

  it('changes nothing', async () => {
    const world = new World(NOW);
    world.onCall = (operation) => {
      throw new Error(operation);
    };
    const { plan } = await makePlan(['rotate', 'purge', 'scale'], config, world.ports(), NOW);
    expect(plan.actions).toHaveLength(2);
  });
});
