import { describe, expect, it } from 'vitest';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import type { Spec } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import {
  at,
  configOf,
  FULL,
  HOUR,
  MINUTE,
  OUTDATED,
  type SpecOptions,
  specOf,
  units,
} from '../support/specs.ts';
import { type Known, observedOf, run, sayDraft, sayResults, wanted } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const YESTERDAY = 'production.Events.20261120';
const TODAY = 'production.Events.20261121';
const TOMORROW = 'production.Events.20261122';

function plan(known: readonly Omit<Known, 'spec'>[], now: number, options: SpecOptions | Spec = {}) {
  const spec = 'resources' in options ? options : specOf(options);
  const observed = observedOf(known.map((one) => ({ ...one, spec })));
  const draft = planRotate(configOf([spec]), observed, now);
  expect(draft.needs).toEqual([]);
  return draft;
}

const both: readonly Omit<Known, 'spec'>[] = [{ name: TODAY }, { name: TOMORROW }];

describe('on a fresh group, rotate', () => {
  const names = async (options: SpecOptions, now = NOON) =>
    (await wanted('rotate', configOf([specOf(options)]), new World(now))).map((line) =>
      line.replace('production.', ''),
    );

  it('makes the current and the coming table only, whatever the retention', async () => {
    expect(await names({ keep: 14 })).toEqual([
      'create Events.20261121 (missing)',
      'create Events.20261122 (missing)',
    ]);
    expect(await names({ keep: Infinity, scheme: 'monthly' })).toEqual([
      'create Events.20261101 (missing)',
      'create Events.20261201 (missing)',
    ]);
  });

  it('makes one table for a scheme of none', async () => {
    expect(await names({ scheme: 'none', keep: Infinity })).toEqual(['create Events (missing)']);
  });

  it('makes as many ahead as it is told to', async () => {
    expect(await names({ settings: { periodsAhead: 3 } })).toEqual(
      ['21', '22', '23', '24'].map((day) => `create Events.202611${day} (missing)`),
    );
  });

  it('makes past ones where the spec backfills them', async () => {
    expect(await names({ keep: 14, backfill: 2 })).toEqual([
      'create Events.20261119 (backfill)',
      'create Events.20261120 (backfill)',
      'create Events.20261121 (missing)',
      'create Events.20261122 (missing)',
    ]);
  });

  it('gives tags in the creating call, the spec’s own with the ownership', () => {
    const [create] = plan([], NOON, { properties: { Tags: [{ Key: 'team', Value: 'web' }] } }).actions;
    expect(create).toMatchObject({
      kind: 'create',
      input: {
        TableName: TODAY,
        Tags: [
          { Key: 'team', Value: 'web' },
          { Key: 'turntable:environment', Value: 'production' },
          { Key: 'turntable:spec', Value: 'Events' },
          { Key: 'turntable:scheme', Value: 'daily' },
          { Key: 'turntable:period', Value: '2026-11-21T00:00:00.000Z' },
        ],
      },
    });
  });

  it('leaves out of the creating call what CreateTable does not take', () => {
    const [create] = plan([], NOON, {
      properties: {
        TimeToLive: { AttributeName: 'expires' },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TableClass: 'STANDARD_INFREQUENT_ACCESS',
      },
    }).actions;
    const input = create?.kind === 'create' ? create.input : {};
    expect(Object.keys(input).sort()).toEqual([
      'AttributeDefinitions',
      'DeletionProtectionEnabled',
      'KeySchema',
      'ProvisionedThroughput',
      'TableClass',
      'TableName',
      'Tags',
    ]);
  });

  it('provisions nothing for an on-demand table', () => {
    const [create] = plan([], NOON, {
      onDemand: true,
      indexes: { byUser: { full: FULL, outdated: OUTDATED } },
    }).actions;
    expect(JSON.stringify(create)).not.toContain('ProvisionedThroughput');
  });

  it.each<[string, number, SpecOptions, [string, number, number][]]>([
    [
      'daily: both at full',
      NOON,
      {},
      [
        ['21', 600, 60],
        ['22', 600, 60],
      ],
    ],
    [
      'two days ahead: parked',
      NOON,
      { settings: { periodsAhead: 2 } },
      [
        ['21', 600, 60],
        ['22', 600, 60],
        ['23', 30, 3],
      ],
    ],
    [
      'a past one: outdated',
      NOON,
      { keep: 3, backfill: 1 },
      [
        ['20', 30, 3],
        ['21', 600, 60],
        ['22', 600, 60],
      ],
    ],
  ])('%s, indexes alike', (_, now, options, expected) => {
    const indexes = { byUser: { full: units(6, 60), outdated: units(1, 3) } };
    const made = plan([], now, { ...options, indexes }).actions.map((action) => {
      const input = (action.kind === 'create' ? action.input : {}) as unknown as {
        TableName: string;
        ProvisionedThroughput: { WriteCapacityUnits: number };
        GlobalSecondaryIndexes: { ProvisionedThroughput: { WriteCapacityUnits: number } }[];
      };
      return [
        input.TableName.slice(-2),
        input.ProvisionedThroughput.WriteCapacityUnits,
        input.GlobalSecondaryIndexes[0]?.ProvisionedThroughput.WriteCapacityUnits,
      ];
    });
    expect(made).toEqual(expected);
  });

  it('switches expiry and recovery on once the table is ACTIVE, in the same run', async () => {
    const world = new World(NOON, { createMs: 30_000 });
    const statuses: string[] = [];
    world.onCall = (operation, table) => {
      if (!operation.startsWith('Create'))
        statuses.push(`${operation} ${world.find(table)?.status(world.clock.now())}`);
    };
    const config = configOf([
      specOf({
        scheme: 'none',
        keep: Infinity,
        properties: {
          TimeToLive: { AttributeName: 'expires' },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: '7' },
        },
      }),
    ]);
    const summary = await run('rotate', config, world);
    expect(summary.outcome).toBe('done');
    expect(statuses).toEqual(['UpdateTimeToLive ACTIVE', 'UpdateContinuousBackups ACTIVE']);
    expect(world.table('production.Events').timeToLive).toBe('expires');
    expect(world.table('production.Events').recovery).toEqual({ enabled: true, days: 7 });
    expect(await wanted('rotate', config, world)).toEqual([]);
  });
});

