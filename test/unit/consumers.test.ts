import { describe, expect, it, test } from 'vitest';
import { warningsOf } from '../../src/config/warnings.ts';
import { ServiceError } from '../../src/core/failure.ts';
import type { Action, Hold } from '../../src/core/plan.ts';
import type { Config } from '../../src/core/spec.ts';
import type { Properties } from '../../src/generated/tables.ts';
import { perform } from '../../src/jobs/perform.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, type SpecOptions, specOf } from '../support/specs.ts';
import { confirmAll, run, sayResults, wanted } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';
const STREAM: Partial<Properties> = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

const configWith = (options: SpecOptions = {}): Config =>
  configOf([specOf({ properties: STREAM, consumers: ['visits'], ...options })]);
const config = configWith();

/** A world in which rotate has created the tables and attached the consumers, a while ago. */
async function rotated(of: Config = config, now = NOON): Promise<World> {
  const world = new World(now);
  await run('rotate', of, world);
  await world.clock.sleep(2 * MINUTE);
  return world;
}

const streamOf = (world: World, table: string) => world.table(table).describe(world.clock.now()).stream!;
const mappingOf = (world: World, table: string) =>
  world.lambda.all('visits').find(({ source }) => source === streamOf(world, table))!;
const held = (holds: readonly Hold[]): string[] =>
  holds.map(({ kind, table, reason, urgent }) => `${kind} ${table} ${reason}${urgent ? '!' : ''}`);
/** What rotate holds, and its messages. */
async function heldBy(world: World, of: Config = config): Promise<{ held: string[]; messages: string }> {
  const { plan } = await makePlan(['rotate'], of, world.ports(), world.clock.now());
  return { held: held(plan.holds), messages: plan.holds.map(({ message }) => message).join('\n') };
}

test('more than two consumers of a stream are a warning', () => {
  const three = configWith({ consumers: ['visits', 'audit', 'search'] });
  expect(warningsOf(configWith({ consumers: ['visits', 'audit'] }))).toEqual([]);
  expect(warningsOf(three)).toEqual([
    'production: Events has 3 Consumers. DynamoDB allows 2 readers of a stream and throttles more. Use one function that passes changes on, or KinesisStreamDestination.',
  ]);
});

