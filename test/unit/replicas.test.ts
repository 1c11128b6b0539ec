import { describe, expect, it, test } from 'vitest';
import { warningsOf } from '../../src/config/warnings.ts';
import { sayInstant } from '../../src/core/calendar/instant.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import type { TableState } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { ownershipTags, tagsFor } from '../../src/core/guards/ownership.ts';
import type { Draft } from '../../src/core/plan.ts';
import { differencesOf } from '../../src/core/plan-difference.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { assessmentOf } from '../../src/core/requests/adoptable.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import type { Config, ReplicaSpec, Spec } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { HOME } from '../support/sim/table.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, type SpecOptions, specOf } from '../support/specs.ts';
import { confirmAll, type Known, observedOf, run, sayDraft, sayResults } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const YESTERDAY = 'production.Events.20261120';
const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';
const IRELAND = 'eu-west-1';
const OREGON = 'us-west-2';

const configWith = (options: SpecOptions = {}): Config =>
  configOf([specOf({ onDemand: true, replicas: [IRELAND], ...options })]);
const config = configWith();
const both = configWith({ replicas: [IRELAND, OREGON] });

const stateOf = (world: World, table: string, region?: string) =>
  world.find(table, region)?.describe(world.clock.now());
const replicasOf = (world: World, table: string) =>
  (stateOf(world, table)?.replicas ?? []).map(({ region, status }) => `${region} ${status}`);
/** Lets rotate run until it has nothing more to do. */
async function settled(world: World, of: Config): Promise<World> {
  for (let i = 0; i < 8; i += 1) {
    await run('rotate', of, world);
    await world.clock.sleep(20 * MINUTE);
  }
  return world;
}
const replicated = (of: Config = config, now = NOON): Promise<World> => settled(new World(now), of);
/** What a job would do. */
async function wanted(job: 'rotate' | 'purge', of: Config, world: World): Promise<string[]> {
  const { plan } = await makePlan([job], of, world.ports(), world.clock.now());
  return plan.actions.map(({ kind, table, reason }) => `${kind} ${table} (${reason})`);
}
/** What a job holds, and its messages. */
async function heldBy(job: 'rotate' | 'purge', world: World, of: Config = config) {
  const { plan } = await makePlan([job], of, world.ports(), world.clock.now());
  return plan.holds.map(
    ({ kind, table, reason, urgent, message }) =>
      `${kind} ${table} ${reason}${urgent ? '!' : ''}: ${message}`,
  );
}

test('more than one consumer of a stream that DynamoDB reads for replicas is a warning', () => {
  expect(warningsOf(configWith({ consumers: ['visits'] }))).toEqual([]);
  expect(warningsOf(configWith({ consumers: ['visits', 'audit'] }))).toEqual([
    'production: Events has 2 Consumers. DynamoDB allows 1 reader of the stream of a table with Replicas and throttles more. Use one function that passes changes on, or KinesisStreamDestination.',
  ]);
});

test('a replica in the Region of commands is a warning', () => {
  expect(warningsOf(both, 'us-east-1')).toEqual([]);
  expect(warningsOf(both)).toEqual([]);
  expect(warningsOf(both, OREGON)).toEqual([
    'production: Replicas of Events names us-west-2, which is AWS_REGION. If the tables of the group belong there, remove us-west-2 from Replicas, because rotate adds no replica and fails.',
  ]);
});

