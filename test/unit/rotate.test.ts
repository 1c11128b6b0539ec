import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import type { Spec } from '../../src/core/spec.ts';
import { makePlan } from '../../src/jobs/plan.ts';
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

describe('for a scheduled deletion, rotate', () => {
  const known = [{ name: YESTERDAY }, { name: TODAY }, { name: TOMORROW }];
  const canceled = (keep: number, scheduledAt: number, table = YESTERDAY) => {
    const spec = specOf({ keep });
    const observed = observedOf(
      known.map((one) => ({ ...one, spec })),
      [{ table, createdAt: 0, scheduledAt }],
    );
    return sayDraft(planRotate(configOf([spec]), observed, NOON)).filter((line) => line.includes('cancel'));
  };

  it.each<[string, string[], Parameters<typeof canceled>]>([
    [
      'cancels it if the spec retains the table',
      [`cancel-deletion ${YESTERDAY} (retained)`],
      [2, NOON - HOUR],
    ],
    ['cancels it for the current table', [`cancel-deletion ${TODAY} (retained)`], [1, NOON - HOUR, TODAY]],
    ['leaves it if the table is expired', [], [1, NOON - HOUR]],
    ['leaves it if a later run scheduled it', [], [2, NOON + HOUR]],
    ['leaves it if no spec matches the table', [], [2, NOON - HOUR, 'production.Other.20261119']],
  ])('%s', (_, expected, given) => {
    expect(canceled(...given)).toEqual(expected);
  });

  it('creates tables although scheduled deletions cannot be read', async () => {
    const world = new World(NOON);
    const ports = world.ports();
    const scheduledDeletions = async () => {
      throw new ServiceError('access-denied', 'Not allowed.');
    };
    const unreadable = { ...ports, state: { ...ports.state, scheduledDeletions } };
    const { plan: made } = await makePlan(['rotate'], configOf([specOf()]), unreadable, NOON);
    expect(sayDraft(made)).toEqual([`create ${TODAY} (missing)`, `create ${TOMORROW} (missing)`]);
    await expect(makePlan(['purge'], configOf([specOf()]), unreadable, NOON)).rejects.toThrow('Not allowed.');
  });
});

const both: readonly Omit<Known, 'spec'>[] = [{ name: TODAY }, { name: TOMORROW }];

