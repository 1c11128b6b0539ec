import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stateFrom } from '../../src/aws/describe.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import type { TableState } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { type Adoption, planAdoption } from '../../src/core/requests/adopt.ts';
import { differences, type Schema } from '../../src/core/schema.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { adopt, surveyAdoption } from '../../src/jobs/adopt.ts';
import { tableInput } from '../contract/ports.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { confirmAll, impatient, type Known, observedOf, run, sayResults } from '../support/worlds.ts';

/** Daily, retaining two: retention of the 19th's table ended when the 21st started. */
const NOON = at('2026-11-21T12:00');
const name = (date: number | string): string => `production.Events.202611${date}`;
const TODAY = name(21);
const spec = specOf();
const createdOn = (day: number, time = '00:00:00') => ({
  'turntable:created-at': `2026-11-${day}T${time}.000Z`,
});
const owned = (day: number, of: Spec = spec) => tagsFor(of, periodAt(of.scheme, at(`2026-11-${day}`)));

function plan(
  known: readonly Omit<Known, 'spec'>[],
  config: Config = configOf([spec]),
  days?: readonly number[],
): Adoption {
  const own = config.specs[0]!;
  const observed = observedOf(known.map((one) => ({ tags: {}, ...one, spec: own })));
  const periods = days?.map((day) => periodAt(own.scheme, at(`2026-11-${day}`)));
  const { needs, ...adoption } = planAdoption(config, own, observed, NOON, periods);
  expect(needs).toEqual([]);
  return adoption;
}

const reasonsOf = (known: Omit<Known, 'spec' | 'name'>, own: Spec = spec) =>
  plan([{ name: TODAY, ...known }], configOf([own])).refused.flatMap(({ reasons }) => reasons);
const warningsOf = (day: number, known: Omit<Known, 'spec' | 'name'> = {}, own: Spec = spec) =>
  plan([{ name: name(day), ...known }], configOf([own])).adoptable.flatMap(({ warnings }) => warnings);

describe('an unmanaged table', () => {
  it('can be adopted with the ownership tags and its creation time', () => {
    const createdAt = at('2026-11-20T23:30');
    const { adoptable, refused, managed } = plan([
      { name: TODAY, state: { createdAt }, tags: { team: 'web' } },
    ]);
    expect([refused, managed]).toEqual([[], []]);
    expect(adoptable).toMatchObject([
      {
        table: { name: TODAY, phase: 'active' },
        tags: {
          'turntable:environment': 'production',
          'turntable:spec': 'Events',
          'turntable:scheme': 'daily',
          'turntable:period': '2026-11-21T00:00:00.000Z',
          'turntable:created-at': '2026-11-20T23:30:00.000Z',
        },
        warnings: [],
      },
    ]);
  });

  it('gets only the ownership tags that it lacks', () => {
    const { 'turntable:period': _, ...some } = owned(21);
    expect(plan([{ name: TODAY, tags: some }]).adoptable[0]?.tags).toEqual({
      'turntable:period': '2026-11-21T00:00:00.000Z',
      ...createdOn(21),
    });
  });

  it('can be adopted while it is UPDATING', () => {
    expect(plan([{ name: TODAY, state: { status: 'UPDATING' } }]).adoptable).toHaveLength(1);
  });

  it('gets the period tag "none" if its group does not rotate', () => {
    const single = specOf({ scheme: 'none', keep: Infinity });
    const { adoptable } = plan([{ name: 'production.Events' }], configOf([single]));
    expect(adoptable[0]?.tags).toMatchObject({ 'turntable:scheme': 'none', 'turntable:period': 'none' });
  });
});

it('leaves managed tables alone, however much they differ from the spec', () => {
  const schema: Schema = { AttributeDefinitions: [], KeySchema: [] };
  const known = [
    { name: TODAY, tags: owned(21), state: { schema } },
    { name: name(20), tags: { ...owned(20), ...createdOn(20, '00:10:00') } },
  ];
  expect(plan(known)).toEqual({ adoptable: [], refused: [], managed: [name(20), TODAY] });
});

