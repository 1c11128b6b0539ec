import { describe, expect, it } from 'vitest';
import { type FailureCode, ServiceError } from '../../src/core/failure.ts';
import type { Action, Job } from '../../src/core/plan.ts';
import type { Urgency } from '../../src/core/rotating/urgency.ts';
import { type ApplyOptions, apply, leftUndone, NO_TIME, type Result } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { RateLimiter } from '../../src/jobs/rate-limiter.ts';
import { type Delays, World } from '../support/sim/world.ts';
import { at, configOf, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { impatient } from '../support/worlds.ts';

const NOW = at('2026-11-21T12:00');
const subject = (table: string, job: Job = 'rotate') => ({ job, group: 'G', table, message: '' });
const create = (table: string, urgency: Urgency = 'current'): Action => ({
  ...subject(table),
  kind: 'create',
  reason: 'missing',
  urgency,
  input: { TableName: table, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } },
});
const resize = (kind: 'raise' | 'lower', table: string, write: number, job?: Job): Action => ({
  ...subject(table, job),
  kind,
  reason: kind === 'raise' ? 'warm-up' : 'period-ended',
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
const scheduleDeletion = (table: string, createdAt = NOW): Action => ({
  ...subject(table),
  kind: 'schedule-deletion',
  reason: 'expired',
  createdAt: new Date(createdAt).toISOString(),
  scheduledAt: new Date(NOW).toISOString(),
});
const cancelDeletion = (table: string): Action => ({
  ...subject(table),
  kind: 'cancel-deletion',
  reason: 'retained',
});
const remove = (table: string, createdAt = NOW): Action => ({
  ...subject(table),
  kind: 'delete',
  reason: 'still-expired',
  createdAt: new Date(createdAt).toISOString(),
  scheduledAt: new Date(NOW).toISOString(),
});

/** ACTIVE tables with 5 reads and 5 writes, created at NOW. */
async function standing(...names: readonly (string | Partial<Delays>)[]): Promise<World> {
  const tables = names.filter((name) => typeof name === 'string');
  const world = new World(
    NOW,
    names.find((name) => typeof name === 'object'),
  );
  await apply(
    tables.map((table) => create(table)),
    world.ports(),
  );
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

it('sends the changes after a throttled one at the rate of the account, and repeats that one', async () => {
  const names = Array.from({ length: 9 }, (_, i) => `t${i}`);
  const world = await standing(...names);
  failing(world, 't0', 'throttled', 1);
  const startedAt = world.clock.now();
  const rateLimiter = new RateLimiter(2, world.clock, Infinity);
  const results = await apply(
    names.map((name) => resize('raise', name, 10)),
    world.ports(),
    { backoff: impatient, rateLimiter },
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'applied'));
  // Up to four start together, and the others have a turn each half second.
  expect(world.clock.now() - startedAt).toBeGreaterThanOrEqual(5 * 500);
});

it('skips the changes that have no turn before the deadline', async () => {
  const world = await standing('a', 'b', 'c', 'd', 'e', 'f', 'g');
  failing(world, 'a', 'throttled', 1);
  const deadline = world.clock.now() + 2_500;
  const rateLimiter = new RateLimiter(1, world.clock, deadline);
  const actions = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => resize('raise', name, 10));
  const results = await apply(actions, world.ports(), { backoff: impatient, rateLimiter, deadline });
  const skipped = results.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.every(({ error }) => error === NO_TIME)).toBe(true);
  expect(results.length).toBe(actions.length);
});

it('applies create, settings, raise, lower, cancel-deletion, schedule-deletion, delete, in this order', async () => {
  const world = await standing({ createMs: 0, enableBackupsMs: 0 }, 'a', 'b', 'c', 'd');
  const calls: string[] = [];
  world.onCall = (operation, table) => calls.push(`${operation} ${table}`);
  const all = [
    remove('d'),
    scheduleDeletion('a'),
    cancelDeletion('a'),
    resize('lower', 'b', 1),
    recovery('n'),
    timeToLive('n'),
    resize('raise', 'c', 9),
    create('n'),
  ];
  expect(await applied(all, world)).toEqual([
    'create n applied',
    'time-to-live n applied',
    'recovery n applied',
    'raise c applied',
    'lower b applied',
    'cancel-deletion a applied',
    'schedule-deletion a applied',
    'delete d applied',
  ]);
  expect(calls).toEqual([
    'CreateTable n',
    'UpdateTimeToLive n',
    'UpdateContinuousBackups n',
    'UpdateTable c',
    'UpdateTable b',
    'DeleteTable d',
  ]);
});