describe('a consumer', () => {
  it('is attached to the stream of every table in the run that creates it', async () => {
    const world = new World(NOON);
    const settings = { StartingPosition: 'TRIM_HORIZON', BatchSize: 500 };
    const summary = await run('rotate', configWith({ consumers: [{ function: 'visits', settings }] }), world);
    expect(summary.outcome).toBe('done');
    expect(sayResults(summary)).toEqual([
      `create ${TODAY}: applied`,
      `create ${TOMORROW}: applied`,
      `attach-consumer ${TODAY}: applied`,
      `attach-consumer ${TOMORROW}: applied`,
    ]);
    expect(world.lambda.all('visits').map((one) => [one.source, one.settings])).toEqual([
      [streamOf(world, TODAY), settings],
      [streamOf(world, TOMORROW), settings],
    ]);
    await world.clock.sleep(MINUTE);
    expect(await wanted('rotate', config, world)).toEqual([]);
  });

  it('is attached to the next table before its period, and needs one list of its function for all tables', async () => {
    const world = await rotated();
    world.clock.moveTo(NOON + DAY);
    const lists: string[] = [];
    world.lambda.onList = (name) => lists.push(name);
    expect(sayResults(await run('rotate', config, world)).filter((line) => /consumer/.test(line))).toEqual([
      'attach-consumer production.Events.20261123: applied',
    ]);
    expect(lists).toEqual(['visits']);
  });

  it('is attached to tables that exist already, and to outdated ones whose streams can have changes', async () => {
    const world = await rotated(configWith({ consumers: [], keep: 5 }));
    world.clock.moveTo(NOON + DAY);
    expect(await wanted('rotate', configWith({ keep: 5, settings: { periodsAhead: 0 } }), world)).toEqual([
      `attach-consumer ${TODAY} (consumer-missing)`,
      `attach-consumer ${TOMORROW} (consumer-missing)`,
      `lower ${TODAY} (period-ended)`,
    ]);
  });

  it('needs no call of Lambda without Consumers', async () => {
    const world = new World(NOON);
    const { mappings: _, ...ports } = world.ports();
    const without = Object.assign(Object.create(world) as World, { ports: () => ports });
    expect((await run('rotate', configWith({ consumers: [] }), without)).outcome).toBe('done');
  });

  it('is attached once if the answer of Lambda is lost, or another run attached it', async () => {
    const world = new World(NOON);
    const { mappings, ...ports } = world.ports();
    let lost = 0;
    const losing = {
      ...mappings!,
      list: (name: string) => mappings!.list(name),
      create: async (...args: Parameters<typeof world.lambda.create>) => {
        await world.lambda.create(...args);
        lost += 1;
        throw new ServiceError('unavailable', 'socket hang up');
      },
    };
    const faulty = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, mappings: losing }),
    });
    expect((await run('rotate', config, faulty)).outcome).toBe('done');
    expect(lost).toBe(2);
    expect(world.lambda.all('visits')).toHaveLength(2);
  });

  it.each(['throttled', 'limit-exceeded', 'unavailable'] as const)(
    'is attached by a later try if Lambda answers %s',
    async (code) => {
      const world = new World(NOON);
      let left = 3;
      world.lambda.onCall = () => {
        left -= 1;
        if (left >= 0) throw new ServiceError(code, 'Later.');
      };
      expect((await run('rotate', config, world)).outcome).toBe('done');
      expect(world.lambda.all('visits')).toHaveLength(2);
    },
  );

  it('is attached by a later try if Lambda does not find the new stream yet', async () => {
    const world = new World(NOON);
    let left = 4;
    world.lambda.onCall = () => {
      left -= 1;
      if (left >= 0) throw new ServiceError('not-found', 'Stream not found');
    };
    expect((await run('rotate', config, world)).outcome).toBe('done');
  });

  it('makes the run fail, and no creation, if Lambda denies the call or has no such function', async () => {
    const world = new World(NOON);
    world.absent.add('visits');
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('failed');
    expect(sayResults(summary)).toEqual([
      `create ${TODAY}: applied`,
      `create ${TOMORROW}: applied`,
      `attach-consumer ${TODAY}: failed`,
      `attach-consumer ${TOMORROW}: failed`,
    ]);
    expect(summary.results[2]?.error).toBe('Function not found: visits (refused)');
  });
});

describe('a consumer that cannot be attached', () => {
  it('is an urgent hold from a day before the period of a table, if the function does not exist', async () => {
    const three = configWith({ settings: { periodsAhead: 3 } });
    const world = await rotated(configWith({ consumers: [], settings: { periodsAhead: 3 } }));
    world.absent.add('visits');
    const { held, messages } = await heldBy(world, three);
    expect(held.sort()).toEqual([
      `attach-consumer ${TODAY} consumer-missing!`,
      `attach-consumer ${TOMORROW} consumer-missing!`,
      'attach-consumer production.Events.20261123 consumer-missing',
      'attach-consumer production.Events.20261124 consumer-missing',
    ]);
    expect(messages).toContain('The function visits does not exist, so it gets no changes of the table.');
    expect((await run('rotate', three, world)).outcome).toBe('failed');
  });

  it('is an urgent hold if the table has no stream', async () => {
    const world = await rotated(configWith({ properties: {}, consumers: [] }));
    const { held, messages } = await heldBy(world);
    expect(held).toContain(`attach-consumer ${TODAY} consumer-missing!`);
    expect(messages).toContain('The table has no stream, so the function visits gets no changes.');
  });

  it('makes the run fail if its mappings cannot be read, and delays no creation', async () => {
    const world = await rotated();
    world.lambda.onList = () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    world.clock.moveTo(NOON + DAY);
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('failed');
    expect(sayResults(summary)).toContain('create production.Events.20261123: applied');
    expect(held(summary.holds)).toContain(`attach-consumer ${TOMORROW} unreadable!`);
  });

  it('is not attached to an unmanaged table', async () => {
    const world = await rotated(configWith({ consumers: [] }));
    const { tags } = world.table(TODAY);
    for (const key of Object.keys(tags)) delete tags[key];
    const { plan } = await makePlan(['rotate'], config, world.ports(), world.clock.now());
    expect(plan.actions.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      `attach-consumer ${TOMORROW}`,
    ]);
    expect(held(plan.holds)).toEqual([`use ${TODAY} not-owned!`]);
  });
});