describe('planAdoption refuses a table', () => {
  test.each<[string, Omit<Known, 'spec' | 'name'>, string]>([
    [
      'of another environment',
      { tags: { 'turntable:environment': 'staging' } },
      'The tag turntable:environment is "staging" instead of "production".',
    ],
    [
      'of another spec',
      { tags: { 'turntable:spec': 'Users' } },
      'The tag turntable:spec is "Users" instead of "Events".',
    ],
    [
      'of another period',
      { tags: owned(20) },
      'The tag turntable:period is "2026-11-20T00:00:00.000Z" instead of "2026-11-21T00:00:00.000Z".',
    ],
    [
      'of another scheme',
      { tags: { ...owned(21), 'turntable:scheme': 'weekly' } },
      'The table was created for RotationScheme weekly, but the spec now says daily.',
    ],
    [
      'with an empty ownership tag',
      { tags: { 'turntable:spec': '' } },
      'The tag turntable:spec is "" instead of "Events".',
    ],
    ['that is CREATING', { state: { status: 'CREATING' } }, 'The table is CREATING.'],
    ['that is DELETING', { state: { status: 'DELETING' } }, 'The table is DELETING.'],
    ['that is ARCHIVED', { state: { status: 'ARCHIVED' } }, 'The table is ARCHIVED.'],
    [
      'that is global',
      { state: { global: true } },
      'The table is a global table, but the spec has no Replicas.',
    ],
    [
      'with too many tags',
      { tags: Object.fromEntries(Array.from({ length: 46 }, (_, i) => [`tag-${i}`, ''])) },
      'The table would have 51 tags. AWS allows 50.',
    ],
    [
      'whose description cannot be read',
      { unreadable: ['description'] },
      "Could not read the table's description: no answer",
    ],
    ['whose tags cannot be read', { unreadable: ['tags'] }, "Could not read the table's tags: no answer"],
  ])('%s', (_, known, reason) => {
    expect(reasonsOf(known)).toEqual([reason]);
  });

  it('with every reason at once', () => {
    const schema: Schema = { ...spec.properties, KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }] };
    const tags = { 'turntable:environment': 'staging', 'turntable:spec': 'Users' };
    expect(reasonsOf({ tags, state: { status: 'DELETING', global: true, schema } })).toHaveLength(5);
  });

  it('that does not exist if its period is named', () => {
    expect(plan([{ name: TODAY }], configOf([spec]), [20, 21])).toMatchObject({
      adoptable: [{ table: { name: TODAY } }],
      refused: [{ name: name(20), reasons: ['The table does not exist.'] }],
    });
  });

  it.each([
    [
      'daily',
      TODAY,
      [
        'production.Events',
        `${TODAY}.backup`,
        'production.Events.20261122x',
        'production.Events.20261131',
        'production.Events.Old',
      ],
    ],
    ['weekly', name(16), ['production.Events.20261118']],
    ['none', 'production.Events', [TODAY]],
  ] as const)('whose name only starts like the one of a %s group', (scheme, real, others) => {
    const config = configOf([specOf({ scheme })]);
    const known = [...others, real].map((one) => ({ name: one }));
    const { adoptable, refused } = plan(known, config);
    expect(adoptable.map(({ table }) => table.name)).toEqual([real]);
    expect(refused.map((one) => one.name)).toEqual(others.toSorted());
    expect(refused[0]?.reasons[0]).toMatch(
      /^The table name (must be exactly|is not valid for the \w+ group) production\.Events\.$/,
    );
  });
});

it('does not mention tables of other groups and environments, or the state table', () => {
  const config = configOf([spec, specOf({ name: 'Events.Clicks' })]);
  const foreign = [
    'production.Events.Clicks.20261121',
    'production.EventsArchive.20261121',
    'pre-production.Events.20261121',
    'production2.Events.20261121',
    'production.turntable',
  ];
  expect(
    plan(
      foreign.map((one) => ({ name: one })),
      config,
    ),
  ).toEqual({ adoptable: [], refused: [], managed: [] });
});