describe('a failing action', () => {
  it('stops no other action of its stage or a later one', async () => {
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
      'raise b failed: No, says AWS, 1 (access-denied)',
      'raise c applied',
    ]);
  });

  it.each<FailureCode>(['throttled', 'limit-exceeded', 'in-use', 'unavailable'])(
    'is tried again if the failure can pass: %s',
    async (code) => {
      const world = await standing('a');
      const seen = failing(world, 'a', code, 2);
      expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a applied']);
      expect(seen.calls).toBe(3);
    },
  );

  it.each<FailureCode>(['throttled', 'limit-exceeded', 'in-use', 'unavailable'])(
    'is tried a limited number of times: %s',
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
    'is not tried again if that cannot help: %s',
    async (code) => {
      const world = await standing('a');
      const seen = failing(world, 'a', code);
      expect(await applied([resize('raise', 'a', 9)], world)).toEqual([
        `raise a failed: No, says AWS, 1 (${code})`,
      ]);
      expect(seen.calls).toBe(1);
    },
  );

  it('reports an unexpected error instead of throwing it', async () => {
    const world = await standing('a');
    world.onCall = () => {
      throw new RangeError('a bug');
    };
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a failed: a bug']);
  });

  it('stops only the actions that need its table', async () => {
    const world = await standing('a');
    failing(world, 'n', 'access-denied');
    expect(await applied([create('n'), timeToLive('n'), recovery('n'), timeToLive('a')], world)).toEqual([
      'create n failed: No, says AWS, 1 (access-denied)',
      'time-to-live n skipped: The table could not be created.',
      'time-to-live a applied',
      'recovery n skipped: The table could not be created.',
    ]);
  });
});

describe('four actions that always fail', () => {
  const stubborn = ['s1', 's2', 's3', 's4'];
  const refuse = (world: World) => {
    const calls: string[] = [];
    world.onCall = (_, table) => {
      calls.push(table);
      if (stubborn.includes(table)) throw new ServiceError('limit-exceeded', 'Too many');
    };
    return calls;
  };

  it('delay no other action: each action is tried once before any is repeated', async () => {
    const world = await standing('a', 'b', 'd');
    const calls = refuse(world);
    const raised = (table: string) => resize('raise', table, 9);
    const all = [
      ...stubborn.map((table) => create(table)),
      create('n'),
      raised('a'),
      raised('b'),
      remove('d'),
    ];
    const begun = world.clock.now();
    const reported: [string, number][] = [];
    const onResult = ({ action, outcome }: Result) =>
      reported.push([`${action.table} ${outcome}`, world.clock.now() - begun]);
    await applied(all, world, { onResult });
    expect(calls.slice(0, 8)).toEqual([...stubborn, 'n', 'a', 'b', 'd']);
    expect(calls.slice(8)).toEqual([...stubborn, ...stubborn, ...stubborn]);
    expect(reported.slice(0, 4)).toEqual(['n', 'a', 'b', 'd'].map((table) => [`${table} applied`, 0]));
    expect(reported.slice(4).map(([text]) => text)).toEqual(stubborn.map((table) => `${table} failed`));
  });

  it('leave time for the other actions in a short run', async () => {
    const world = await standing('a');
    refuse(world);
    const options = { deadline: world.clock.now() + 100, backoff: { ...impatient, firstDelayMs: 300 } };
    expect(
      await applied([...stubborn.map((table) => create(table)), resize('raise', 'a', 9)], world, options),
    ).toContain('raise a applied');
  });
});

