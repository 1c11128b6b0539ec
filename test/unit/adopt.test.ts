import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { stateFrom } from '../../src/aws/describe.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import type { TableState } from '../../src/core/observed.ts';
import { PlanBuilder } from '../../src/core/plan-builder.ts';
import { type Adoption, planAdoption } from '../../src/core/requests/adopt.ts';
import { differences, type Schema } from '../../src/core/schema.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { adopt, surveyAdoption } from '../../src/jobs/adopt.ts';
import { tableInput } from '../contract/ports.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { impatient, type Known, observedOf, run, sayResults } from '../support/worlds.ts';

/** Daily, two kept: the 19th's table expired at the beginning of the 21st. */
const NOON = at('2026-11-21T12:00');
const name = (date: number | string): string => `production.Events.202611${date}`;
const TODAY = name(21);
const spec = specOf();
const madeOn = (day: number, time = '00:00:00') => ({ 'turntable:made-at': `2026-11-${day}T${time}.000Z` });
const owned = (day: number, of: Spec = spec) => tagsFor(of, periodAt(of.scheme, at(`2026-11-${day}`)));

function plan(
  known: readonly Omit<Known, 'spec'>[],
  config: Config = configOf([spec]),
  days?: readonly number[],
): Adoption {
  const own = config.specs[0]!;
  const draft = new PlanBuilder('rotate');
  const observed = observedOf(known.map((one) => ({ tags: {}, ...one, spec: own })));
  const periods = days?.map((day) => periodAt(own.scheme, at(`2026-11-${day}`)));
  const adoption = planAdoption(draft, config, own, observed, NOON, periods);
  expect(draft.needs).toEqual([]);
  return adoption;
}

const reasonsOf = (known: Omit<Known, 'spec' | 'name'>, own: Spec = spec) =>
  plan([{ name: TODAY, ...known }], configOf([own])).refused.flatMap(({ reasons }) => reasons);
const cautionsOf = (day: number, known: Omit<Known, 'spec' | 'name'> = {}, own: Spec = spec) =>
  plan([{ name: name(day), ...known }], configOf([own])).adoptable.flatMap(({ cautions }) => cautions);

describe('a table that nobody owns', () => {
  it('gets the tags of ownership, and is made at its creation', () => {
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
          'turntable:made-at': '2026-11-20T23:30:00.000Z',
        },
        cautions: [],
      },
    ]);
  });

  it('whose tags are ours in part gets the others', () => {
    const { 'turntable:period': _, ...some } = owned(21);
    expect(plan([{ name: TODAY, tags: some }]).adoptable[0]?.tags).toEqual({
      'turntable:period': '2026-11-21T00:00:00.000Z',
      ...madeOn(21),
    });
  });

  it('is taken while it is UPDATING too', () => {
    expect(plan([{ name: TODAY, state: { status: 'UPDATING' } }]).adoptable).toHaveLength(1);
  });

  it('that does not rotate belongs to no period', () => {
    const single = specOf({ scheme: 'none', keep: Infinity });
    const { adoptable } = plan([{ name: 'production.Events' }], configOf([single]));
    expect(adoptable[0]?.tags).toMatchObject({ 'turntable:scheme': 'none', 'turntable:period': 'none' });
  });
});

it('what is managed already is left alone, however much it differs', () => {
  const schema: Schema = { AttributeDefinitions: [], KeySchema: [] };
  const known = [
    { name: TODAY, tags: owned(21), state: { schema } },
    { name: name(20), tags: { ...owned(20), ...madeOn(20, '00:10:00') } },
  ];
  expect(plan(known)).toEqual({ adoptable: [], refused: [], managed: [name(20), TODAY] });
});