describe('rotate', () => {
  it('adds the first replica in the run that creates the table, after its settings', async () => {
    const world = new World(NOON);
    const properties = {
      TimeToLive: { AttributeName: 'ExpiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };
    const summary = await run('rotate', configWith({ properties, replicas: [IRELAND, OREGON] }), world);
    expect(sayResults(summary)).toEqual([
      `create ${TODAY}: applied`,
      `create ${TOMORROW}: applied`,
      `time-to-live ${TODAY}: applied`,
      `time-to-live ${TOMORROW}: applied`,
      `recovery ${TODAY}: applied`,
      `recovery ${TOMORROW}: applied`,
      `add-replica ${TODAY}: applied`,
      `add-replica ${TOMORROW}: applied`,
    ]);
    expect(replicasOf(world, TODAY)).toEqual([`${IRELAND} CREATING`]);
  });

  it('adds one replica after another, then sets tags and protection, and then has nothing to do', async () => {
    const world = new World(NOON);
    const runs: string[][] = [];
    for (let i = 0; i < 6; i += 1) {
      const summary = await run('rotate', both, world);
      expect(summary.outcome).toBe('done');
      runs.push(sayResults(summary).filter((line) => line.includes(TOMORROW)));
      await world.clock.sleep(20 * MINUTE);
    }
    expect(runs).toEqual([
      [`create ${TOMORROW}: applied`, `add-replica ${TOMORROW}: applied`],
      [`tag-replica ${TOMORROW}: applied`, `add-replica ${TOMORROW}: applied`],
      [`tag-replica ${TOMORROW}: applied`, `protection ${TOMORROW}: applied`],
      [`protection ${TOMORROW}: applied`],
      [],
      [],
    ]);
    expect(replicasOf(world, TOMORROW)).toEqual([`${IRELAND} ACTIVE`, `${OREGON} ACTIVE`]);
    for (const region of [IRELAND, OREGON]) {
      expect(stateOf(world, TOMORROW, region)).toMatchObject({ deletionProtected: true });
      expect(world.table(TOMORROW, region).tags).toMatchObject({
        [ownershipTags.spec]: 'Events',
        [ownershipTags.period]: '2026-11-22T00:00:00.000Z',
      });
    }
    expect(await wanted('rotate', both, world)).toEqual([]);
  });

  it('gives a replica the tags of the spec and its recovery', async () => {
    const properties = {
      Tags: [{ Key: 'team', Value: 'flags' }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    };
    const world = await replicated(configWith({ properties }));
    expect(world.table(TODAY, IRELAND).tags).toMatchObject({ team: 'flags' });
    expect(world.table(TODAY, IRELAND).recovery).toEqual({ enabled: true, days: 7 });
  });

  it('adds replicas to current and upcoming tables that exist, and not to outdated ones', async () => {
    const without = configWith({ replicas: [], keep: 5, properties: STREAM });
    const world = await settled(new World(NOON - DAY), without);
    world.clock.moveTo(NOON);
    await settled(world, without);
    expect(await wanted('rotate', configWith({ keep: 5 }), world)).toEqual([
      `add-replica ${TODAY} (replica-missing)`,
      `add-replica ${TOMORROW} (replica-missing)`,
    ]);
  });

  it('adds a replica once if the answer of DynamoDB is lost', async () => {
    const world = await settled(new World(NOON), configWith({ replicas: [], properties: STREAM }));
    const ports = world.ports();
    const losing = {
      ...ports.tables,
      addReplica: async (...args: Parameters<typeof ports.tables.addReplica>) => {
        await ports.tables.addReplica(...args);
        throw new ServiceError('unavailable', 'socket hang up');
      },
    };
    const faulty = Object.assign(Object.create(world) as World, {
      ports: () => ({ ...ports, tables: losing }),
    });
    expect(sayResults(await run('rotate', config, faulty))).toEqual([
      `add-replica ${TODAY}: applied`,
      `add-replica ${TOMORROW}: applied`,
    ]);
    expect(replicasOf(world, TODAY)).toHaveLength(1);
  });

  it.each<[string, Partial<TableState>, ReplicaSpec['input'], string]>([
    [
      'of an empty table',
      {},
      { RegionName: IRELAND },
      'The spec has a replica in eu-west-1. Each million writes costs USD 0.625 more there.',
    ],
    [
      'of a table with 200 GB',
      { sizeBytes: 200 * 2 ** 30 },
      { RegionName: IRELAND },
      'The spec has a replica in eu-west-1. Copying 200.0 GB costs about USD 30.00 once, and storing it USD 50.00 per month. Each million writes costs USD 0.625 more there.',
    ],
    [
      'in another table class',
      { sizeBytes: 200 * 2 ** 30 },
      { RegionName: IRELAND, TableClassOverride: 'STANDARD_INFREQUENT_ACCESS' },
      'The spec has a replica in eu-west-1. Copying 200.0 GB costs about USD 30.00 once, and storing it USD 20.00 per month. Each million writes costs USD 0.781 more there.',
    ],
  ])('says what a replica costs %s', (_, known, input, message) => {
    const spec = { ...specOf({ onDemand: true, replicas: [] }), replicas: [{ region: IRELAND, input }] };
    const { StreamSpecification } = STREAM;
    const properties = { ...spec.properties, StreamSpecification };
    const own = { ...spec, properties };
    const state = { billingMode: 'PAY_PER_REQUEST', ...known } as const;
    const observed = observedOf([TODAY, TOMORROW].map((name) => ({ spec: own, name, state })));
    observed.learnClosing({ value: undefined });
    const { actions } = planRotate(configOf([own]), observed, NOON);
    expect(actions.map((action) => action.message)).toEqual([message, message]);
  });

  it('asks no other region without Replicas', async () => {
    const world = new World(NOON);
    const ports = { ...world.ports(), inRegion: () => expect.fail('asked another region') };
    const without = Object.assign(Object.create(world) as World, { ports: () => ports });
    expect((await run('rotate', configWith({ replicas: [] }), without)).outcome).toBe('done');
  });

  it.each([
    [
      'the Region of the tables',
      configWith({ replicas: [HOME] }),
      /names us-east-1, which is the Region of the/,
    ],
    [
      'a provisioned table',
      configOf([specOf({ replicas: [IRELAND] })]),
      /The table is provisioned.*Application Auto Scaling/,
    ],
    [
      'a table without the stream',
      configWith({ properties: { StreamSpecification: { StreamEnabled: false } } }),
      /must have NEW_AND_OLD_IMAGES, but the table has no stream/,
    ],
  ])('holds the replica of %s, and fails a day before its period', async (_, wrong, message) => {
    const bare: Config = { ...wrong, specs: wrong.specs.map((spec) => ({ ...spec, replicas: [] })) };
    const world = await settled(new World(NOON), bare);
    const holds = await heldBy('rotate', world, wrong);
    expect(holds.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      `add-replica ${TODAY} replica-missing!`,
      `add-replica ${TOMORROW} replica-missing!`,
    ]);
    expect(holds[0]).toMatch(message);
    expect(await wanted('rotate', wrong, world)).toEqual([]);
  });

  it('leaves a replica alone that the spec does not name, and says so', async () => {
    const world = await replicated(both);
    expect(await wanted('rotate', config, world)).toEqual([]);
    expect(await heldBy('rotate', world)).toEqual(
      [TODAY, TOMORROW].map(
        (table) =>
          `add-replica ${table} replica-unmanaged: The table has a replica in us-west-2, which Replicas of the spec does not name. Turntable leaves it alone, and purge does not delete the table while it has it. Delete the replica by hand, or add it to Replicas.`,
      ),
    );
  });

  it('leaves a replica with tags of another spec alone', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    await world.clock.sleep(20 * MINUTE);
    world.table(TODAY, IRELAND).tags[ownershipTags.spec] = 'Others';
    await run('rotate', config, world);
    await run('rotate', config, world);
    const { plan } = await makePlan(['rotate'], config, world.ports(), world.clock.now());
    expect(plan.actions).toEqual([]);
    expect(plan.holds.map(({ kind, table, reason }) => `${kind} ${table} ${reason}`)).toEqual([
      `tag-replica ${TODAY} replica-unmanaged`,
    ]);
  });

  it.each(['CREATION_FAILED', 'REGION_DISABLED', 'REPLICATION_NOT_AUTHORIZED', 'SOMETHING_NEW'])(
    'changes nothing of a replica that is %s, and fails',
    async (status) => {
      const world = await replicated();
      world.table(TODAY).replicas!.impaired.set(IRELAND, status);
      expect(await wanted('rotate', config, world)).toEqual([]);
      expect((await heldBy('rotate', world))[0]).toContain(`use ${TODAY} table-unusable!`);
    },
  );

  it('says that a replica stays CREATING, and fails near the period', async () => {
    const world = await replicated();
    world.table(TOMORROW).replicas!.impaired.set(IRELAND, 'CREATING');
    const [hold] = await heldBy('rotate', world);
    expect(hold).toMatch(/add-replica \S+22 replica-missing!: .* has been CREATING since 2026-11-21 12:0/);
  });

  it('does its other work if a region does not answer, and fails because of that region alone', async () => {
    const world = await replicated();
    world.clock.moveTo(NOON + DAY);
    world.unreachable.add(IRELAND);
    const summary = await run('rotate', config, world);
    expect(sayResults(summary)).toEqual([
      'create production.Events.20261123: applied',
      'add-replica production.Events.20261123: applied',
    ]);
    expect(summary.outcome).toBe('failed');
    expect((await heldBy('rotate', world))[0]).toMatch(
      /^read \S+ unreadable!?: Could not read the eu-west-1 replica's description: .*no answer from eu-west-1/,
    );
  });

  it('reads the tags of a replica about once a day, and those of outdated ones in one hour of it, also in plans', async () => {
    const of = configWith({ keep: 6 });
    const world = await replicated(of, NOON - 4 * DAY);
    for (const days of [3, 2, 1]) {
      world.clock.moveTo(NOON - days * DAY);
      await settled(world, of);
    }
    const ports = world.ports();
    const reads: string[] = [];
    const counting = {
      ...ports,
      inRegion: (region: string) => {
        const there = ports.inRegion(region);
        const tags = (arn: string) => {
          reads.push(arn.split('/')[1]!);
          return there.tables.tags(arn);
        };
        return { ...there, tables: { ...there.tables, tags } };
      },
    };
    const { plan } = await makePlan(['rotate'], of, counting, world.clock.now());
    expect(plan.holds).toEqual([]);
    expect(reads.length).toBeLessThanOrEqual(1);
  });

  it('asks a region that does not answer only a few times, whatever the number of tables', async () => {
    const many = configOf(
      Array.from({ length: 40 }, (_, i) =>
        specOf({ name: `Events${i}`, onDemand: true, replicas: [IRELAND, OREGON] }),
      ),
    );
    const world = await replicated(many);
    world.unreachable.add(IRELAND);
    const ports = world.ports();
    const asked: string[] = [];
    const counting = {
      ...ports,
      inRegion: (region: string) => {
        asked.push(region);
        return ports.inRegion(region);
      },
    };
    const { plan } = await makePlan(['rotate'], many, counting, world.clock.now());
    expect(plan.actions).toEqual([]);
    expect(plan.holds).toHaveLength(80);
    expect(asked.filter((region) => region === IRELAND).length).toBeLessThanOrEqual(16);
  });

  it('says what a deployment lacks if AWS denies a change in another region', async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    await world.clock.sleep(20 * MINUTE);
    world.onCall = (operation) => {
      if (operation !== `TagResource ${IRELAND}`) return;
      throw new ServiceError('access-denied', 'not authorized to perform: dynamodb:TagResource');
    };
    const { results } = await run('rotate', config, world);
    expect(results.map(({ error }) => error)).toEqual(
      [1, 2].map(() =>
        expect.stringContaining(
          'The roles have permissions in eu-west-1 only if config/tables.json named it in Replicas when you deployed.',
        ),
      ),
    );
  });

  it('does not add replicas in a closed environment', async () => {
    const world = await settled(new World(NOON), configWith({ replicas: [], properties: STREAM }));
    const since = world.clock.now();
    await world.ports().state.close({ environment: 'production', since, tables: new Map() });
    await world.clock.sleep(MINUTE);
    expect(await wanted('rotate', config, world)).toEqual([]);
  });

  it('reads a replica of an outdated table once a day, and protects it again', async () => {
    const of = configWith({ keep: 5 });
    const world = await replicated(of, NOON - 2 * DAY);
    world.clock.moveTo(NOON);
    await settled(world, of);
    const old = 'production.Events.20261119';
    world.table(old, IRELAND).protect(false, world.clock.now(), 0);
    const runs: string[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      runs.push(...sayResults(await run('rotate', of, world)).filter((line) => line.includes(old)));
      await world.clock.sleep(HOUR);
    }
    expect(runs).toEqual([`protection ${old}: applied`]);
  });
});