describe('a limit on creations', () => {
  it('is met by no upcoming table before every current one exists, even if there is room meanwhile', async () => {
    const world = new World(NOW);
    const calls: string[] = [];
    let refusals = 1;
    world.onCall = (_, table) => {
      calls.push(table);
      if (table === 'current' && refusals-- > 0) throw new ServiceError('limit-exceeded', 'Too many');
    };
    expect(await applied([create('upcoming', 'next'), create('current')], world)).toEqual([
      'create current applied',
      'create upcoming applied',
    ]);
    expect(calls).toEqual(['current', 'current', 'upcoming']);
  });
});

describe('an action on a table that could not be created', () => {
  it('waits while the creation is repeated', async () => {
    const world = new World(NOW);
    failing(world, 'n', 'limit-exceeded', 2);
    expect(await applied([create('n'), timeToLive('n'), create('m')], world)).toEqual([
      'create m applied',
      'create n applied',
      'time-to-live n applied',
    ]);
  });

  it('is skipped if the creation failed for good', async () => {
    const world = new World(NOW);
    failing(world, 'n', 'limit-exceeded');
    expect(await applied([create('n'), timeToLive('n')], world)).toEqual([
      'create n failed: No, says AWS, 4 (limit-exceeded)',
      'time-to-live n skipped: The table could not be created.',
    ]);
  });
});

describe('stopping a run', () => {
  it('finishes actions in progress, starts no other, and says so', async () => {
    const world = await standing('a', 'b');
    const stop = new AbortController();
    world.onCall = () => stop.abort();
    const options = { stop: stop.signal };
    expect(await applied([resize('raise', 'a', 9), scheduleDeletion('b')], world, options)).toEqual([
      'raise a applied',
      'schedule-deletion b skipped: The run was stopped before this action started.',
    ]);
  });

  it('ends a pause', async () => {
    const world = await standing('a');
    const stop = new AbortController();
    const seen = failing(world, 'a', 'throttled');
    const sleep = async () => stop.abort();
    const ports = { ...world.ports(), clock: { now: () => world.clock.now(), sleep } };
    expect(say(await apply([resize('raise', 'a', 9)], ports, { stop: stop.signal }))).toEqual([
      'raise a failed: No, says AWS, 1 (throttled)',
    ]);
    expect(seen.calls).toBe(1);
  });
});