describe('an event source mapping', () => {
  it('that a person made or changed stays, and the run says how it differs', async () => {
    const settings = { StartingPosition: 'LATEST', BatchSize: 10, FilterCriteria: { Filters: [] } };
    const world = await rotated(configWith({ consumers: [{ function: 'visits', settings }] }));
    const other = { StartingPosition: 'TRIM_HORIZON', BatchSize: 20, FilterCriteria: { Filters: [] } };
    const { held, messages } = await heldBy(
      world,
      configWith({ consumers: [{ function: 'visits', settings: other }] }),
    );
    expect(held).toEqual([
      `attach-consumer ${TODAY} settings-differ`,
      `attach-consumer ${TOMORROW} settings-differ`,
    ]);
    expect(messages).toContain('BatchSize is 10, but the spec says 20.');
    expect(messages).not.toContain('Filter');
    expect(messages).not.toContain('StartingPosition');
  });

  it('does not differ if Lambda returns more than the spec says, or may not show its filters', async () => {
    const settings = {
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failed' } },
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    };
    const own = configWith({ consumers: [{ function: 'visits', settings }] });
    const world = await rotated(own);
    const returning = (more: object) => {
      const { mappings, ...ports } = world.ports();
      const list = async () =>
        (await mappings!.list('visits'))!.map((one) => ({ ...one, settings: { ...one.settings, ...more } }));
      return Object.assign(Object.create(world) as World, {
        ports: () => ({ ...ports, mappings: { ...mappings!, list } }),
      });
    };
    const DestinationConfig = { ...settings.DestinationConfig, OnSuccess: {} };
    const FilterCriteriaError = { ErrorCode: 'KMSAccessDeniedException' };
    const unseen = { DestinationConfig, FilterCriteria: undefined, FilterCriteriaError, BatchSize: 100 };
    expect((await heldBy(returning(unseen), own)).held).toEqual([]);
    const other = { FilterCriteria: { Filters: [{ Pattern: '{}' }] } };
    expect((await heldBy(returning(other), own)).held).toHaveLength(2);
    const fewer = { FilterCriteria: { Filters: [] } };
    expect((await heldBy(returning(fewer), own)).held).toHaveLength(2);
  });

  it('of another function stays unseen', async () => {
    const world = await rotated();
    await world.lambda.create('by-hand', streamOf(world, TODAY), {});
    expect(await wanted('rotate', config, world)).toEqual([]);
  });

  it('that a person disabled stays so, and the run says it', async () => {
    const world = await rotated();
    world.lambda.enable(mappingOf(world, TODAY).id, false);
    for (const state of ['Disabling', 'Disabled']) {
      const { held, messages } = await heldBy(world);
      expect(held).toEqual([`attach-consumer ${TODAY} consumer-disabled`]);
      expect(messages).toContain(
        `is ${state} (User action) since 2026-11-21 12:02 UTC, so the function gets no changes.`,
      );
      await world.clock.sleep(MINUTE);
    }
    expect((await run('rotate', config, world)).outcome).toBe('done');
    world.lambda.enable(mappingOf(world, TODAY).id, true);
    expect(await wanted('rotate', config, world)).toEqual([]);
  });

  it('that Lambda disabled makes the run fail', async () => {
    const world = await rotated();
    world.lambda.enable(mappingOf(world, TOMORROW).id, false, 'Lambda initiated');
    expect((await heldBy(world)).held).toEqual([`attach-consumer ${TOMORROW} consumer-disabled!`]);
  });

  it('that is Deleting is replaced as soon as it is gone', async () => {
    const world = await rotated();
    await world.lambda.remove(mappingOf(world, TODAY).id);
    expect((await heldBy(world)).held).toEqual([`attach-consumer ${TODAY} consumer-missing!`]);
    await world.clock.sleep(MINUTE);
    expect(await wanted('rotate', config, world)).toEqual([`attach-consumer ${TODAY} (consumer-missing)`]);
  });

  it.each(['Creating', 'Enabling', 'Unheard'])(
    'makes the run fail if it stays %s near the period, or has an unknown state',
    async (state) => {
      const world = await rotated();
      const { mappings, ...ports } = world.ports();
      const list = async () =>
        (await mappings!.list('visits'))!.map((one) => ({ ...one, state, changedAt: NOON }));
      const stuck = Object.assign(Object.create(world) as World, {
        ports: () => ({ ...ports, mappings: { ...mappings!, list } }),
      });
      const early = (await heldBy(stuck)).held;
      expect(early.length).toBe(state === 'Unheard' ? 2 : 0);
      world.clock.moveTo(NOON + 16 * MINUTE);
      expect((await heldBy(stuck)).held).toEqual([
        `attach-consumer ${TODAY} consumer-missing!`,
        `attach-consumer ${TOMORROW} consumer-missing!`,
      ]);
    },
  );

  it('of an earlier stream does not count: a table that was created again gets another one', async () => {
    const world = await rotated();
    const { tables } = world.ports();
    await tables.protect(TODAY, false);
    await world.clock.sleep(MINUTE);
    await tables.remove(TODAY);
    await world.clock.sleep(MINUTE);
    const summary = await run('rotate', config, world);
    expect(sayResults(summary)).toEqual([`create ${TODAY}: applied`, `attach-consumer ${TODAY}: applied`]);
    expect(world.lambda.all('visits')).toHaveLength(3);
  });

  it('is made again if a person changes the view of a stream, because it then has another ARN', async () => {
    const world = await rotated();
    world.table(TODAY).restartStream(world.clock.now());
    expect(await wanted('rotate', config, world)).toEqual([`attach-consumer ${TODAY} (consumer-missing)`]);
  });
});