describe('the tags of a replica', () => {
  const bare = (world: World, table: string): void => {
    const { tags } = world.table(table, IRELAND);
    for (const key of Object.keys(tags)) delete tags[key];
  };
  const tagging = [`tag-replica ${TODAY} (settings-differ)`];

  it('are set of an expired table too, in its hour of the day, so that purge can remove the replica', async () => {
    const world = await replicated();
    bare(world, TODAY);
    world.table(TODAY, IRELAND).protect(false, world.clock.now(), 0);
    world.clock.moveTo(NOON + 2 * DAY);
    const runs: string[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      runs.push(...(await wanted('rotate', config, world)).filter((line) => line.includes(TODAY)));
      await world.clock.sleep(HOUR);
    }
    expect(runs).toEqual(tagging);
  });

  it('are set of a table that the plan of a teardown lists, and its protection is not', async () => {
    const world = await replicated();
    await world.clock.sleep(DAY / 4);
    bare(world, TODAY);
    world.table(TODAY, IRELAND).protect(false, world.clock.now(), 0);
    const since = world.clock.now();
    const { id, name } = stateOf(world, TODAY)!;
    const tables = new Map([[id, { name, listedAt: since }]]);
    await world.ports().state.close({ environment: 'production', since, tables });
    // As if no run had seen the tags.
    await world.ports().state.rememberSeen('ownership', 'Events', { schemes: 'daily', seenAt: new Map() });
    expect(await wanted('rotate', config, world)).toEqual(tagging);
    Object.assign(world.table(TODAY, IRELAND).tags, world.table(TODAY).tags);
    expect(await wanted('rotate', config, world)).toEqual([]);
  });
});