describe('a coming table', () => {
  const MONDAY = at('2026-11-23');
  const weekly: SpecOptions = { scheme: 'weekly' };
  const COMING = 'production.Events.20261123';
  const parked: readonly Omit<Known, 'spec'>[] = [
    { name: 'production.Events.20261116' },
    { name: COMING, table: OUTDATED, state: { createdAt: at('2026-11-16') } },
  ];
  const raised = `raise ${COMING} (warm-up)`;

  it.each<[string, number, readonly string[], number?]>([
    ['parked until a day before its period', MONDAY - 24 * HOUR - 1, []],
    ['raised from a day before its period on', MONDAY - 24 * HOUR, [raised]],
    ['raised still a minute before its period', MONDAY - MINUTE, [raised]],
    ['parked until three hours before, where the setting says so', MONDAY - 3 * HOUR - 1, [], 3],
    ['raised three hours before, where the setting says so', MONDAY - 3 * HOUR, [raised], 3],
  ])('stays %s', (_, now, expected, hours = 24) => {
    const draft = plan(parked, now, { ...weekly, settings: { warmUpMs: hours * HOUR } });
    expect(sayDraft(draft)).toEqual(expected);
  });

  it('is raised to full in one call with its indexes, and only what is below', () => {
    const spec = specOf({
      ...weekly,
      indexes: {
        a: { full: units(9, 9), outdated: units(1, 1) },
        b: { full: units(5, 5), outdated: units(5, 5) },
      },
    });
    const draft = plan([parked[0]!, { ...parked[1]!, table: units(900, 30) }], MONDAY - HOUR, spec);
    expect(draft.actions).toMatchObject([
      {
        kind: 'raise',
        reason: 'warm-up',
        message:
          'Writes 30 → 600, index a reads 1 → 9, index a writes 1 → 9: ready before its period begins 2026-11-23 00:00 UTC.',
        changes: [
          { from: units(900, 30), to: units(900, 600) },
          { index: 'a', from: units(1, 1), to: units(9, 9) },
        ],
      },
    ]);
  });

  it('keeps more than full where somebody gave it more', () => {
    expect(
      sayDraft(plan([parked[0]!, { name: COMING, table: units(900, 900) }], MONDAY - HOUR, weekly)),
    ).toEqual([]);
  });

  it('waits while it is busy', () => {
    const busy: Omit<Known, 'spec'> = {
      ...parked[1]!,
      state: { createdAt: at('2026-11-16'), status: 'UPDATING' },
    };
    expect(sayDraft(plan([parked[0]!, busy], MONDAY - HOUR, weekly))).toEqual([
      `[raise ${COMING} (table-busy)]`,
    ]);
  });

  it('waits while an index of it is busy', () => {
    const spec = specOf({ ...weekly, indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const busy = { ...parked[1]!, indexes: { a: { status: 'UPDATING' } } };
    expect(plan([parked[0]!, busy], MONDAY - HOUR, spec).holds).toMatchObject([
      { reason: 'table-busy', message: 'Its index a is UPDATING.' },
    ]);
  });

  it('is not ours to raise where its tags say otherwise', () => {
    const foreign = { ...parked[1]!, tags: {} };
    expect(sayDraft(plan([parked[0]!, foreign], MONDAY - HOUR, weekly))).toEqual([
      `[raise ${COMING} (not-owned)]`,
    ]);
  });

  it('is not raised by a late event once a later run has lowered it', () => {
    const over = { ...parked[1]!, table: { ...OUTDATED, lastDecrease: at('2026-11-30T01:00') } };
    expect(sayDraft(plan([parked[0]!, over], MONDAY - HOUR, weekly))).toEqual([
      `[raise ${COMING} (table-busy)]`,
    ]);
  });
});

describe('an active table', () => {
  it('that was never warmed is raised late', () => {
    const cold = { name: TODAY, table: OUTDATED, state: { createdAt: at('2026-11-15') } };
    expect(sayDraft(plan([cold, { name: TOMORROW }], NOON))).toEqual([`raise ${TODAY} (late-warm-up)`]);
  });

  it.each([
    ['raised', { lastIncrease: at('2026-11-20T01:00') }],
    ['lowered', { lastDecrease: at('2026-11-21T03:00') }],
  ])('that was %s since is scaling’s', (_, table) => {
    const scaled = {
      name: TODAY,
      table: { ...units(50, 50), ...table },
      state: { createdAt: at('2026-11-15') },
    };
    expect(sayDraft(plan([scaled, { name: TOMORROW }], NOON))).toEqual([]);
  });

  it('is brought back to full where nothing scales it', () => {
    const low = { name: TODAY, table: { ...units(50, 50), lastDecrease: at('2026-11-21T03:00') } };
    expect(sayDraft(plan([low, { name: TOMORROW }], NOON, { scaling: { method: 'none' } }))).toEqual([
      `raise ${TODAY} (late-warm-up)`,
    ]);
  });

  it('that somebody made by hand without tags is left alone, and told', () => {
    const foreign = {
      name: TODAY,
      table: OUTDATED,
      state: { createdAt: at('2026-11-15') },
      tags: { owner: 'me' },
    };
    const draft = plan([foreign, { name: TOMORROW }], NOON);
    expect(draft.holds).toMatchObject([
      {
        kind: 'raise',
        reason: 'not-owned',
        message:
          'The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt.',
      },
    ]);
    expect(draft.actions).toEqual([]);
  });

  it('that was made for another scheme is left alone, and told', () => {
    const tags = {
      'turntable:environment': 'production',
      'turntable:spec': 'Events',
      'turntable:scheme': 'weekly',
      'turntable:period': '2026-11-21T00:00:00.000Z',
    };
    const cold = { name: TODAY, table: OUTDATED, state: { createdAt: at('2026-11-15') }, tags };
    expect(sayDraft(plan([cold, { name: TOMORROW }], NOON))).toEqual([`[raise ${TODAY} (scheme-changed)]`]);
  });
});

describe('a finished table', () => {
  const ended = at('2026-11-21');
  const stand = (table: Omit<Known, 'spec' | 'name'> = {}): Omit<Known, 'spec'>[] => [
    { name: YESTERDAY, ...table },
    ...both,
  ];

  it.each<[string, number, string[]]>([
    ['keeps its capacity until late writers had their time', ended, [`[lower ${YESTERDAY} (draining)]`]],
    ['keeps it to the last millisecond', ended + HOUR - 1, [`[lower ${YESTERDAY} (draining)]`]],
    ['steps down when the window is over', ended + HOUR, [`lower ${YESTERDAY} (period-ended)`]],
    ['steps down later where a run was missed', ended + 20 * HOUR, [`lower ${YESTERDAY} (period-ended)`]],
  ])('%s', (_, now, expected) => {
    expect(sayDraft(plan(stand(), now))).toEqual(expected);
  });

  it('steps down at once where there is no drain window', () => {
    expect(sayDraft(plan(stand(), ended, { settings: { drainMs: 0 } }))).toEqual([
      `lower ${YESTERDAY} (period-ended)`,
    ]);
  });

  it('says until when it keeps its capacity', () => {
    expect(plan(stand(), ended).holds[0]?.message).toBe(
      'Keeps its capacity for late writers until 2026-11-21 01:00 UTC.',
    );
  });

  it('steps down once: what was lowered since the drain window is scaling’s', () => {
    const lowered = stand({ table: { ...units(50, 50), lastDecrease: ended + HOUR } });
    expect(sayDraft(plan(lowered, NOON))).toEqual([]);
    const before = stand({ table: { ...units(50, 50), lastDecrease: ended + HOUR - 1 } });
    expect(sayDraft(plan(before, NOON))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('is scaling’s too when demand has raised it since the drain window', () => {
    const raised = stand({ table: { ...units(50, 30), lastIncrease: ended + 3 * HOUR } });
    expect(sayDraft(plan(raised, NOON))).toEqual([]);
  });

  it('that was backfilled is scaling’s from the start', () => {
    const made = stand({
      table: { ...units(10, 300), lastIncrease: NOON - HOUR },
      state: { createdAt: NOON - 2 * HOUR },
    });
    expect(sayDraft(plan(made, NOON, { keep: 3, backfill: 1 }))).toEqual([]);
  });

  it('steps down though it was made since the drain window, at full by an old event that was replayed', () => {
    const made = stand({ table: FULL, state: { createdAt: NOON - 2 * HOUR } });
    expect(sayDraft(plan(made, NOON))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('lowers only what stands above outdated, its indexes each by itself', () => {
    const spec = specOf({ indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const draft = plan(
      stand({ table: units(5, 600), indexes: { a: { lastDecrease: NOON, read: 4 } } }),
      NOON,
      spec,
    );
    expect(draft.actions).toMatchObject([
      { kind: 'lower', changes: [{ from: units(5, 600), to: units(5, 30) }] },
    ]);
    expect(draft.actions[0]).toMatchObject({ changes: { length: 1 } });
  });

  it('waits for the day’s next decrease where they are spent', () => {
    const spent = stand({ table: { ...FULL, decreases: 4, lastDecrease: ended + 30 * MINUTE } });
    const draft = plan(spent, ended + HOUR);
    expect(sayDraft(draft)).toEqual([`[lower ${YESTERDAY} (decrease-quota)]`]);
    expect(draft.holds[0]?.message).toBe(
      "Reads 300 → 10, writes 600 → 30: today's decreases are spent; the next is allowed 2026-11-21 01:30 UTC.",
    );
    expect(sayDraft(plan(spent, ended + 90 * MINUTE))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('steps its indexes down even where its own decreases are spent', () => {
    const spec = specOf({ indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const spent = stand({ table: { ...FULL, decreases: 4, lastDecrease: ended + 30 * MINUTE } });
    const draft = plan(spent, ended + HOUR, spec);
    expect(sayDraft(draft)).toEqual([
      `lower ${YESTERDAY} (period-ended)`,
      `[lower ${YESTERDAY} (decrease-quota)]`,
    ]);
    expect(draft.actions).toMatchObject([{ changes: [{ index: 'a' }] }]);
  });

  it('stays as it is where outdated is no less than full', () => {
    expect(sayDraft(plan(stand(), NOON, { outdated: FULL }))).toEqual([]);
  });

  it('stays as it is where it went on-demand, or is being deleted', () => {
    expect(sayDraft(plan(stand({ state: { billingMode: 'PAY_PER_REQUEST' } }), NOON))).toEqual([]);
    expect(sayDraft(plan(stand({ state: { status: 'DELETING' } }), NOON))).toEqual([]);
  });

  it('that is not ours keeps what it has', () => {
    expect(sayDraft(plan(stand({ tags: {} }), NOON))).toEqual([`[lower ${YESTERDAY} (not-owned)]`]);
  });
});

describe('a table that is outdated, where such go on-demand and to Standard-IA,', () => {
  const ended = at('2026-11-21');
  const outdatedAs = {
    billingMode: 'PAY_PER_REQUEST',
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
  } as const;
  const options: SpecOptions = { outdatedAs, outdated: FULL };
  const stand = (state: Known['state'] = {}, more: Partial<Known> = {}) => [
    ...both,
    { name: YESTERDAY, state, ...more },
  ];
  const onDemand = { billingMode: 'PAY_PER_REQUEST', onDemandSince: ended + 2 * HOUR } as const;
  const infrequent = { tableClass: 'STANDARD_INFREQUENT_ACCESS' } as const;

  it('goes on demand first, in a later run to the class', () => {
    const first = plan(stand(), NOON, options);
    expect(first.actions).toMatchObject([
      {
        kind: 'billing',
        table: YESTERDAY,
        reason: 'outdated',
        billingMode: 'PAY_PER_REQUEST',
        message: 'On demand from now on: its period ended 2026-11-21 00:00 UTC.',
      },
    ]);
    expect(plan(stand(onDemand), NOON, options).actions).toMatchObject([
      {
        kind: 'table-class',
        tableClass: 'STANDARD_INFREQUENT_ACCESS',
        message: 'Stored as Standard-Infrequent Access from now on: its period ended 2026-11-21 00:00 UTC.',
      },
    ]);
    expect(sayDraft(plan(stand({ ...onDemand, ...infrequent }), NOON, options))).toEqual([]);
  });

  it('keeps what it has while late writers may come, and while it is current', () => {
    expect(sayDraft(plan(stand(), ended + 59 * MINUTE, options))).toEqual([]);
    expect(sayDraft(plan(stand(), ended + HOUR, options))).toEqual([`billing ${YESTERDAY} (outdated)`]);
  });

  it('is not stepped down as well, however high scaling has left it', () => {
    const high = stand({}, { table: units(900, 900) });
    expect(sayDraft(plan(high, NOON, options))).toEqual([`billing ${YESTERDAY} (outdated)`]);
  });

  it('is stepped down before its class changes, where it stays provisioned', () => {
    const only = { outdatedAs: { tableClass: outdatedAs.tableClass } };
    expect(sayDraft(plan(stand(), NOON, only))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
    expect(sayDraft(plan(stand({}, { table: OUTDATED }), NOON, only))).toEqual([
      `table-class ${YESTERDAY} (outdated)`,
    ]);
  });

  it.each<[string, Known['state'], string[]]>([
    ['on demand since before it drained, and back', { onDemandSince: ended }, ['billing']],
    ['provisioned again by hand since', { onDemandSince: ended + HOUR }, ['table-class']],
    [
      'moved to its class before it drained, and back',
      { ...onDemand, classChangedAt: ended },
      ['table-class'],
    ],
    ['moved back by hand since', { ...onDemand, classChangedAt: ended + HOUR }, []],
    ['being deleted', { status: 'DELETING' }, []],
  ])('%s: %#', (_, state, kinds) => {
    expect(plan(stand(state), NOON, options).actions.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('waits while it is busy, and for a run of after its last change', () => {
    const busy = plan(stand({ status: 'UPDATING' }), NOON, options);
    expect(sayDraft(busy)).toEqual([`[billing ${YESTERDAY} (table-busy)]`]);
    const replayed = plan(stand({}, { table: { lastIncrease: NOON + HOUR } }), NOON, options);
    expect(sayDraft(replayed)).toEqual([`[billing ${YESTERDAY} (table-busy)]`]);
  });

  it('that is not ours keeps what it has', () => {
    expect(sayDraft(plan(stand({}, { tags: {} }), NOON, options))).toEqual([
      `[billing ${YESTERDAY} (not-owned)]`,
    ]);
  });

  it('is made that way where it is backfilled, its indexes too', () => {
    const spec = specOf({
      ...options,
      keep: 3,
      backfill: 1,
      indexes: { byUser: { full: FULL, outdated: FULL } },
    });
    const [create] = plan(both, NOON, spec).actions;
    const input = create?.kind === 'create' ? create.input : undefined;
    expect(create?.message).toBe('Its period began 2026-11-20 00:00 UTC; the spec backfills 1. On demand.');
    expect(input).toMatchObject({
      TableName: YESTERDAY,
      BillingMode: 'PAY_PER_REQUEST',
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    });
    expect(JSON.stringify(input)).not.toContain('Throughput');
  });

  it('is switched once, and both changes land', async () => {
    const world = new World(at('2026-11-20T12:00'));
    const config = configOf([specOf({ ...options, keep: 3 })]);
    await run('rotate', config, world);
    world.clock.moveTo(at('2026-11-21T01:00'));
    const [billing, again] = [await run('rotate', config, world), await run('rotate', config, world)];
    expect(sayResults(billing)).toContain(`billing ${YESTERDAY}: applied`);
    expect(sayResults(again)).toEqual([]);
    world.clock.moveTo(at('2026-11-21T01:10'));
    expect(sayResults(await run('rotate', config, world, at('2026-11-21T01:00')))).toEqual([]);
    world.clock.moveTo(at('2026-11-21T02:00'));
    expect(sayResults(await run('rotate', config, world))).toEqual([`table-class ${YESTERDAY}: applied`]);
    world.clock.moveTo(at('2026-11-21T03:00'));
    expect(sayResults(await run('rotate', config, world))).toEqual([]);
    expect(world.table(YESTERDAY).describe(world.clock.now())).toMatchObject({
      status: 'ACTIVE',
      ...infrequent,
      billingMode: 'PAY_PER_REQUEST',
    });
  });
});

describe('what cannot be read', () => {
  it('holds that table only', () => {
    const draft = plan([{ name: YESTERDAY }, { name: TODAY, unreadable: ['description'] }], NOON);
    expect(sayDraft(draft)).toEqual([
      `create ${TOMORROW} (missing)`,
      `lower ${YESTERDAY} (period-ended)`,
      `[read ${TODAY} (unreadable)]`,
    ]);
    expect(draft.holds[0]?.message).toBe('Could not read its description: no answer');
  });

  it('is told once, however many steps needed it', () => {
    const properties = { TimeToLive: { AttributeName: 'expires' } };
    const blind = plan(
      [
        { name: TODAY, unreadable: ['description'] },
        { name: TOMORROW, timeToLive: 'expires' },
      ],
      NOON,
      {
        properties,
      },
    );
    expect(sayDraft(blind)).toEqual([`[read ${TODAY} (unreadable)]`]);
  });
});

describe('settings of a standing table', () => {
  const ttl = { TimeToLive: { AttributeName: 'expires' } };
  const pitr = (days?: number) => ({
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: true,
      ...(days === undefined ? {} : { RecoveryPeriodInDays: days }),
    },
  });
  const off = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } };
  type Standing = Omit<Known, 'spec' | 'name'>;

  const unprotected = { state: { deletionProtected: false } };
  const bare = { DeletionProtectionEnabled: false };

  it.each<[string, SpecOptions['properties'], Standing, string[]]>([
    ['protection is turned on where it is off', {}, unprotected, ['protection (settings-differ)']],
    ['protection is left off where the spec says so', bare, unprotected, []],
    ['protection that nobody asked for is left on', bare, { state: { deletionProtected: true } }, []],
    ['protection of a foreign table is left', {}, { ...unprotected, tags: {} }, []],
    ['expiry is switched on', ttl, {}, ['time-to-live (settings-differ)']],
    ['expiry that stands is left', ttl, { timeToLive: 'expires' }, []],
    ['expiry nobody mentions is left', {}, { timeToLive: 'expires' }, []],
    [
      'expiry is switched off where the spec says so',
      { TimeToLive: { AttributeName: 'expires', Enabled: false } },
      { timeToLive: 'expires' },
      ['time-to-live (settings-differ)'],
    ],
    [
      'expiry by another attribute is for people to change',
      ttl,
      { timeToLive: 'until' },
      ['[time-to-live (settings-differ)]'],
    ],
    ['expiry of a foreign table is left', ttl, { tags: {} }, ['[time-to-live (not-owned)]']],
    ['recovery is switched on', pitr(), {}, ['recovery (settings-differ)']],
    [
      'recovery over other days is brought in line',
      pitr(7),
      { recovery: { enabled: true, days: 35 } },
      ['recovery (settings-differ)'],
    ],
    ['recovery over 35 days is the default', pitr(), { recovery: { enabled: true, days: 35 } }, []],
    [
      'recovery is never switched off',
      off,
      { recovery: { enabled: true, days: 35 } },
      ['[recovery (settings-differ)]'],
    ],
    ['recovery that is off stays off', off, {}, []],
    ['expiry waits for a table in the making', ttl, { state: { status: 'CREATING' } }, []],
    ['an unreadable expiry is told', ttl, { unreadable: ['timeToLive'] }, ['[read (unreadable)]']],
  ])('%s', (_, properties, standing, expected) => {
    const draft = plan(
      [
        { name: TODAY, ...standing },
        {
          name: TOMORROW,
          timeToLive: 'expires',
          recovery: { enabled: true, days: 7 },
          state: { status: 'CREATING' },
        },
      ],
      NOON,
      { properties },
    );
    expect(sayDraft(draft)).toEqual(expected.map((line) => line.replace(' (', ` ${TODAY} (`)));
  });

  it('of past tables are left as they are', () => {
    const draft = plan(
      [{ name: YESTERDAY, table: OUTDATED }, ...both.map((one) => ({ ...one, timeToLive: 'expires' }))],
      NOON,
      { properties: ttl },
    );
    expect(sayDraft(draft)).toEqual([]);
  });
});

it('creates first and lowers last', async () => {
  const world = new World(at('2026-11-20T12:00'));
  const config = configOf([specOf(), specOf({ name: 'Flags' })]);
  await run('rotate', config, world);
  world.clock.moveTo(at('2026-11-21T06:00'));
  expect(sayResults(await run('rotate', config, world))).toEqual([
    'create production.Events.20261122: applied',
    'create production.Flags.20261122: applied',
    'lower production.Events.20261120: applied',
    'lower production.Flags.20261120: applied',
  ]);
});