describe('purge', () => {
  const EXPIRED = TODAY;
  const SOON = configWith({ scheme: 'hourly', keep: 2, settings: { drainMs: 0 } });

  /** A world in which the deletion of a table is scheduled, and its waiting period has ended. */
  async function due(of: Config = config, writtenAt?: number): Promise<World> {
    const world = await rotated(of);
    await confirmAll(of, world);
    for (const now of [NOON + DAY, NOON + DAY + 13 * HOUR, NOON + 2 * DAY + 2 * HOUR]) {
      world.clock.moveTo(now);
      await run('rotate', of, world);
      await world.clock.sleep(2 * MINUTE);
      if (now < NOON + 2 * DAY) await run('purge', of, world);
    }
    if (writtenAt !== undefined)
      world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: EXPIRED }, writtenAt, 60);
    return world;
  }

  it('deletes a table 24 hours after its last write, and then its mapping', async () => {
    const world = await due();
    const [mapping] = world.lambda.all('visits');
    const order: string[] = [];
    world.onCall = (operation) => order.push(operation);
    world.lambda.onCall = (operation) => order.push(operation);
    expect(sayResults(await run('purge', config, world)).slice(-2)).toEqual([
      `delete ${EXPIRED}: applied`,
      `detach-consumer ${EXPIRED}: applied`,
    ]);
    expect(order.slice(-2)).toEqual(['DeleteTable', 'DeleteEventSourceMapping']);
    await world.clock.sleep(MINUTE);
    expect(await world.lambda.describe(mapping!.id)).toBeUndefined();
    expect((await wanted('purge', config, world)).filter((line) => /consumer/.test(line))).toEqual([]);
  });

  it('retains the mapping of a table that it could not delete, and removes it after the table', async () => {
    const world = await due();
    const [mapping] = world.lambda.all('visits');
    world.onCall = (operation) => {
      if (operation === 'DeleteTable') throw new ServiceError('access-denied', 'Not allowed to delete.');
    };
    const failed = await run('purge', config, world);
    expect(sayResults(failed).slice(-2)).toEqual([
      `delete ${EXPIRED}: failed`,
      `detach-consumer ${EXPIRED}: failed`,
    ]);
    expect(await world.lambda.describe(mapping!.id)).toMatchObject({ state: 'Enabled' });
    world.onCall = () => {};
    await world.ports().tables.remove(EXPIRED);
    await world.clock.sleep(MINUTE);
    expect(await wanted('purge', config, world)).toContain(`detach-consumer ${EXPIRED} (stream-ended)`);
  });

  it('holds a table whose stream has changes, although Purge.TrafficHours ignores traffic, and keeps its schedule', async () => {
    const ignoring = configWith({
      settings: { purge: { ...config.settings.purge, trafficMs: 0 } },
    });
    const lastWrite = NOON + DAY + 14 * HOUR;
    const world = await due(ignoring, lastWrite);
    const { plan } = await makePlan(['purge'], ignoring, world.ports(), world.clock.now());
    expect(plan.holds.filter(({ table }) => table === EXPIRED)).toMatchObject([
      {
        kind: 'delete',
        reason: 'stream-records',
        message:
          'The table was last written at 2026-11-23 02:00 UTC. Its stream has changes for Consumers until 2026-11-24 02:00 UTC, so the table stays until then.',
      },
    ]);
    expect(plan.actions.filter(({ table }) => table === EXPIRED)).toEqual([]);
    const without = configWith({ consumers: [], settings: ignoring.specs[0]!.settings });
    expect(await wanted('purge', without, world)).toContain(`delete ${EXPIRED} (still-expired)`);
    world.clock.moveTo(lastWrite + DAY + 10 * MINUTE);
    expect(await wanted('purge', ignoring, world)).toContain(`delete ${EXPIRED} (still-expired)`);
  });

  it('retains the mapping of a table that a person deleted for 24 hours after its last write', async () => {
    const world = await rotated();
    world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: TODAY }, NOON, 60);
    const { tables } = world.ports();
    world.clock.moveTo(NOON + 13 * HOUR);
    await run('rotate', config, world);
    await world.clock.sleep(2 * MINUTE);
    await tables.protect(TODAY, false);
    await world.clock.sleep(MINUTE);
    await tables.remove(TODAY);
    await world.clock.sleep(MINUTE);
    expect(await wanted('purge', config, world)).toEqual([`[detach-consumer ${TODAY} (stream-records)]`]);
    world.clock.moveTo(NOON + DAY);
    expect(await wanted('purge', config, world)).toEqual([`[detach-consumer ${TODAY} (stream-records)]`]);
    world.clock.moveTo(NOON + DAY + MINUTE);
    expect(await wanted('purge', config, world)).toEqual([`detach-consumer ${TODAY} (stream-ended)`]);
    world.metrics.broken = ({ table }) => table === TODAY;
    expect(await wanted('purge', config, world)).toEqual([`[detach-consumer ${TODAY} (metrics-unknown)]`]);
    world.metrics.broken = () => false;
    world.metrics.flow = (minute) => minute < NOON;
    expect(await wanted('purge', config, world)).toEqual([`[detach-consumer ${TODAY} (missing-data)]`]);
  });

  it('retains the mapping of an earlier stream for 24 hours, and that of the present one', async () => {
    const world = await rotated();
    const earlier = mappingOf(world, TODAY).id;
    world.clock.moveTo(NOON + HOUR);
    world.table(TODAY).restartStream(world.clock.now());
    await run('rotate', config, world);
    await world.clock.sleep(MINUTE);
    expect(await wanted('purge', config, world)).toEqual([`[detach-consumer ${TODAY} (stream-records)]`]);
    world.clock.moveTo(NOON + DAY + HOUR + MINUTE);
    await run('rotate', config, world);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    expect(plan.actions).toMatchObject([{ kind: 'detach-consumer', table: TODAY, mapping: earlier }]);
  });

  it('leaves mappings of other groups, accounts and functions, and those that are Deleting', async () => {
    const world = await rotated();
    const gone =
      'arn:aws:dynamodb:us-east-1:000000000000:table/production.Events.20261101/stream/2026-11-01T00:00:00.000';
    const other = [
      gone.replace('production.', 'staging.'),
      gone.replace('Events', 'Others'),
      gone.replace('000000000000', '111111111111'),
      gone.replace('us-east-1', 'eu-west-1'),
      gone.replace('20261101', '2026110100'),
    ];
    const known = (await world.lambda.list('visits'))!;
    const { mappings, ...ports } = world.ports();
    const list = async () => [
      ...known,
      ...other.map((source, i) => ({ ...known[0]!, id: `other-${i}`, source })),
      { ...known[0]!, id: 'leaving', source: gone, state: 'Deleting' },
      { ...known[0]!, id: 'ended', source: gone },
    ];
    const seeing = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, mappings: { ...mappings!, list } }),
    });
    const { plan } = await makePlan(['purge'], config, seeing.ports(), world.clock.now());
    expect(plan.actions).toMatchObject([{ kind: 'detach-consumer', mapping: 'ended' }]);
  });

  it('with a deleted table removes exactly the mappings of its stream that the spec names, and none that is Deleting', async () => {
    const two = configWith({ consumers: ['visits', 'audit'] });
    const world = await due(two);
    await world.lambda.create('by-hand', streamOf(world, EXPIRED), {});
    const audit = world.lambda.all('audit').find(({ source }) => source === streamOf(world, EXPIRED))!;
    const detached = async () => {
      const { plan } = await makePlan(['purge'], two, world.ports(), world.clock.now());
      return plan.actions.flatMap((one) =>
        one.kind === 'detach-consumer' ? [`${one.function} ${one.mapping} ${one.stream}`] : [],
      );
    };
    const stream = streamOf(world, EXPIRED);
    const visits = mappingOf(world, EXPIRED);
    expect(await detached()).toEqual([`visits ${visits.id} ${stream}`, `audit ${audit.id} ${stream}`]);
    await world.lambda.remove(audit.id);
    expect(await detached()).toEqual([`visits ${visits.id} ${stream}`]);
  });

  it('fails if it cannot read the mappings, and removes none', async () => {
    const world = await due();
    world.lambda.onList = () => {
      throw new ServiceError('access-denied', 'Not allowed to list.');
    };
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    expect(plan.actions.map(({ kind }) => kind)).not.toContain('detach-consumer');
    expect(plan.holds.find(({ kind }) => kind === 'detach-consumer')).toMatchObject({
      reason: 'unreadable',
      message: 'Could not read the event source mappings of visits: Not allowed to list.',
    });
    expect((await run('purge', config, world)).outcome).toBe('failed');
  });

  it('looks at a mapping again before it deletes it', async () => {
    const world = await rotated();
    const { id, source } = mappingOf(world, TODAY);
    const detach = (own: object) =>
      perform(
        {
          kind: 'detach-consumer',
          table: TODAY,
          function: 'visits',
          mapping: id,
          stream: source,
          ...own,
        } as Action,
        world.ports(),
        world.clock.now(),
      );
    await expect(detach({ stream: 'another' })).rejects.toThrow('another stream than when it was planned');
    await expect(detach({})).rejects.toMatchObject({ code: 'in-use' });
    await detach({ mapping: 'gone' });
    expect(world.lambda.all('visits')).toHaveLength(2);
  });

  it('holds hourly tables until their streams have no more changes', async () => {
    const world = await rotated(SOON);
    await confirmAll(SOON, world);
    const first = 'production.Events.2026112112';
    world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: first }, NOON + 59 * MINUTE, 60);
    for (let hours = 1; hours < 25; hours += 1) {
      world.clock.moveTo(NOON + hours * HOUR + 5 * MINUTE);
      await run('rotate', SOON, world);
      await run('purge', SOON, world);
      expect(world.find(first), String(hours)).toBeDefined();
    }
    world.clock.moveTo(NOON + 25 * HOUR + 5 * MINUTE);
    await run('rotate', SOON, world);
    expect(sayResults(await run('purge', SOON, world))).toContain(`delete ${first}: applied`);
  });
});