const STREAM = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} as const;

describe('purge', () => {
  /** A world whose table of 20 November is expired, and whose deletion is scheduled and due. */
  async function due(of: Config = config, change: (world: World) => void = () => {}): Promise<World> {
    const world = new World(at('2026-11-20T00:30'));
    for (const day of ['20', '21', '22']) {
      world.clock.moveTo(at(`2026-11-${day}T00:30`));
      await settled(world, of);
    }
    await confirmAll(of, world);
    change(world);
    await run('purge', of, world);
    await world.clock.sleep(13 * HOUR);
    return world;
  }

  it('removes the replicas one after another, and a later run deletes the table', async () => {
    const world = await due(both);
    expect(await heldBy('purge', world, both)).toEqual([
      `delete ${YESTERDAY} replica-pending: The table is deleted after its replicas are gone: eu-west-1, us-west-2.`,
    ]);
    expect(sayResults(await run('purge', both, world))).toEqual([
      `remove-replica ${YESTERDAY}: applied`,
      `remove-replica ${YESTERDAY}: applied`,
    ]);
    expect(replicasOf(world, YESTERDAY)).toContain(`${OREGON} DELETING`);
    // What is DELETING is not asked for, because its region might not know it any more.
    world.unreachable.add(OREGON);
    expect(await heldBy('purge', world, both)).toEqual([
      expect.stringContaining(`delete ${YESTERDAY} table-busy: `),
    ]);
    world.unreachable.clear();
    expect(await wanted('purge', both, world)).toEqual([]);
    await world.clock.sleep(HOUR);
    expect(stateOf(world, YESTERDAY, IRELAND)).toBeUndefined();
    expect(sayResults(await run('purge', both, world))).toEqual([`delete ${YESTERDAY}: applied`]);
    await world.clock.sleep(HOUR);
    expect(stateOf(world, YESTERDAY)).toBeUndefined();
  });

  it('is a stale plan if one of the replicas is gone', async () => {
    const world = await due(both);
    const planned = async () => (await makePlan(['purge'], both, world.ports(), world.clock.now())).plan;
    const before = await planned();
    expect(differencesOf(before, before)).toEqual([]);
    const [first, second] = before.actions.filter(({ kind }) => kind === 'remove-replica');
    expect(differencesOf(before, { ...before, actions: [second!] })).toEqual([
      { change: 'vanished', kind: 'remove-replica', table: YESTERDAY, was: first!.message, now: undefined },
    ]);
  });

  it('goes on in the next run if this one has no time for all replicas, which is no failure', async () => {
    const world = await due(both);
    const now = world.clock.now();
    const summary = await run('purge', both, world, now, { end: now + 2 * MINUTE });
    expect(summary.outcome).toBe('done');
    expect(sayResults(summary)).toEqual([
      `remove-replica ${YESTERDAY}: applied`,
      `remove-replica ${YESTERDAY}: superseded`,
    ]);
    await world.clock.sleep(HOUR);
    expect(sayResults(await run('purge', both, world))).toEqual([`remove-replica ${YESTERDAY}: applied`]);
  });

  it('says in the plan of the deletion that the replicas are removed first', async () => {
    const world = await settled(new World(NOON - DAY), config);
    world.clock.moveTo(NOON + DAY);
    await settled(world, config);
    await confirmAll(config, world);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    expect(plan.actions.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      expect.stringContaining('The replica in eu-west-1 is removed first.'),
    ]);
  });

  it('counts a table with several replicas once against the caps', async () => {
    const { settings } = both;
    const purge = { ...settings.purge, maxPerRun: 1, maxPerGroup: 1 };
    const capped = configOf([
      specOf({
        onDemand: true,
        replicas: [IRELAND, OREGON],
        settings: { purge: { ...specOf().settings.purge, maxPerGroup: 1 } },
      }),
    ]);
    const world = await due({ ...capped, settings: { ...settings, purge } });
    expect(await wanted('purge', { ...capped, settings: { ...settings, purge } }, world)).toEqual([
      `remove-replica ${YESTERDAY} (still-expired)`,
      `remove-replica ${YESTERDAY} (still-expired)`,
    ]);
  });

  it.each<[string, (world: World) => void, string]>([
    [
      'is not named by the spec, whatever its tags',
      (world) => {
        world.table(YESTERDAY).addReplica({ RegionName: 'sa-east-1' }, world.clock.now());
        Object.assign(world.table(YESTERDAY, 'sa-east-1').tags, world.table(YESTERDAY).tags);
        // No job asks a region that no spec names.
        world.unreachable.add('sa-east-1');
      },
      'replica-unmanaged',
    ],
    [
      'has not the tags of the table',
      (world) => {
        delete world.table(YESTERDAY, IRELAND).tags[ownershipTags.spec];
      },
      'replica-unmanaged',
    ],
    [
      'has the tag that retains tables',
      (world) => {
        world.table(YESTERDAY, IRELAND).tags['turntable:keep'] = '';
      },
      'keep-tag',
    ],
  ])('removes no replica and keeps the table if a replica %s', async (_, change, reason) => {
    const world = await due();
    change(world);
    await world.clock.sleep(10 * MINUTE);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    expect(plan.actions.map(({ kind }) => kind)).toEqual(['cancel-deletion']);
    expect(plan.holds.map((hold) => `${hold.kind} ${hold.reason}`)).toEqual([`delete ${reason}`]);
  });

  it('keeps a protected replica if the spec does not protect', async () => {
    const properties = { DeletionProtectionEnabled: false };
    const of = configWith({ properties });
    const world = await due(of);
    world.table(YESTERDAY, IRELAND).protect(true, world.clock.now(), 0);
    expect(await wanted('purge', of, world)).toEqual([`cancel-deletion ${YESTERDAY} (held)`]);
    expect(await heldBy('purge', world, of)).toEqual([
      expect.stringContaining(
        `delete ${YESTERDAY} deletion-protected: Retention ended at 2026-11-22 00:00 UTC, but deletion protection of the replica in eu-west-1 is on although the spec turns it off.`,
      ),
    ]);
    world.table(YESTERDAY, IRELAND).protect(false, world.clock.now(), 0);
    expect(await wanted('purge', of, world)).toEqual([`remove-replica ${YESTERDAY} (still-expired)`]);
  });

  it('deletes nothing while the region of a replica does not describe it', async () => {
    const world = await due();
    const ports = world.ports();
    const blind = {
      ...ports,
      inRegion: (region: string) => {
        const there = ports.inRegion(region);
        return { ...there, tables: { ...there.tables, describe: async () => undefined } };
      },
    };
    const { plan } = await makePlan(['purge'], config, blind, world.clock.now());
    expect(plan.actions).toEqual([]);
    expect(plan.holds.map(({ kind, reason, message }) => `${kind} ${reason}: ${message}`)).toEqual([
      'delete replica-pending: The table has a replica in eu-west-1, but the Region does not describe it, so nothing is deleted.',
    ]);
  });

  it('removes the replicas of a closed environment only while it is closed', async () => {
    const world = await replicated();
    await world.clock.sleep(2 * DAY);
    const since = world.clock.now();
    const { id, name } = stateOf(world, TODAY)!;
    const tables = new Map([[id, { name, listedAt: since }]]);
    const of = configWith({ keep: 30 });
    await world.ports().state.close({ environment: 'production', since, tables });
    const ofToday = async () => {
      const { plan } = await makePlan(['purge'], of, world.ports(), world.clock.now());
      return plan.actions.filter(({ table }) => table === TODAY);
    };
    expect(await ofToday()).toMatchObject([{ kind: 'schedule-deletion', reason: 'closed' }]);
    await run('purge', of, world);
    await world.clock.sleep(13 * HOUR);
    const closedAt = new Date(since).toISOString();
    expect(await ofToday()).toMatchObject([{ kind: 'remove-replica', reason: 'closed', closedAt }]);
    await world.ports().state.reopen();
    expect((await ofToday()).filter(({ kind }) => kind === 'remove-replica')).toEqual([]);
  });

  it('keeps the table if an application uses a replica, by the metrics of its Region', async () => {
    const world = await due();
    const minute = Math.floor((world.clock.now() - HOUR) / MINUTE) * MINUTE;
    world.metricsOf(IRELAND).add({ metric: 'ConsumedReadCapacityUnits', table: YESTERDAY }, minute, 120);
    const [hold] = await heldBy('purge', world);
    expect(hold).toMatch(/delete \S+ in-use: .* is still in use in eu-west-1: 120 units read/);
    expect(await wanted('purge', config, world)).toEqual([`cancel-deletion ${YESTERDAY} (held)`]);
  });

  it('keeps the table if an application wrote to a replica while it was removed, which CloudWatch showed later', async () => {
    const world = await due();
    const removed = world.clock.now();
    expect(sayResults(await run('purge', config, world))).toEqual([`remove-replica ${YESTERDAY}: applied`]);
    const minute = Math.floor(removed / MINUTE) * MINUTE;
    world.metricsOf(IRELAND).add({ metric: 'ConsumedWriteCapacityUnits', table: YESTERDAY }, minute, 60);
    await world.clock.sleep(HOUR);
    expect(stateOf(world, YESTERDAY, IRELAND)).toBeUndefined();
    expect(await wanted('purge', config, world)).toEqual([`cancel-deletion ${YESTERDAY} (held)`]);
  });

  it.each([
    ['the Region of a replica does not answer', (world: World) => world.unreachable.add(IRELAND)],
    [
      'the KMS key of a replica is lost',
      (world: World) =>
        world.table(YESTERDAY).replicas!.impaired.set(IRELAND, 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'),
    ],
    [
      'a replica has a status that is not known',
      (world: World) => world.table(YESTERDAY).replicas!.impaired.set(IRELAND, 'SOMETHING_NEW'),
    ],
  ])('deletes nothing while %s', async (_, change) => {
    const world = await due();
    change(world);
    expect(await wanted('purge', config, world)).toEqual([]);
    expect((await heldBy('purge', world)).length).toBeGreaterThan(0);
  });

  it('waits until 24 hours after the newest replica was added, and says when that ends', async () => {
    const world = await due(config, (one) => {
      one.table(YESTERDAY, IRELAND).protect(false, one.clock.now(), 0);
      one.table(YESTERDAY).removeReplica(IRELAND, one.clock.now());
    });
    const added = world.clock.now();
    const ports = world.ports();
    await ports.tables.addReplica(YESTERDAY, { RegionName: IRELAND });
    await world.clock.sleep(10 * MINUTE);
    Object.assign(world.table(YESTERDAY, IRELAND).tags, world.table(YESTERDAY).tags);
    const ofYesterday = async () =>
      (await wanted('purge', config, world)).filter((line) => line.includes(YESTERDAY));
    expect(await ofYesterday()).toEqual([]);
    const [hold] = await heldBy('purge', world);
    const until = sayInstant(added + DAY);
    expect(hold).toContain(`delete ${YESTERDAY} replica-source: `);
    expect(hold).toContain(`stay until ${until}.`);
    world.clock.moveTo(added + DAY - MINUTE);
    expect(await ofYesterday()).toEqual([]);
    world.clock.moveTo(added + DAY);
    expect(await ofYesterday()).toEqual([`remove-replica ${YESTERDAY} (still-expired)`]);
  });

  it('counts the 24 hours from the newest of several replicas', async () => {
    const world = await due(both, (one) => {
      one.table(YESTERDAY, OREGON).protect(false, one.clock.now(), 0);
      one.table(YESTERDAY).removeReplica(OREGON, one.clock.now());
    });
    await world.ports().tables.addReplica(YESTERDAY, { RegionName: OREGON });
    await world.clock.sleep(10 * MINUTE);
    Object.assign(world.table(YESTERDAY, OREGON).tags, world.table(YESTERDAY).tags);
    expect((await heldBy('purge', world, both)).join()).toContain('replica-source');
    const actions = await wanted('purge', both, world);
    expect(actions.filter((line) => line.includes('remove-replica'))).toEqual([]);
  });

  it('waits for DynamoDB if a replica was added and removed by hand, which is no failure', async () => {
    const world = await due(config, (one) => {
      one.table(YESTERDAY, IRELAND).protect(false, one.clock.now(), 0);
      one.table(YESTERDAY).removeReplica(IRELAND, one.clock.now());
    });
    await world.ports().tables.addReplica(YESTERDAY, { RegionName: 'sa-east-1' });
    await world.clock.sleep(10 * MINUTE);
    await world.ports().tables.removeReplica(YESTERDAY, 'sa-east-1');
    await world.clock.sleep(10 * MINUTE);
    const summary = await run('purge', config, world);
    expect(sayResults(summary)).toEqual([`delete ${YESTERDAY}: superseded`]);
    expect(summary.outcome).toBe('done');
    expect(stateOf(world, YESTERDAY)).toMatchObject({ status: 'ACTIVE' });
  });

  it.each<[string, (world: World) => Promise<void> | void]>([
    [
      'the replica was created again',
      async (world) => {
        world.table(YESTERDAY, IRELAND).protect(false, world.clock.now(), 0);
        await world.ports().tables.removeReplica(YESTERDAY, IRELAND);
        await world.clock.sleep(HOUR);
        await world.ports().tables.addReplica(YESTERDAY, { RegionName: IRELAND });
        await world.clock.sleep(HOUR);
      },
    ],
    [
      'it got the tag that retains tables',
      (world) => {
        world.table(YESTERDAY, IRELAND).tags['turntable:keep'] = '';
      },
    ],
    [
      'its table got the tag',
      (world) => {
        world.table(YESTERDAY).tags['turntable:keep'] = '';
      },
    ],
  ])('removes no replica if, since the plan, %s', async (_, change) => {
    const world = await due();
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    const action = plan.actions.find(({ kind }) => kind === 'remove-replica')!;
    await change(world);
    const { perform } = await import('../../src/jobs/perform.ts');
    await expect(perform(action, world.ports(), world.clock.now())).rejects.toMatchObject({
      code: 'refused',
    });
    expect(replicasOf(world, YESTERDAY)).toEqual([`${IRELAND} ACTIVE`]);
  });

  it('keeps a table that got a replica after the plan', async () => {
    const world = await due(configWith({ replicas: [], properties: STREAM }));
    const without = configWith({ replicas: [], properties: STREAM });
    const { plan } = await makePlan(['purge'], without, world.ports(), world.clock.now());
    const action = plan.actions.find(({ kind }) => kind === 'delete')!;
    await world.ports().tables.addReplica(YESTERDAY, { RegionName: IRELAND });
    await world.clock.sleep(10 * MINUTE);
    const { perform } = await import('../../src/jobs/perform.ts');
    await expect(perform(action, world.ports(), world.clock.now())).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('got a replica in eu-west-1'),
    });
  });
});