describe('the deadline', () => {
  it('starts no further action, and says so', async () => {
    const world = await standing('a');
    const options = { deadline: world.clock.now() };
    expect(await applied([resize('raise', 'a', 9), scheduleDeletion('a')], world, options)).toEqual([
      'raise a skipped: The run reached its deadline. The next run tries again.',
      'schedule-deletion a skipped: The run reached its deadline. The next run tries again.',
    ]);
  });

  it('repeats no failed action', async () => {
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

  it('does not sleep past it between two tries', async () => {
    const world = await standing('a');
    failing(world, 'a', 'throttled');
    const slow = { retries: 3, firstDelayMs: 20_000, longestDelayMs: 20_000 };
    const deadline = world.clock.now() + 30;
    expect(await applied([resize('raise', 'a', 9)], world, { deadline, backoff: slow })).toEqual([
      'raise a failed: No, says AWS, 1 (throttled)',
    ]);
    expect(world.clock.now()).toBeLessThan(deadline);
  });

  it('stops waiting for a table that does not become ACTIVE', async () => {
    const world = new World(NOW, { createMs: 60 * MINUTE });
    expect(await applied([create('n'), timeToLive('n')], world, { deadline: NOW + 5 * MINUTE })).toEqual([
      'create n applied',
      'time-to-live n failed: n is still CREATING. (in-use)',
    ]);
  });
});

describe('creating a table', () => {
  it('counts as applied if another run has created it meanwhile', async () => {
    const world = await standing('a');
    expect(await applied([create('a'), timeToLive('a')], world)).toEqual([
      'create a applied',
      'time-to-live a applied',
    ]);
  });

  it('waits while a table of that name is being deleted', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    world.onCall = () => world.clock.moveTo(world.clock.now() + 4_000);
    expect(await applied([create('a')], world)).toEqual(['create a applied']);
    expect(world.table('a').status(world.clock.now())).toBe('CREATING');
  });

  it('does not wait until the table is ACTIVE', async () => {
    const world = new World(NOW, { createMs: 60 * MINUTE });
    await applied([create('a'), create('b')], world);
    expect(world.clock.now()).toBe(NOW);
  });
});

describe('creating a table that exists', () => {
  const tag = (Key: string, Value: string) => ({ Key, Value });
  const ownTags = [tag('turntable:environment', 'production'), tag('turntable:spec', 'G'), tag('team', 'a')];
  const tagged = (...Tags: readonly { Key: string; Value: string }[]): Action => {
    const action = create('a') as Extract<Action, { kind: 'create' }>;
    return { ...action, input: { ...action.input, Tags } };
  };
  const over = async (standing: Action): Promise<string[]> => {
    const world = new World(NOW);
    await applied([standing], world);
    return applied([tagged(...ownTags), timeToLive('a')], world);
  };

  it('counts as applied if its ownership tags match', async () => {
    expect(await over(tagged(ownTags[1]!, ownTags[0]!, tag('team', 'b')))).toEqual([
      'create a applied',
      'time-to-live a applied',
    ]);
  });

  it.each<[string, Action, string]>([
    ['no tag', create('a'), 'it has no tag turntable:environment.'],
    [
      'another tag',
      tagged(ownTags[0]!, tag('turntable:spec', 'H')),
      'the tag turntable:spec is "H" instead of "G".',
    ],
  ])('fails if its ownership tags differ: %s', async (_, standing, why) => {
    expect(await over(standing)).toEqual([
      `create a failed: a already exists and does not belong to the spec: ${why} (refused)`,
      'time-to-live a skipped: The table could not be created.',
    ]);
  });
});

describe('settings', () => {
  it('wait, without a call, until the table is ACTIVE', async () => {
    const world = new World(NOW, { createMs: 60_000 });
    const calls: string[] = [];
    world.onCall = (operation) => calls.push(operation);
    const patient = { retries: 4, firstDelayMs: 30_000, longestDelayMs: 30_000 };
    expect(await applied([create('n'), timeToLive('n')], world, { backoff: patient })).toEqual([
      'create n applied',
      'time-to-live n applied',
    ]);
    expect(calls).toEqual(['CreateTable', 'UpdateTimeToLive']);
  });

  it('fail immediately if the table is being deleted', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    expect(await applied([timeToLive('a')], world)).toEqual([
      'time-to-live a failed: a is DELETING. (refused)',
    ]);
  });

  it('fail immediately if the table does not exist', async () => {
    expect(await applied([timeToLive('a')], new World(NOW))).toEqual([
      'time-to-live a failed: a does not exist. (not-found)',
    ]);
  });
});