describe('is refused', () => {
  test.each<[string, Omit<Known, 'spec' | 'name'>, string]>([
    [
      'another environment’s',
      { tags: { 'turntable:environment': 'staging' } },
      'Its tag turntable:environment is "staging", not "production".',
    ],
    [
      'another spec’s',
      { tags: { 'turntable:spec': 'Users' } },
      'Its tag turntable:spec is "Users", not "Events".',
    ],
    [
      'another period’s',
      { tags: owned(20) },
      'Its tag turntable:period is "2026-11-20T00:00:00.000Z", not "2026-11-21T00:00:00.000Z".',
    ],
    [
      'another scheme’s',
      { tags: { ...owned(21), 'turntable:scheme': 'weekly' } },
      'It was made for RotationScheme weekly; the spec says daily now.',
    ],
    [
      'one with an empty tag of ours',
      { tags: { 'turntable:spec': '' } },
      'Its tag turntable:spec is "", not "Events".',
    ],
    ['one that is being made', { state: { status: 'CREATING' } }, 'It is CREATING.'],
    ['one that is going', { state: { status: 'DELETING' } }, 'It is DELETING.'],
    ['one that AWS has archived', { state: { status: 'ARCHIVED' } }, 'It is ARCHIVED.'],
    [
      'a global one',
      { state: { global: true } },
      'It is a global table; Turntable keeps tables of one region only.',
    ],
    [
      'one with too many tags',
      { tags: Object.fromEntries(Array.from({ length: 46 }, (_, i) => [`tag-${i}`, ''])) },
      'It would have 51 tags, and AWS allows 50.',
    ],
    [
      'one that cannot be described',
      { unreadable: ['description'] },
      'Could not read its description: no answer',
    ],
    ['one whose tags cannot be read', { unreadable: ['tags'] }, 'Could not read its tags: no answer'],
  ])('%s', (_, known, reason) => {
    expect(reasonsOf(known)).toEqual([reason]);
  });

  it('for every reason at once', () => {
    const schema: Schema = { ...spec.properties, KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }] };
    const tags = { 'turntable:environment': 'staging', 'turntable:spec': 'Users' };
    expect(reasonsOf({ tags, state: { status: 'DELETING', global: true, schema } })).toHaveLength(5);
  });

  it('one that is asked for and does not stand', () => {
    expect(plan([{ name: TODAY }], configOf([spec]), [20, 21])).toMatchObject({
      adoptable: [{ table: { name: TODAY } }],
      refused: [{ name: name(20), reasons: ['It does not exist.'] }],
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
  ] as const)('what only resembles a %s group’s, where all is asked for', (scheme, real, others) => {
    const config = configOf([specOf({ scheme })]);
    const known = [...others, real].map((one) => ({ name: one }));
    const { adoptable, refused } = plan(known, config);
    expect(adoptable.map(({ table }) => table.name)).toEqual([real]);
    expect(refused.map((one) => one.name)).toEqual(others.toSorted());
    expect(refused[0]?.reasons[0]).toMatch(/^The name is not exactly .*production\.Events\.$/);
  });
});