/** What commands and a deployment by mistake see in a Region that the spec names, beside the Region of the tables. */
describe('in a Region that Replicas names', () => {
  const CURE =
    'If the tables of the group belong in us-west-2, remove it from Replicas. If not, run rotate and purge only in the Region where they belong.';
  const REPLICA = `Replicas names us-west-2, so the table is a replica of the table in us-east-1. Rotate and purge of that Region manage the replica. From us-west-2, Turntable creates, changes and deletes nothing in this group. ${CURE}`;
  const OWN = `Replicas names us-west-2, which is the Region of the table. ${CURE}`;

  /** A table in Oregon that has replicas elsewhere. */
  function stateIn(...regions: string[]): Partial<TableState> {
    return {
      billingMode: 'PAY_PER_REQUEST',
      global: regions.length > 0,
      replicas: regions.map((region) => ({ region, status: 'ACTIVE' })),
    };
  }
  const seen = (of: Config, names: readonly string[], known: Omit<Known, 'spec' | 'name'> = {}) => {
    const [spec] = of.specs as [Spec];
    const observed = observedOf(
      names.map((name) => {
        const arn = `arn:aws:dynamodb:${OREGON}:000000000000:table/${name}`;
        return { spec, name, ...known, state: { arn, ...stateIn(HOME, IRELAND), ...known.state } };
      }),
    );
    observed.learnClosing({ value: undefined });
    return observed;
  };
  const said = ({ actions, holds }: Draft) => [
    ...sayDraft({ actions, holds: [] }),
    ...holds.map(
      (hold) => `[${hold.kind} ${hold.table} ${hold.reason}${hold.urgent ? '!' : ''}] ${hold.message}`,
    ),
  ];

  it.each<[string, Omit<Known, 'spec' | 'name'>]>([
    ['has no tags yet', { tags: {} }],
    ['has its tags', {}],
    ['is not protected', { state: { deletionProtected: false } }],
    ['is CREATING', { tags: {}, state: { status: 'CREATING' } }],
    ['has another key', { tags: {}, state: { schema: { AttributeDefinitions: [], KeySchema: [] } } }],
  ])('rotate leaves a replica alone that %s, and says what it is', (_, known) => {
    const draft = planRotate(both, seen(both, [TODAY, TOMORROW], known), NOON);
    expect(said(draft)).toEqual([
      `[use ${TODAY} is-replica] ${REPLICA}`,
      `[use ${TOMORROW} is-replica] ${REPLICA}`,
    ]);
    expect(draft.needs).toEqual([]);
  });

  it('does not let rotate create a table of a group whose tables are replicas, because DynamoDB could then not add a replica', () => {
    const missing = (table: string, urgent: '' | '!', other: string) =>
      `[create ${table} is-replica${urgent}] The table does not exist in this Region. About ${other}: ${REPLICA}`;
    expect(said(planRotate(both, seen(both, [TODAY]), NOON))).toEqual([
      missing(TOMORROW, '', TODAY),
      `[use ${TODAY} is-replica] ${REPLICA}`,
    ]);
    expect(said(planRotate(both, seen(both, [YESTERDAY]), NOON))).toEqual([
      missing(TODAY, '!', YESTERDAY),
      missing(TOMORROW, '', YESTERDAY),
    ]);
  });

  it.each<[string, Config, Partial<TableState>]>([
    ['no table exists that shows a replica', both, stateIn()],
    ['the tables have replicas that the spec names', both, stateIn(IRELAND)],
    ['the spec names another Region', config, stateIn(HOME)],
  ])('rotate creates a missing table if %s', (_, of, state) => {
    const { actions } = planRotate(of, seen(of, [TODAY], { state }), NOON);
    expect(actions.map(({ kind, table }) => `${kind} ${table}`)).toContain(`create ${TOMORROW}`);
  });

  it.each<[string, Omit<Known, 'spec' | 'name'>]>([
    ['in its own Region', { state: stateIn() }],
    ['in its own Region, with another replica', { state: stateIn(IRELAND) }],
    ['that is unmanaged', { tags: {}, state: stateIn(IRELAND) }],
    [
      'that has another key',
      { state: { ...stateIn(IRELAND), schema: { AttributeDefinitions: [], KeySchema: [] } } },
    ],
  ])('rotate fails, and says to correct the configuration, for a table %s', (_, known) => {
    const { actions, holds } = planRotate(both, seen(both, [TODAY, TOMORROW], known), NOON);
    expect(actions).toEqual([]);
    expect(holds.some(({ urgent }) => urgent)).toBe(true);
    for (const { message } of holds) {
      expect(message).toContain(OWN);
      expect(message).not.toMatch(/delete it/);
    }
  });

  it('does not adopt a replica, and says why', () => {
    const [spec] = both.specs as [Spec];
    const { observed, table } = {
      observed: seen(both, [TODAY]),
      table: tableOf(spec, periodAt('daily', NOON), NOON),
    };
    expect(assessmentOf(table, observed.known('description', TODAY)!, {})).toEqual({
      name: TODAY,
      reasons: [REPLICA],
    });
  });

  it.each<[string, Omit<Known, 'spec' | 'name'>, string]>([
    ['a replica', {}, REPLICA],
    ['a replica without tags', { tags: {} }, REPLICA],
    ['a table whose replicas the spec names', { state: stateIn(IRELAND) }, OWN],
    ['a table without replicas', { state: stateIn() }, OWN],
  ])('purge does not delete %s', (_, known, message) => {
    const of = configWith({ replicas: [IRELAND, OREGON], keep: 2 });
    const old = 'production.Events.20261110';
    const observed = seen(of, [old, TODAY, TOMORROW], known);
    observed.learn('tags', TODAY, { value: tagsFor(of.specs[0]!, periodAt('daily', NOON)) });
    const draft = planPurge(of, observed, NOON);
    expect(said(draft)).toEqual([expect.stringMatching(`^\\[delete ${old} is-replica\\] Retention ended`)]);
    expect(draft.holds[0]!.message).toContain(message);
  });
});