describe('resizing', () => {
  it('counts as applied if an earlier try without an answer has made the change', async () => {
    const world = await standing('a');
    await world.ports().tables.resize('a', [{ from: units(5, 5), to: units(5, 9) }]);
    world.clock.moveTo(world.clock.now() + 2 * MINUTE);
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a applied']);
  });

  it('changes the rest if an earlier try has made part of the change', async () => {
    const world = await standing('a');
    const { tables } = world.ports();
    const sent: unknown[] = [];
    const withIndex: typeof tables = {
      ...tables,
      describe: async (name) => {
        const state = (await tables.describe(name))!;
        const own = state.capacities[0]!;
        return {
          ...state,
          capacities: [
            { ...own, write: 9 },
            { ...own, index: 'i', write: 5 },
          ],
        };
      },
      resize: async (_, changes) => void sent.push(...changes),
    };
    const left = { index: 'i', from: units(5, 5), to: units(5, 9) };
    const both: Action = {
      ...resize('raise', 'a', 9),
      changes: [{ from: units(5, 5), to: units(5, 9) }, left],
    } as Action;
    const results = await apply([both], { ...world.ports(), tables: withIndex });
    expect(say(results)).toEqual(['raise a applied']);
    expect(sent).toEqual([left]);
  });

  const superseded = 'The capacity changed after planning. The next run decides again.';

  it('does nothing if the capacity changed after planning', async () => {
    const world = await standing('a');
    await world.ports().tables.resize('a', [{ from: units(5, 5), to: units(5, 40) }]);
    world.clock.moveTo(world.clock.now() + 2 * MINUTE);
    const calls = failing(world, 'a', 'throttled', 0);
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual([`raise a superseded: ${superseded}`]);
    expect(calls.calls).toBe(0);
    expect((await world.ports().tables.describe('a'))?.capacities[0]?.write).toBe(40);
  });

  it('compares the capacity again before every try', async () => {
    const world = await standing('a');
    world.onCall = () => {
      world.onCall = () => {};
      world.table('a').resize([{ from: units(5, 5), to: units(5, 40) }], world.clock.now(), 0);
      throw new ServiceError('throttled', 'Rate exceeded');
    };
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual([`raise a superseded: ${superseded}`]);
  });

  it('is superseded if scale finds the table busy', async () => {
    const busy = (answer: string) =>
      `The table is busy with another change: ${answer}. The next run decides again.`;
    const world = await standing('a', 'b');
    await world.ports().tables.resize('a', [{ from: units(5, 5), to: units(5, 40) }]);
    const seen = failing(world, 'b', 'in-use');
    expect(
      await applied([resize('raise', 'a', 9, 'scale'), resize('raise', 'b', 9, 'scale')], world),
    ).toEqual([
      `raise a superseded: ${busy('a is still UPDATING')}`,
      `raise b superseded: ${busy('No, says AWS, 1')}`,
    ]);
    expect(seen.calls).toBe(1);
  });

  it('is repeated if rotate finds the table busy', async () => {
    const world = await standing('a');
    const seen = failing(world, 'a', 'in-use', 1);
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual(['raise a applied']);
    expect(seen.calls).toBe(2);
  });

  describe('with an alternative', () => {
    const raise = (orElse: number): Action =>
      ({ ...resize('raise', 'a', 9), orElse: [{ from: units(5, 5), to: units(5, orElse) }] }) as Action;
    const writesOf = (world: World) =>
      world.table('a').describe(world.clock.now() + HOUR).capacities[0]?.write;

    it.each<FailureCode>(['refused', 'limit-exceeded'])(
      'makes it and fails if DynamoDB says %s',
      async (code) => {
        const world = await standing('a');
        failing(world, 'a', code, 1);
        expect(await applied([raise(7)], world)).toEqual([
          'raise a failed: No, says AWS, 1 Turntable made only the part within the quota of a table with its indexes. (refused)',
        ]);
        expect(writesOf(world)).toBe(7);
      },
    );

    it('fails with the words of DynamoDB if nothing of it is left', async () => {
      const world = await standing('a');
      failing(world, 'a', 'refused', 1);
      expect(await applied([raise(5)], world)).toEqual(['raise a failed: No, says AWS, 1 (refused)']);
      expect(writesOf(world)).toBe(5);
    });

    it('does not need it if DynamoDB accepts the raise', async () => {
      const world = await standing('a');
      expect(await applied([raise(7)], world)).toEqual(['raise a applied']);
      expect(writesOf(world)).toBe(9);
    });
  });

  it('fails if DynamoDB rejects it for another reason', async () => {
    const world = await standing('a');
    failing(world, 'a', 'refused');
    expect(await applied([resize('raise', 'a', 9)], world)).toEqual([
      'raise a failed: No, says AWS, 1 (refused)',
    ]);
  });
});