it('other groups and environments, and the state table, are not even named', () => {
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

test('whatever of its tags is there: it is taken exactly where none contradicts, and is managed then', () => {
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

describe('a caution', () => {
  test('where it is expired: adopting makes it deletable', () => {
    expect(cautionsOf(19)).toEqual([
      'Expired since 2026-11-21 00:00 UTC: purge may condemn it at its next run, and delete it 12 hours later. To keep it, tag it turntable:keep first.',
    ]);
    expect(cautionsOf(20)).toEqual([]);
  });

  test('where it is expired, and kept by its tag or by a switch', () => {
    expect(cautionsOf(19, { tags: { 'turntable:keep': 'audit' } })[0]).toContain(
      'its tag turntable:keep keeps it.',
    );
    const off = specOf({ settings: { purge: { ...defaultSettings.purge, enabled: false } } });
    expect(cautionsOf(19, {}, off)[0]).toContain(
      'purging is switched off; once it is on, purge may condemn it.',
    );
  });

  test('where it was restored, with its tags or without', () => {
    const state = { createdAt: at('2026-11-21T08:00') };
    expect(cautionsOf(20, { state })).toEqual([
      'It seems to be a restored copy: it was created 2026-11-21 08:00 UTC, after its period had ended, and not by Turntable. Once taken over it is purged like any other.',
    ]);
    const tags = { ...owned(20), ...madeOn(19) };
    expect(cautionsOf(20, { state, tags })[0]).toContain(
      'its tag turntable:made-at says 2026-11-19 00:00 UTC',
    );
    const known = { name: name(20), state, tags };
    expect(plan([known]).adoptable[0]?.tags).toEqual(madeOn(21, '08:00:00'));
  });

  test('where it is billed otherwise than the spec says', () => {
    expect(cautionsOf(21, { state: { billingMode: 'PAY_PER_REQUEST' } })).toEqual([
      'It is on demand, the spec says provisioned: nothing changes that.',
    ]);
    expect(cautionsOf(21, { state: { billingMode: 'PROVISIONED' } }, specOf({ onDemand: true }))).toEqual([
      'It is provisioned, the spec says on demand: nothing changes that.',
    ]);
  });
});

describe('a schema differs from its spec', () => {
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
      'Its key is Key (S, HASH); the spec says Key (S, HASH), At (N, RANGE).',
    ],
    [
      'by a type',
      base,
      { ...base, AttributeDefinitions: [attribute('Key', 'B'), attribute('At', 'N')] },
      'Its key is Key (B, HASH), At (N, RANGE); the spec says Key (S, HASH), At (N, RANGE).',
    ],
    ['by an index that is missing', global('byUser'), base, 'It has no index byUser, which the spec has.'],
    ['by an index too many', base, global('byUser'), 'It has an index byUser, which the spec has not.'],
    [
      'by an index’s key',
      global('byUser'),
      global('byUser', key('User', 'At')),
      'Its index byUser has the key User (S, HASH), At (N, RANGE); the spec says User (S, HASH).',
    ],
    [
      'by an index’s kind',
      local('byUser'),
      global('byUser'),
      'Its index byUser is global; the spec says local.',
    ],
    [
      'by a projection',
      global('byUser'),
      global('byUser', undefined, some('B', 'A')),
      'Its index byUser projects INCLUDE of A, B; the spec says ALL.',
    ],
    [
      'by a stream too many',
      base,
      stream(true, 'NEW_IMAGE'),
      'It has a stream of NEW_IMAGE; the spec says no stream.',
    ],
    [
      'by a stream that is missing',
      stream(true, 'NEW_IMAGE'),
      base,
      'It has no stream; the spec says a stream of NEW_IMAGE.',
    ],
    [
      'by what a stream shows',
      stream(true, 'NEW_IMAGE'),
      stream(true, 'KEYS_ONLY'),
      'It has a stream of KEYS_ONLY; the spec says a stream of NEW_IMAGE.',
    ],
  ])('%s', (_, wanted, found, difference) => {
    expect(differences(wanted, found)).toEqual([difference]);
    expect(reasonsOf({ state: { schema: found } }, specOf({ properties: wanted }))).toEqual([difference]);
  });

  test.each<[string, Schema, Schema]>([
    ['the order of definitions', base, { ...base, AttributeDefinitions: AttributeDefinitions.toReversed() }],
    ['the order of key parts', base, { ...base, KeySchema: key('Key', 'At').toReversed() }],
    [
      'the order of what is projected',
      global('i', undefined, some('A', 'B')),
      global('i', undefined, some('B', 'A')),
    ],
    ['a stream that is off', base, stream(false)],
    [
      'a definition that no key uses any more',
      { ...base, AttributeDefinitions: AttributeDefinitions.slice(0, 2) },
      base,
    ],
  ])('not by %s', (_, wanted, found) => {
    expect(differences(wanted, found)).toEqual([]);
  });
});

test('replicas make a table global, in either version', () => {
  const described = { TableName: 'x' };
  expect(stateFrom(described).global).toBe(false);
  expect(stateFrom({ ...described, Replicas: [] }).global).toBe(false);
  expect(stateFrom({ ...described, Replicas: [{ RegionName: 'eu-west-1' }] }).global).toBe(true);
  expect(stateFrom({ ...described, GlobalTableVersion: '2017.11.29' }).global).toBe(true);
});

describe('taking over', () => {
  const OLD = name(19);
  const config = configOf([spec]);
  /** A world in which tables without tags stand, and those of the group's own are made by rotate. */
  async function worldWith(...names: readonly string[]): Promise<World> {
    const world = new World(at('2026-11-19'));
    for (const one of names)
      await world.ports().tables.create(tableInput(one, { throughput: units(300, 600) }));
    await world.clock.sleep(NOON - world.clock.now());
    await run('rotate', config, world);
    await world.clock.sleep(MINUTE);
    return world;
  }
  const survey = (world: World) => surveyAdoption(config, spec, world.ports(), world.clock.now());

  it('shows what rotate and purge would do then, and changes nothing', async () => {
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

  it('takes two looks of purge to delete, though it was condemned in former times', async () => {
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

  it('fails where AWS never shows them', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { adoptable } = await survey(world);
    const tables = { ...ports.tables, tags: async () => ({}) };
    const call = adopt(adoptable[0]!, { ...ports, tables }, impatient);
    await expect(call).rejects.toThrow('AWS does not show its new tags yet; look again in a while.');
  });

  it.each(['throttled', 'in-use', 'unavailable'] as const)('tries again what is %s', async (code) => {
    const world = await worldWith(OLD);
    const { adoptable } = await survey(world);
    let failures = 2;
    world.onCall = (operation) => {
      if (operation === 'TagResource' && failures-- > 0) throw new ServiceError(code, 'Again.');
    };
    await adopt(adoptable[0]!, world.ports(), impatient);
    expect((await survey(world)).managed).toContain(OLD);
  });

  it('refuses a table that was made anew, or tagged by somebody else, since it was looked at', async () => {
    const world = await worldWith(OLD);
    const ports = world.ports();
    const { adoptable } = await survey(world);
    const other: TableState = { ...adoptable[0]!.state, id: 'another' };
    await expect(adopt({ ...adoptable[0]!, state: other }, ports)).rejects.toThrow(
      'The table that was looked at is gone.',
    );
    await ports.tables.tag(other.arn, { 'turntable:environment': 'staging' });
    await expect(adopt(adoptable[0]!, ports)).rejects.toThrow(
      'Its tag turntable:environment is "staging", not "production".',
    );
    expect(world.table(OLD).tags).toEqual({ 'turntable:environment': 'staging' });
  });
});