describe('a Kinesis data stream', () => {
  const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/visits';
  const OTHER = ARN.replace('visits', 'others');
  const streaming = configWith({
    consumers: [],
    properties: {},
    destination: { stream: 'visits', precision: 'MICROSECOND' },
  });
  const statuses = async (world: World, table: string) =>
    (await world.ports().tables.destinations(table)).map(({ stream, status }) => `${stream} ${status}`);

  it.each(['visits', ARN])(
    'gets the changes of every table from its creation, by the name or ARN %s',
    async (stream) => {
      const world = new World(NOON);
      const own = configWith({ consumers: [], properties: {}, destination: { stream } });
      const summary = await run('rotate', own, world);
      expect(sayResults(summary)).toEqual([
        `create ${TODAY}: applied`,
        `create ${TOMORROW}: applied`,
        `enable-destination ${TODAY}: applied`,
        `enable-destination ${TOMORROW}: applied`,
      ]);
      expect(await wanted('rotate', own, world)).toEqual([]);
      await world.clock.sleep(MINUTE);
      expect(await statuses(world, TOMORROW)).toEqual([`${ARN} ACTIVE`]);
      expect(await wanted('rotate', own, world)).toEqual([]);
    },
  );

  it('is enabled for tables that exist, once, although an answer is lost', async () => {
    const world = await rotated(configWith({ consumers: [], properties: {} }));
    const { tables, ...ports } = world.ports();
    const enableDestination: typeof tables.enableDestination = async (...args) => {
      await tables.enableDestination(...args);
      throw new ServiceError('unavailable', 'socket hang up');
    };
    const losing = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: { ...tables, enableDestination } }),
    });
    expect((await run('rotate', streaming, losing)).outcome).toBe('done');
    expect(await statuses(world, TODAY)).toEqual([`${ARN} ENABLING`]);
  });

  it('makes the run fail if it does not exist', async () => {
    const world = new World(NOON);
    world.absent.add(ARN);
    const summary = await run('rotate', streaming, world);
    expect(summary.outcome).toBe('failed');
    expect(summary.results.filter(({ action }) => action.kind === 'enable-destination')).toMatchObject([
      { outcome: 'failed', error: `Requested resource not found: Stream: ${ARN} not found (refused)` },
      { outcome: 'failed' },
    ]);
  });

  it('that a person disabled stays so, and the run says it', async () => {
    const world = await rotated(streaming);
    world.table(TODAY).destinations.disable(ARN, world.clock.now());
    expect((await heldBy(world, streaming)).held).toEqual([`enable-destination ${TODAY} consumer-missing!`]);
    await world.clock.sleep(MINUTE);
    const { held, messages } = await heldBy(world, streaming);
    expect(held).toEqual([`enable-destination ${TODAY} consumer-disabled`]);
    expect(messages).toContain(
      'The Kinesis data stream visits is DISABLED for this table, so it gets no changes. A person disabled it',
    );
  });

  it('is tried again while DynamoDB says ENABLE_FAILED, and the run fails', async () => {
    const world = await rotated(configWith({ consumers: [], properties: {} }));
    for (const table of [TODAY, TOMORROW]) world.table(table).destinations.fail(ARN, world.clock.now());
    const summary = await run('rotate', streaming, world);
    expect(summary.outcome).toBe('failed');
    expect(held(summary.holds)).toContain(`enable-destination ${TODAY} consumer-missing!`);
    expect(await statuses(world, TODAY)).toEqual([`${ARN} ENABLING`]);
  });

  it('is not enabled beside another one, and the run fails near the period', async () => {
    const world = await rotated(
      configWith({ consumers: [], properties: {}, destination: { stream: OTHER } }),
    );
    const { held, messages } = await heldBy(world, streaming);
    expect(held).toEqual([
      `enable-destination ${TODAY} consumer-missing!`,
      `enable-destination ${TOMORROW} consumer-missing!`,
    ]);
    expect(messages).toContain(`The table sends its changes to ${OTHER} (ACTIVE), but the spec says visits.`);
  });

  it('with another precision stays, and the run says it', async () => {
    const world = await rotated(
      configWith({ consumers: [], properties: {}, destination: { stream: 'visits' } }),
    );
    const { held, messages } = await heldBy(world, streaming);
    expect(held).toEqual([
      `enable-destination ${TODAY} settings-differ`,
      `enable-destination ${TOMORROW} settings-differ`,
    ]);
    expect(messages).toContain('precision MILLISECOND, but the spec says MICROSECOND');
  });
});