describe('deleting', () => {
  it('deletes exactly the table whose deletion was scheduled, and the record', async () => {
    const world = await standing('a');
    await applied([scheduleDeletion('a')], world);
    expect(await world.ports().state.scheduledDeletions()).toEqual([
      { table: 'a', createdAt: NOW, scheduledAt: NOW },
    ]);
    expect(await applied([remove('a')], world)).toEqual(['delete a applied']);
    expect(world.table('a').status(world.clock.now())).toBe('DELETING');
    expect(await world.ports().state.scheduledDeletions()).toEqual([]);
  });

  it('fails if the table got the keep tag after planning', async () => {
    const world = await standing('a');
    const { tables } = world.ports();
    await tables.tag((await tables.describe('a'))!.arn, { 'turntable:keep': 'ask Ada' });
    expect(await applied([remove('a')], world)).toEqual([
      'delete a failed: The table got the tag turntable:keep after planning. (refused)',
    ]);
    expect(world.table('a').status(world.clock.now())).toBe('ACTIVE');
  });

  it('fails for a later table of the same name', async () => {
    const world = await standing('a');
    expect(await applied([remove('a', NOW - 1)], world)).toEqual([
      'delete a failed: The table was created at 2026-11-21T12:00:00.000Z, but the deletion was scheduled for one created at 2026-11-21T11:59:59.999Z. (refused)',
    ]);
    expect(world.table('a').status(world.clock.now())).toBe('ACTIVE');
  });

  it('counts as applied if the table no longer exists or is DELETING', async () => {
    const world = await standing('a');
    await world.ports().tables.remove('a');
    expect(await applied([remove('a'), remove('b')], world)).toEqual([
      'delete a applied',
      'delete b applied',
    ]);
  });

  it('keeps the scheduled deletion of a table that could not be deleted', async () => {
    const world = await standing('a');
    await applied([scheduleDeletion('a')], world);
    failing(world, 'a', 'access-denied');
    await applied([remove('a')], world);
    expect(await world.ports().state.scheduledDeletions()).toHaveLength(1);
  });
});

it('reports each result immediately', async () => {
  const world = await standing('a');
  const reported: Result[] = [];
  const results = await apply([scheduleDeletion('a'), cancelDeletion('a')], world.ports(), {
    onResult: (result) => reported.push(result),
  });
  expect(reported).toEqual(results);
});

describe('a plan', () => {
  const config = configOf([specOf()]);

  it('has the same fingerprint until tables change', async () => {
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

describe('between two tries', () => {
  it('a creation pauses for ten seconds at most, and holds up no action that pauses longer', async () => {
    const world = await standing('a', { createMs: 0 });
    const begun = world.clock.now();
    const calls: string[] = [];
    const left = new Map([
      ['n', 2],
      ['a', 1],
    ]);
    world.onCall = (_, table) => {
      calls.push(table === 'n' ? `n after ${world.clock.now() - begun} ms` : table);
      const refusals = left.get(table)!;
      left.set(table, refusals - 1);
      if (refusals > 0) throw new ServiceError('limit-exceeded', 'Too many');
    };
    const backoff = { retries: 3, firstDelayMs: 60_000, longestDelayMs: 60_000 };
    await applied([resize('raise', 'a', 9), create('n')], world, { backoff });
    expect(calls).toEqual(['n after 0 ms', 'a', 'n after 10000 ms', 'n after 20000 ms', 'a']);
  });

  it('the actions of a stage keep their order', async () => {
    const world = await standing('a', { createMs: 0, enableBackupsMs: 0 });
    const calls: string[] = [];
    const left = new Map([
      ['n', 1],
      ['a', 1],
    ]);
    world.onCall = (_, table) => {
      calls.push(table);
      const refusals = left.get(table)!;
      left.set(table, refusals - 1);
      if (refusals > 0) throw new ServiceError('limit-exceeded', 'Too many');
    };
    const backoff = { retries: 3, firstDelayMs: 2_000, longestDelayMs: 2_000 };
    await applied([recovery('n'), recovery('a'), create('n')], world, { backoff });
    expect(calls).toEqual(['n', 'a', 'n', 'n', 'a']);
  });

  it('time passes even if the wall clock stands still', async () => {
    const world = new World(NOW);
    failing(world, 'n', 'limit-exceeded');
    let pauses = 0;
    const sleep = async () => {
      pauses += 1;
      if (pauses > 20) throw new Error('The run does not end.');
    };
    const ports = { ...world.ports(), clock: { now: () => NOW, sleep } };
    const backoff = { retries: 3, firstDelayMs: 10_000, longestDelayMs: 10_000 };
    const results = await apply([create('n')], ports, { deadline: NOW + MINUTE, backoff });
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(pauses).toBeGreaterThan(4);
  });
});

it.each<[Result['outcome'], boolean]>([
  ['applied', false],
  ['superseded', false],
  ['failed', true],
  ['skipped', true],
])('leaves an action undone, or not, if it is %s', (outcome, undone) => {
  expect(leftUndone({ action: create('a'), outcome })).toBe(undone);
});