test('adopts a table exactly if none of its ownership tags has another value, and manages the table afterwards', () => {
  const right = owned(21);
  const wrong = {
    ...tagsFor(
      specOf({ name: 'Users', scheme: 'weekly', environment: 'staging' }),
      periodAt('daily', NOON - DAY),
    ),
  };
  const each = fc.constantFrom('right', 'wrong', 'missing');
  const keys = Object.keys(right);
  fc.assert(
    fc.property(
      fc.tuple(...keys.map(() => each)),
      fc.dictionary(fc.string(), fc.string()),
      (choices, more) => {
        const given = keys.flatMap((key, i) => {
          if (choices[i] === 'missing') return [];
          return [[key, (choices[i] === 'right' ? right : wrong)[key]!] as const];
        });
        const tags = { ...more, ...Object.fromEntries(given) };
        const { adoptable, refused, managed } = plan([{ name: TODAY, tags }]);
        const whole = choices.every((choice) => choice === 'right');
        expect(refused.length > 0).toBe(choices.includes('wrong'));
        expect(managed.length > 0).toBe(whole);
        for (const one of adoptable)
          expect(plan([{ name: TODAY, tags: { ...tags, ...one.tags } }]).managed).toEqual([TODAY]);
      },
    ),
  );
});

describe('planAdoption warns', () => {
  test('if adopting makes an expired table deletable', () => {
    expect(warningsOf(19)).toEqual([
      'Retention ended at 2026-11-21 00:00 UTC. Purge can schedule the deletion in its next run and delete the table 12 hours later. To keep the table, add the tag turntable:keep before you adopt it.',
    ]);
    expect(warningsOf(20)).toEqual([]);
  });

  test('if the table is expired but retained by its tag, or because purging is disabled', () => {
    expect(warningsOf(19, { tags: { 'turntable:keep': 'audit' } })[0]).toContain(
      'The tag turntable:keep retains the table.',
    );
    const off = specOf({ settings: { purge: { ...defaultSettings.purge, enabled: false } } });
    expect(warningsOf(19, {}, off)[0]).toContain(
      'Purging is disabled. If you enable it, purge can schedule the deletion.',
    );
  });

  test('if the table was restored, with its tags or without', () => {
    const state = { createdAt: at('2026-11-21T08:00') };
    expect(warningsOf(20, { state })).toEqual([
      'The table looks like a restored copy: it was created 2026-11-21 08:00 UTC, after its period had ended, and not by Turntable. After adoption, purge deletes it like any other table.',
    ]);
    const tags = { ...owned(20), ...createdOn(19) };
    expect(warningsOf(20, { state, tags })[0]).toContain(
      'but its tag turntable:created-at says 2026-11-19 00:00 UTC',
    );
    const known = { name: name(20), state, tags };
    expect(plan([known]).adoptable[0]?.tags).toEqual(createdOn(21, '08:00:00'));
  });

  test('if the billing mode differs from the spec', () => {
    expect(warningsOf(21, { state: { billingMode: 'PAY_PER_REQUEST' } })).toEqual([
      'The table is on-demand and the spec says provisioned. Turntable does not change the billing mode.',
    ]);
    expect(warningsOf(21, { state: { billingMode: 'PROVISIONED' } }, specOf({ onDemand: true }))).toEqual([
      'The table is provisioned and the spec says on-demand. Turntable does not change the billing mode.',
    ]);
  });
});