describe('for a new group, rotate', () => {
  const names = async (options: SpecOptions, now = NOON) =>
    (await wanted('rotate', configOf([specOf(options)]), new World(now))).map((line) =>
      line.replace('production.', ''),
    );

  it('creates only the current and the upcoming table, whatever the retention', async () => {
    expect(await names({ keep: 14 })).toEqual([
      'create Events.20261121 (missing)',
      'create Events.20261122 (missing)',
    ]);
    expect(await names({ keep: Infinity, scheme: 'monthly' })).toEqual([
      'create Events.20261101 (missing)',
      'create Events.20261201 (missing)',
    ]);
  });

  it('creates one table for RotationScheme none', async () => {
    expect(await names({ scheme: 'none', keep: Infinity })).toEqual(['create Events (missing)']);
  });

  it('creates PeriodsAhead upcoming tables', async () => {
    expect(await names({ settings: { periodsAhead: 3 } })).toEqual(
      ['21', '22', '23', '24'].map((day) => `create Events.202611${day} (missing)`),
    );
  });

  it('creates past tables if the spec backfills them', async () => {
    expect(await names({ keep: 14, backfill: 2 })).toEqual([
      'create Events.20261121 (missing)',
      'create Events.20261122 (missing)',
      'create Events.20261120 (backfill)',
      'create Events.20261119 (backfill)',
    ]);
  });

  it('adds the tags of the spec and the ownership tags in CreateTable', () => {
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

  it('omits from CreateTable what CreateTable does not accept', () => {
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

  it('provisions no throughput for an on-demand table', () => {
    const [create] = plan([], NOON, {
      onDemand: true,
      indexes: { byUser: { full: FULL, outdated: OUTDATED } },
    }).actions;
    expect(JSON.stringify(create)).not.toContain('ProvisionedThroughput');
  });

  it.each<[string, number, SpecOptions, [string, number, number][]]>([
    [
      'at full throughput, both if daily',
      NOON,
      {},
      [
        ['21', 600, 60],
        ['22', 600, 60],
      ],
    ],
    [
      'at outdated throughput two days ahead',
      NOON,
      { settings: { periodsAhead: 2 } },
      [
        ['21', 600, 60],
        ['22', 600, 60],
        ['23', 30, 3],
      ],
    ],
    [
      'at outdated throughput if past',
      NOON,
      { keep: 3, backfill: 1 },
      [
        ['21', 600, 60],
        ['22', 600, 60],
        ['20', 30, 3],
      ],
    ],
  ])('creates tables %s, and their indexes too', (_, now, options, expected) => {
    const indexes = { byUser: { full: units(6, 60), outdated: units(1, 3) } };
    const created = plan([], now, { ...options, indexes }).actions.map((action) => {
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
    expect(created).toEqual(expected);
  });

  it('enables Time to Live and recovery in the same run, as soon as the table is ACTIVE', async () => {
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
    expect([...new Set(statuses)]).toEqual(['UpdateTimeToLive ACTIVE', 'UpdateContinuousBackups ACTIVE']);
    expect(world.table('production.Events').timeToLive).toBe('expires');
    expect(world.table('production.Events').recovery).toEqual({ enabled: true, days: 7 });
    expect(await wanted('rotate', config, world)).toEqual([]);
  });
});

describe('an upcoming table', () => {
  const MONDAY = at('2026-11-23');
  const weekly: SpecOptions = { scheme: 'weekly' };
  const UPCOMING = 'production.Events.20261123';
  const early: readonly Omit<Known, 'spec'>[] = [
    { name: 'production.Events.20261116' },
    { name: UPCOMING, table: OUTDATED, state: { createdAt: at('2026-11-16') } },
  ];
  const raised = `raise ${UPCOMING} (warm-up)`;

  it.each<[string, number, readonly string[], number?]>([
    ['is not raised earlier than a day before its period', MONDAY - 24 * HOUR - 1, []],
    ['is raised a day before its period starts', MONDAY - 24 * HOUR, [raised]],
    ['is raised a minute before its period starts', MONDAY - MINUTE, [raised]],
    ['is not raised earlier than WarmUpHours before its period', MONDAY - 3 * HOUR - 1, [], 3],
    ['is raised WarmUpHours before its period starts', MONDAY - 3 * HOUR, [raised], 3],
  ])('%s', (_, now, expected, hours = 24) => {
    const draft = plan(early, now, { ...weekly, settings: { warmUpMs: hours * HOUR } });
    expect(sayDraft(draft)).toEqual(expected);
  });

  it('is raised in one call with its indexes, and only where it is below full throughput', () => {
    const spec = specOf({
      ...weekly,
      indexes: {
        a: { full: units(9, 9), outdated: units(1, 1) },
        b: { full: units(5, 5), outdated: units(5, 5) },
      },
    });
    const draft = plan([early[0]!, { ...early[1]!, table: units(900, 30) }], MONDAY - HOUR, spec);
    expect(draft.actions).toMatchObject([
      {
        kind: 'raise',
        reason: 'warm-up',
        message:
          'Writes 30 → 600, index a reads 1 → 9, index a writes 1 → 9: ready before the period starts at 2026-11-23 00:00 UTC.',
        changes: [
          { from: units(900, 30), to: units(900, 600) },
          { index: 'a', from: units(1, 1), to: units(9, 9) },
        ],
      },
    ]);
  });

  it('is not lowered if an operator raised it above full throughput', () => {
    expect(
      sayDraft(plan([early[0]!, { name: UPCOMING, table: units(900, 900) }], MONDAY - HOUR, weekly)),
    ).toEqual([]);
  });

  it('waits while it is UPDATING', () => {
    const busy: Omit<Known, 'spec'> = {
      ...early[1]!,
      state: { createdAt: at('2026-11-16'), status: 'UPDATING' },
    };
    expect(sayDraft(plan([early[0]!, busy], MONDAY - HOUR, weekly))).toEqual([
      `[raise ${UPCOMING} (table-busy)]`,
    ]);
  });

  it('waits while one of its indexes is UPDATING', () => {
    const spec = specOf({ ...weekly, indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const busy = { ...early[1]!, indexes: { a: { status: 'UPDATING' } } };
    expect(plan([early[0]!, busy], MONDAY - HOUR, spec).holds).toMatchObject([
      { reason: 'table-busy', message: 'The index a is UPDATING.' },
    ]);
  });

  it('is not raised if it is unmanaged', () => {
    const unmanaged = { ...early[1]!, tags: {} };
    expect(sayDraft(plan([early[0]!, unmanaged], MONDAY - HOUR, weekly))).toEqual([
      `[use ${UPCOMING} (not-owned)]`,
    ]);
  });

  it('is not raised by a late event after a later run has lowered it', () => {
    const over = { ...early[1]!, table: { ...OUTDATED, lastDecrease: at('2026-11-30T01:00') } };
    expect(sayDraft(plan([early[0]!, over], MONDAY - HOUR, weekly))).toEqual([
      `[raise ${UPCOMING} (table-busy)]`,
    ]);
  });
});

describe('the current table', () => {
  it('is raised late if it was never raised', () => {
    const cold = { name: TODAY, table: OUTDATED, state: { createdAt: at('2026-11-15') } };
    expect(sayDraft(plan([cold, { name: TOMORROW }], NOON))).toEqual([`raise ${TODAY} (late-warm-up)`]);
  });

  it.each([
    ['raised', { lastIncrease: at('2026-11-20T01:00') }],
    ['lowered', { lastDecrease: at('2026-11-21T03:00') }],
  ])('is left to scale after it was %s', (_, table) => {
    const scaled = {
      name: TODAY,
      table: { ...units(50, 50), ...table },
      state: { createdAt: at('2026-11-15') },
    };
    expect(sayDraft(plan([scaled, { name: TOMORROW }], NOON))).toEqual([]);
  });

  it('is raised to full throughput with method none', () => {
    const low = { name: TODAY, table: { ...units(50, 50), lastDecrease: at('2026-11-21T03:00') } };
    expect(sayDraft(plan([low, { name: TOMORROW }], NOON, { scaling: { method: 'none' } }))).toEqual([
      `raise ${TODAY} (late-warm-up)`,
    ]);
  });

  it('is held if it is unmanaged', () => {
    const unmanaged = {
      name: TODAY,
      table: OUTDATED,
      state: { createdAt: at('2026-11-15') },
      tags: { owner: 'me' },
    };
    const draft = plan([unmanaged, { name: TOMORROW }], NOON);
    expect(draft.holds).toMatchObject([
      {
        kind: 'use',
        reason: 'not-owned',
        urgent: true,
        message:
          'This table is in the place of the current table, but Turntable does not manage it. It has no ownership tags. To manage it, run turntable adopt Events --env production. If you do not need it, delete it.',
      },
    ]);
    expect(draft.actions).toEqual([]);
  });

  it('is held if it was created for another scheme', () => {
    const tags = {
      'turntable:environment': 'production',
      'turntable:spec': 'Events',
      'turntable:scheme': 'weekly',
      'turntable:period': '2026-11-21T00:00:00.000Z',
    };
    const cold = { name: TODAY, table: OUTDATED, state: { createdAt: at('2026-11-15') }, tags };
    expect(sayDraft(plan([cold, { name: TOMORROW }], NOON))).toEqual([`[use ${TODAY} (scheme-changed)]`]);
  });
});

describe('a table whose period has ended', () => {
  const ended = at('2026-11-21');
  const standing = (table: Omit<Known, 'spec' | 'name'> = {}): Omit<Known, 'spec'>[] => [
    { name: YESTERDAY, ...table },
    ...both,
  ];

  it.each<[string, number, string[]]>([
    ['is not lowered during the drain window', ended, [`[lower ${YESTERDAY} (draining)]`]],
    [
      'is not lowered until the last millisecond of the drain window',
      ended + HOUR - 1,
      [`[lower ${YESTERDAY} (draining)]`],
    ],
    ['is lowered when the drain window ends', ended + HOUR, [`lower ${YESTERDAY} (period-ended)`]],
    ['is lowered later if runs were missed', ended + 20 * HOUR, [`lower ${YESTERDAY} (period-ended)`]],
  ])('%s', (_, now, expected) => {
    expect(sayDraft(plan(standing(), now))).toEqual(expected);
  });

  it('is lowered immediately if there is no drain window', () => {
    expect(sayDraft(plan(standing(), ended, { settings: { drainMs: 0 } }))).toEqual([
      `lower ${YESTERDAY} (period-ended)`,
    ]);
  });

  it('is held with the end of the drain window', () => {
    expect(plan(standing(), ended).holds[0]?.message).toBe(
      'Capacity stays for late writers until the drain window ends at 2026-11-21 01:00 UTC.',
    );
  });

  it('is left to scale after it was lowered once since the drain window', () => {
    const lowered = standing({ table: { ...units(50, 50), lastDecrease: ended + HOUR } });
    expect(sayDraft(plan(lowered, NOON))).toEqual([]);
    const before = standing({ table: { ...units(50, 50), lastDecrease: ended + HOUR - 1 } });
    expect(sayDraft(plan(before, NOON))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('is left to scale if scale has raised it since the drain window', () => {
    const raised = standing({ table: { ...units(50, 30), lastIncrease: ended + 3 * HOUR } });
    expect(sayDraft(plan(raised, NOON))).toEqual([]);
  });

  it('is left to scale from the start if it was backfilled', () => {
    const created = standing({
      table: { ...units(10, 300), lastIncrease: NOON - HOUR },
      state: { createdAt: NOON - 2 * HOUR },
    });
    expect(sayDraft(plan(created, NOON, { keep: 3, backfill: 1 }))).toEqual([]);
  });

  it('is lowered if a replayed event created it at full throughput after the drain window', () => {
    const created = standing({ table: FULL, state: { createdAt: NOON - 2 * HOUR } });
    expect(sayDraft(plan(created, NOON))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('is lowered only where it is above outdated throughput, each index by itself', () => {
    const spec = specOf({ indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const draft = plan(
      standing({ table: units(5, 600), indexes: { a: { lastDecrease: NOON, read: 4 } } }),
      NOON,
      spec,
    );
    expect(draft.actions).toMatchObject([
      { kind: 'lower', changes: [{ from: units(5, 600), to: units(5, 30) }] },
    ]);
    expect(draft.actions[0]).toMatchObject({ changes: { length: 1 } });
  });

  describe('whose outdated throughput is above the full one', () => {
    const above = { full: units(8, 90), outdated: units(240, 1) };
    const read = (name: string, now: number, table = {}, scaling = {}) => {
      const spec = specOf({ ...above, keep: 30, scaling });
      const known = [{ spec, name, table: { ...units(8, 90), lastIncrease: at('2026-11-19'), ...table } }];
      const { actions, holds } = planRotate(configOf([spec]), observedOf(known), now);
      const changes = actions.flatMap((action) => ('changes' in action ? action.changes : []));
      const own = actions.filter(({ table: own }) => own === name && changes.length > 0);
      return [
        ...own.map(({ kind }) => kind),
        ...changes.map(({ to }) => to),
        ...holds.map((one) => one.reason),
      ];
    };

    it('is raised to it when its period has ended, and lowered after the drain window', () => {
      expect(read(YESTERDAY, at('2026-11-21T00:05'))).toEqual(['raise', units(240, 90), 'draining']);
      const raised = { read: 240, lastIncrease: at('2026-11-21T00:05') };
      expect(read(YESTERDAY, at('2026-11-21T00:50'), raised)).toEqual(['draining']);
      expect(read(YESTERDAY, at('2026-11-21T01:05'), raised)).toEqual(['lower', units(240, 1)]);
      const done = { ...units(240, 1), lastDecrease: at('2026-11-21T01:05') };
      expect(read(YESTERDAY, NOON, done)).toEqual([]);
    });

    it('has exactly its outdated throughput after one change, if rotate did not run in the drain window', () => {
      expect(read(YESTERDAY, NOON)).toEqual(['raise', units(240, 1)]);
    });

    it('is created with the lower of the two', () => {
      const draft = planRotate(configOf([specOf({ ...above })]), observedOf([]), NOON);
      const created = draft.actions.flatMap((action) => (action.kind === 'create' ? [action.input] : []));
      expect(created).toMatchObject([
        { ProvisionedThroughput: { ReadCapacityUnits: 8, WriteCapacityUnits: 90 } },
        { ProvisionedThroughput: { ReadCapacityUnits: 8, WriteCapacityUnits: 90 } },
      ]);
      const early = planRotate(
        configOf([specOf({ ...above, settings: { warmUpMs: HOUR } })]),
        observedOf([]),
        NOON,
      );
      expect(early.actions.at(-1)).toMatchObject({
        input: { ProvisionedThroughput: { ReadCapacityUnits: 8, WriteCapacityUnits: 1 } },
      });
    });
  });

  describe('of which DynamoDB does not say when its capacity was changed', () => {
    const lowered = (table: object, method: 'predictive' | 'reactive' | 'none') => {
      const draft = plan(standing({ table }), NOON, { scaling: { method } });
      return draft.actions.flatMap((action) =>
        'changes' in action ? action.changes.map(({ to }) => to) : [],
      );
    };

    it('is lowered if it has the capacity that it was created with', () => {
      for (const method of ['predictive', 'reactive', 'none'] as const)
        expect(lowered(FULL, method)).toEqual([OUTDATED]);
    });

    it('is left to scale where scale has set another capacity by demand', () => {
      expect(lowered(units(120, 70), 'reactive')).toEqual([]);
      expect(lowered(units(120, 70), 'predictive')).toEqual([]);
      expect(lowered(units(120, 70), 'none')).toEqual([OUTDATED]);
    });
  });

  it('waits for the next decrease if the daily quota is reached', () => {
    const spent = standing({ table: { ...FULL, decreases: 4, lastDecrease: ended + 30 * MINUTE } });
    const draft = plan(spent, ended + HOUR);
    expect(sayDraft(draft)).toEqual([`[lower ${YESTERDAY} (decrease-quota)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Reads 300 → 10, writes 600 → 30: the daily decrease quota is reached. Next decrease: 2026-11-21 01:30 UTC.',
    );
    expect(sayDraft(plan(spent, ended + 90 * MINUTE))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
  });

  it('has its indexes lowered even if its own daily quota is reached', () => {
    const spec = specOf({ indexes: { a: { full: units(9, 9), outdated: units(1, 1) } } });
    const spent = standing({ table: { ...FULL, decreases: 4, lastDecrease: ended + 30 * MINUTE } });
    const draft = plan(spent, ended + HOUR, spec);
    expect(sayDraft(draft)).toEqual([
      `lower ${YESTERDAY} (period-ended)`,
      `[lower ${YESTERDAY} (decrease-quota)]`,
    ]);
    expect(draft.actions).toMatchObject([{ changes: [{ index: 'a' }] }]);
  });

  it('is not lowered if outdated throughput equals full throughput', () => {
    expect(sayDraft(plan(standing(), NOON, { outdated: FULL }))).toEqual([]);
  });

  it('is not lowered if it is on-demand or DELETING', () => {
    expect(sayDraft(plan(standing({ state: { billingMode: 'PAY_PER_REQUEST' } }), NOON))).toEqual([]);
    expect(sayDraft(plan(standing({ state: { status: 'DELETING' } }), NOON))).toEqual([]);
  });

  it('is not changed if it is unmanaged', () => {
    expect(sayDraft(plan(standing({ tags: {} }), NOON))).toEqual([`[lower ${YESTERDAY} (not-owned)]`]);
  });
});

describe('with Outdated.BillingMode and Outdated.TableClass, an outdated table', () => {
  const ended = at('2026-11-21');
  const outdatedAs = {
    billingMode: 'PAY_PER_REQUEST',
    tableClass: 'STANDARD_INFREQUENT_ACCESS',
  } as const;
  const options: SpecOptions = { outdatedAs, outdated: FULL };
  const standing = (state: Known['state'] = {}, more: Partial<Known> = {}) => [
    ...both,
    { name: YESTERDAY, state, ...more },
  ];
  const onDemand = { billingMode: 'PAY_PER_REQUEST', onDemandSince: ended + 2 * HOUR } as const;
  const infrequent = { tableClass: 'STANDARD_INFREQUENT_ACCESS' } as const;

  it('is switched to on-demand first, and to the class in a later run', () => {
    const first = plan(standing(), NOON, options);
    expect(first.actions).toMatchObject([
      {
        kind: 'billing',
        table: YESTERDAY,
        reason: 'outdated',
        billingMode: 'PAY_PER_REQUEST',
        message: 'The period ended at 2026-11-21 00:00 UTC and Outdated.BillingMode is PAY_PER_REQUEST.',
      },
    ]);
    expect(plan(standing(onDemand), NOON, options).actions).toMatchObject([
      {
        kind: 'table-class',
        tableClass: 'STANDARD_INFREQUENT_ACCESS',
        message:
          'The period ended at 2026-11-21 00:00 UTC and Outdated.TableClass is STANDARD_INFREQUENT_ACCESS.',
      },
    ]);
    expect(sayDraft(plan(standing({ ...onDemand, ...infrequent }), NOON, options))).toEqual([]);
  });

  it('is not changed before the drain window ends', () => {
    expect(sayDraft(plan(standing(), ended + 59 * MINUTE, options))).toEqual([]);
    expect(sayDraft(plan(standing(), ended + HOUR, options))).toEqual([`billing ${YESTERDAY} (outdated)`]);
  });

  it('is not lowered in the run that switches it', () => {
    const high = standing({}, { table: units(900, 900) });
    expect(sayDraft(plan(high, NOON, options))).toEqual([`billing ${YESTERDAY} (outdated)`]);
  });

  it('is lowered before its class changes if it stays provisioned', () => {
    const only = { outdatedAs: { tableClass: outdatedAs.tableClass } };
    expect(sayDraft(plan(standing(), NOON, only))).toEqual([`lower ${YESTERDAY} (period-ended)`]);
    expect(sayDraft(plan(standing({}, { table: OUTDATED }), NOON, only))).toEqual([
      `table-class ${YESTERDAY} (outdated)`,
    ]);
  });

  it.each<[string, Known['state'], string[]]>([
    [
      'is switched if it was on-demand only before the drain window ended',
      { onDemandSince: ended },
      ['billing'],
    ],
    [
      'is not switched again if an operator switched it back',
      { onDemandSince: ended + HOUR },
      ['table-class'],
    ],
    [
      'changes its class if it had that class only before the drain window ended',
      { ...onDemand, classChangedAt: ended },
      ['table-class'],
    ],
    [
      'does not change its class again if an operator changed it back',
      { ...onDemand, classChangedAt: ended + HOUR },
      [],
    ],
    ['is not changed while it is DELETING', { status: 'DELETING' }, []],
  ])('%s: %#', (_, state, kinds) => {
    expect(plan(standing(state), NOON, options).actions.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('waits while it is UPDATING, and is not changed by a run older than its last change', () => {
    const busy = plan(standing({ status: 'UPDATING' }), NOON, options);
    expect(sayDraft(busy)).toEqual([`[billing ${YESTERDAY} (table-busy)]`]);
    const replayed = plan(standing({}, { table: { lastIncrease: NOON + HOUR } }), NOON, options);
    expect(sayDraft(replayed)).toEqual([`[billing ${YESTERDAY} (table-busy)]`]);
  });

  it('is not changed if it is unmanaged', () => {
    expect(sayDraft(plan(standing({}, { tags: {} }), NOON, options))).toEqual([
      `[billing ${YESTERDAY} (not-owned)]`,
    ]);
  });

  it('is created on-demand and in the class if it is backfilled', () => {
    const spec = specOf({
      ...options,
      keep: 3,
      backfill: 1,
      indexes: { byUser: { full: FULL, outdated: FULL } },
    });
    const [create] = plan(both, NOON, spec).actions;
    const input = create?.kind === 'create' ? create.input : undefined;
    expect(create?.message).toBe('The period started at 2026-11-20 00:00 UTC and Backfill is 1. On-demand.');
    expect(input).toMatchObject({
      TableName: YESTERDAY,
      BillingMode: 'PAY_PER_REQUEST',
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    });
    expect(JSON.stringify(input)).not.toContain('Throughput');
  });

  it('is changed once, both in billing mode and in class', async () => {
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

describe('an unreadable fact', () => {
  it('holds only that table', () => {
    const draft = plan([{ name: YESTERDAY }, { name: TODAY, unreadable: ['description'] }], NOON);
    expect(sayDraft(draft)).toEqual([
      `create ${TOMORROW} (missing)`,
      `lower ${YESTERDAY} (period-ended)`,
      `[read ${TODAY} (unreadable)]`,
    ]);
    expect(draft.holds[0]?.message).toBe("Could not read the table's description: no answer");
  });

  it('is reported once, however many decisions need it', () => {
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

describe('for an existing table, rotate', () => {
  const ttl = { TimeToLive: { AttributeName: 'expires' } };
  const pitr = (days?: number) => ({
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: true,
      ...(days === undefined ? {} : { RecoveryPeriodInDays: days }),
    },
  });
  const off = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } };
  type Existing = Omit<Known, 'spec' | 'name'>;

  const unprotected = { state: { deletionProtected: false } };
  const bare = { DeletionProtectionEnabled: false };

  it.each<[string, SpecOptions['properties'], Existing, string[]]>([
    ['enables deletion protection', {}, unprotected, ['protection (settings-differ)']],
    ['leaves deletion protection off if the spec disables it', bare, unprotected, []],
    [
      'leaves deletion protection on even if the spec disables it',
      bare,
      { state: { deletionProtected: true } },
      [],
    ],
    [
      'leaves deletion protection of an unmanaged table alone',
      {},
      { ...unprotected, tags: {} },
      ['[use (not-owned)]'],
    ],
    ['enables Time to Live', ttl, {}, ['time-to-live (settings-differ)']],
    ['leaves Time to Live on if it is enabled already', ttl, { timeToLive: 'expires' }, []],
    ['leaves Time to Live on if the spec does not mention it', {}, { timeToLive: 'expires' }, []],
    [
      'disables Time to Live if the spec disables it',
      { TimeToLive: { AttributeName: 'expires', Enabled: false } },
      { timeToLive: 'expires' },
      ['time-to-live (settings-differ)'],
    ],
    [
      'holds a change of the Time to Live attribute',
      ttl,
      { timeToLive: 'until' },
      ['[time-to-live (settings-differ)]'],
    ],
    ['holds Time to Live of an unmanaged table', ttl, { tags: {} }, ['[use (not-owned)]']],
    ['enables recovery', pitr(), {}, ['recovery (settings-differ)']],
    [
      'changes the recovery period',
      pitr(7),
      { recovery: { enabled: true, days: 35 } },
      ['recovery (settings-differ)'],
    ],
    [
      'leaves the recovery period alone if the spec names none',
      pitr(),
      { recovery: { enabled: true, days: 35 } },
      [],
    ],
    [
      'never disables recovery',
      off,
      { recovery: { enabled: true, days: 35 } },
      ['[recovery (settings-differ)]'],
    ],
    ['leaves recovery off if the spec disables it', off, {}, []],
    [
      'waits with Time to Live while the table is CREATING',
      ttl,
      { state: { status: 'CREATING', createdAt: NOON } },
      [],
    ],
    ['holds an unreadable Time to Live', ttl, { unreadable: ['timeToLive'] }, ['[read (unreadable)]']],
  ])('%s', (_, properties, existing, expected) => {
    const draft = plan(
      [
        { name: TODAY, ...existing },
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

  it('leaves settings of outdated tables alone', () => {
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