describe('the schema of a table differs from its spec', () => {
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N' | 'B' = 'S') => ({
    AttributeName,
    AttributeType,
  });
  const key = (hash: string, range?: string): Schema['KeySchema'] => [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  const AttributeDefinitions = [attribute('Key'), attribute('At', 'N'), attribute('User')];
  const ALL = { ProjectionType: 'ALL' } as const;
  const some = (...NonKeyAttributes: string[]) => ({ ProjectionType: 'INCLUDE' as const, NonKeyAttributes });
  const base: Schema = { AttributeDefinitions, KeySchema: key('Key', 'At') };
  const global = (
    IndexName: string,
    KeySchema = key('User'),
    Projection: ReturnType<typeof some> | typeof ALL = ALL,
  ) => ({
    ...base,
    GlobalSecondaryIndexes: [{ IndexName, KeySchema, Projection }],
  });
  const local = (IndexName: string): Schema => ({
    ...base,
    LocalSecondaryIndexes: [{ IndexName, KeySchema: key('Key', 'User'), Projection: ALL }],
  });
  const stream = (StreamEnabled: boolean, StreamViewType?: 'NEW_IMAGE' | 'KEYS_ONLY'): Schema => ({
    ...base,
    StreamSpecification: { StreamEnabled, ...(StreamViewType && { StreamViewType }) },
  });

  test.each<[string, Schema, Schema, string]>([
    [
      'by its key',
      base,
      { ...base, KeySchema: key('Key') },
      'The key is Key (S, HASH), but the spec says Key (S, HASH), At (N, RANGE).',
    ],
    [
      'by the type of a key attribute',
      base,
      { ...base, AttributeDefinitions: [attribute('Key', 'B'), attribute('At', 'N')] },
      'The key is Key (B, HASH), At (N, RANGE), but the spec says Key (S, HASH), At (N, RANGE).',
    ],
    ['by a missing index', global('byUser'), base, 'The index byUser of the spec is missing.'],
    ['by an additional index', base, global('byUser'), 'The spec does not have the index byUser.'],
    [
      'by an index’s key',
      global('byUser'),
      global('byUser', key('User', 'At')),
      'The index byUser has the key User (S, HASH), At (N, RANGE), but the spec says User (S, HASH).',
    ],
    [
      'by an index’s kind',
      local('byUser'),
      global('byUser'),
      'The index byUser is global, but the spec says local.',
    ],
    [
      'by a projection',
      global('byUser'),
      global('byUser', undefined, some('B', 'A')),
      'The index byUser projects INCLUDE of A, B, but the spec says ALL.',
    ],
    [
      'by an additional stream',
      base,
      stream(true, 'NEW_IMAGE'),
      'The table has a stream of NEW_IMAGE, but the spec says no stream.',
    ],
    [
      'by a missing stream',
      stream(true, 'NEW_IMAGE'),
      base,
      'The table has no stream, but the spec says a stream of NEW_IMAGE.',
    ],
    [
      'by the view type of a stream',
      stream(true, 'NEW_IMAGE'),
      stream(true, 'KEYS_ONLY'),
      'The table has a stream of KEYS_ONLY, but the spec says a stream of NEW_IMAGE.',
    ],
  ])('%s', (_, wanted, found, difference) => {
    expect(differences(wanted, found)).toEqual([difference]);
    expect(reasonsOf({ state: { schema: found } }, specOf({ properties: wanted }))).toEqual([difference]);
  });

  test.each<[string, Schema, Schema]>([
    ['the order of definitions', base, { ...base, AttributeDefinitions: AttributeDefinitions.toReversed() }],
    ['the order of key parts', base, { ...base, KeySchema: key('Key', 'At').toReversed() }],
    [
      'the order of projected attributes',
      global('i', undefined, some('A', 'B')),
      global('i', undefined, some('B', 'A')),
    ],
    ['a disabled stream', base, stream(false)],
    [
      'an attribute definition that no key uses',
      { ...base, AttributeDefinitions: AttributeDefinitions.slice(0, 2) },
      base,
    ],
  ])('not by %s', (_, wanted, found) => {
    expect(differences(wanted, found)).toEqual([]);
  });
});

test('treats a table with replicas as global, in either version of global tables', () => {
  const described = { TableName: 'x' };
  expect(stateFrom(described).global).toBe(false);
  expect(stateFrom({ ...described, Replicas: [] }).global).toBe(false);
  expect(stateFrom({ ...described, Replicas: [{ RegionName: 'eu-west-1' }] }).global).toBe(true);
  expect(stateFrom({ ...described, GlobalTableVersion: '2017.11.29' }).global).toBe(true);
});

describe('adopt', () => {
  const OLD = name(19);
  const config = configOf([spec]);
  /** A world with unmanaged tables, in which rotate has created the group's required tables. */
  async function worldWith(...names: readonly string[]): Promise<World> {
    const world = new World(at('2026-11-19'));
    await confirmAll(config, world);
    for (const one of names)
      await world.ports().tables.create(tableInput(one, { throughput: units(300, 600) }));
    await world.clock.sleep(NOON - world.clock.now());
    await run('rotate', config, world);
    await world.clock.sleep(MINUTE);
    return world;
  }
  const survey = (world: World) => surveyAdoption(config, spec, world.ports(), world.clock.now());

  it('shows what rotate and purge would do after adoption, and changes nothing', async () => {
    const world = await worldWith(OLD, name(20));
    world.onCall = (operation, table) => {
      throw new Error(`${operation} ${table}`);
    };
    const { adoptable, actions, holds, managed } = await survey(world);
    expect(adoptable.map(({ table }) => table.name)).toEqual([OLD, name(20)]);
    expect(managed).toEqual([TODAY, name(22)]);
    expect(actions.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      `protection ${name(20)}`,
      `lower ${OLD}`,
      `lower ${name(20)}`,
      `schedule-deletion ${OLD}`,
    ]);
    expect(holds).toEqual([]);
  });

  it('starts a new waiting period, even if the deletion was scheduled before', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { createdAt } = world.table(OLD).describe(world.clock.now());
    await ports.state.scheduleDeletion({ table: OLD, createdAt, scheduledAt: NOON - DAY });
    const { adoptable, actions } = await survey(world);
    expect(actions.map(({ kind }) => kind)).toContain('schedule-deletion');
    await adopt(adoptable[0]!, ports, impatient);
    expect(await ports.state.scheduledDeletions()).toEqual([]);
    const purge = async () => sayResults(await run('purge', config, world));
    expect(await purge()).toEqual([`schedule-deletion ${OLD}: applied`]);
    expect(await purge()).toEqual([]);
    await world.clock.sleep(12 * HOUR);
    expect(await purge()).toEqual([`delete ${OLD}: applied`]);
  });

  it('waits until AWS shows the tags', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { adoptable } = await survey(world);
    const before = { ...world.table(OLD).tags };
    let stale = 3;
    const tables = {
      ...ports.tables,
      tags: async (arn: string) => (stale-- > 0 ? before : ports.tables.tags(arn)),
    };
    await adopt(adoptable[0]!, { ...ports, tables }, impatient);
    expect(stale).toBeLessThan(0);
    expect((await survey(world)).managed).toContain(OLD);
  });

  it('fails if AWS never shows the tags', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { adoptable } = await survey(world);
    const tables = { ...ports.tables, tags: async () => ({}) };
    const call = adopt(adoptable[0]!, { ...ports, tables }, impatient);
    await expect(call).rejects.toThrow('AWS does not show the new tags yet. Try again in a minute.');
  });

  it.each(['throttled', 'in-use', 'unavailable'] as const)('retries if AWS answers %s', async (code) => {
    const world = await worldWith(OLD);
    const { adoptable } = await survey(world);
    let failures = 2;
    world.onCall = (operation) => {
      if (operation === 'TagResource' && failures-- > 0) throw new ServiceError(code, 'Again.');
    };
    await adopt(adoptable[0]!, world.ports(), impatient);
    expect((await survey(world)).managed).toContain(OLD);
  });

  it('rejects a table that was recreated or tagged otherwise after planning', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { adoptable } = await survey(world);
    const other: TableState = { ...adoptable[0]!.state, id: 'another' };
    await expect(adopt({ ...adoptable[0]!, state: other }, ports)).rejects.toThrow(
      'The checked table no longer exists.',
    );
    await ports.tables.tag(other.arn, { 'turntable:environment': 'staging' });
    await expect(adopt(adoptable[0]!, ports)).rejects.toThrow(
      'The tag turntable:environment is "staging" instead of "production".',
    );
    expect(world.table(OLD).tags).toEqual({ 'turntable:environment': 'staging' });
  });
});
