import { describe, expect, it } from 'vitest';
import { parseTableName, tableName } from '../../src/core/calendar/naming.ts';
import { shift } from '../../src/core/calendar/period.ts';
import type { AppliedRetention, Retention } from '../../src/core/facts.ts';
import { KEEP_TAG, tagsFor } from '../../src/core/guards/ownership.ts';
import type { Observed } from '../../src/core/observed.ts';
import { isShorter } from '../../src/core/purging/compare-retentions.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import type { Spec } from '../../src/core/spec.ts';
import { at, configOf, DAY, defaultSettings, HOUR, type SpecOptions, specOf } from '../support/specs.ts';
import { type Known, observedOf } from '../support/worlds.ts';

/** A Saturday, so that every scheme has retained and expired periods. */
const NOON = at('2026-11-21T12:00');

/** The tables of a group from `from` periods before the current one to the upcoming one. */
const tablesOf = (spec: Spec, from: number) =>
  Array.from({ length: from + 2 }, (_, i) => ({
    spec,
    name: tableName(spec, shift(spec.scheme, NOON, i - from)),
  }));

const told = (keep: Retention, ago: number): AppliedRetention['announced'] => ({
  ...keep,
  toldAt: NOON - ago,
});

function plan(
  specs: readonly Spec[],
  present: (spec: Spec) => number,
  retentions: Observed['retentions'],
  now = NOON,
) {
  const known = specs.flatMap((spec) => tablesOf(spec, present(spec)));
  const draft = planPurge(configOf(specs, specs[0]!.settings), observedOf(known, [], retentions), now);
  expect(draft.needs).toEqual([]);
  return draft;
}

/** The plan for one group. `from`: how many periods back its tables go. `applied`: what purge last applied. */
function planOf(options: SpecOptions, from: number, applied?: Partial<AppliedRetention>, purge = {}) {
  const settings = {
    ...options.settings,
    purge: { ...defaultSettings.purge, maxPerRun: 1000, maxPerGroup: 1000, ...purge },
  };
  const spec = specOf({ ...options, settings, onDemand: true });
  const record = applied && { scheme: spec.scheme, keep: spec.keep, since: 0, ...applied };
  const { actions, holds, retentions } = plan(
    [spec],
    () => from,
    new Map(record ? [['Events', record]] : []),
  );
  const update = retentions.get('Events');
  return {
    scheduled: actions.map(({ kind, table }) => `${kind} ${table}`),
    told: actions.filter((action) => 'notify' in action && action.notify).length,
    held: holds.map(({ table }) => table),
    reasons: [...new Set(holds.map(({ reason, urgent }) => `${reason}${urgent ? '!' : ''}`))],
    message: holds[0]?.message,
    recorded: update && 'record' in update ? update.record : undefined,
  };
}

describe('a retention that became shorter', () => {
  const slips = [
    ['monthly', 3, 1],
    ['monthly', 6, 2],
    ['daily', 14, 10],
    ['weekly', 4, 2],
    ['hourly', 168, 120],
    ['hourly', 96, 60],
    ['yearly', 2, 1],
  ] as const;

  it.each(slips)(
    'makes no %s table due if it changed from %i to %i and no notice was sent',
    (scheme, before, keep) => {
      const { scheduled, held, reasons, message, recorded } = planOf({ scheme, keep }, before - 1, {
        keep: before,
      });
      expect(scheduled).toEqual([]);
      expect(held).toHaveLength(before - keep);
      expect(reasons).toEqual(['retention-shortened!']);
      expect(message).toBe(
        `Deletion held: PurgeRotation changed from ${before} to ${keep}. If that is correct, run turntable confirm Events --env production. No notice of the change was sent, so it waits for this command.`,
      );
      expect(recorded).toBeUndefined();
    },
  );

  it.each(slips)(
    'makes no %s table due within 72 hours after the notice, from %i to %i',
    (scheme, before, keep) => {
      const applied = { keep: before, announced: told({ scheme, keep }, 72 * HOUR - 1)! };
      const { scheduled, reasons, message } = planOf({ scheme, keep }, before - 1, applied);
      expect(scheduled).toEqual([]);
      expect(reasons).toEqual(['retention-shortened']);
      expect(message).toContain('Without this command, the change takes effect at 2026-11-21 12:00 UTC.');
    },
  );

  it.each([
    ['daily', 14, 11, 3],
    ['daily', 14, 13, 1],
    ['hourly', 168, 140, 28],
  ] as const)('takes effect 72 hours after the notice: %s, from %i to %i', (scheme, before, keep, count) => {
    const applied = { keep: before, announced: told({ scheme, keep }, 72 * HOUR)! };
    const { scheduled, told: notified, held, recorded } = planOf({ scheme, keep }, before - 1, applied);
    expect(scheduled).toHaveLength(count);
    // People are told of each table that was due before this run. One hourly table is due at this instant.
    expect(notified).toBe(scheme === 'hourly' ? count - 1 : count);
    expect(held).toEqual([]);
    expect(recorded).toEqual({ scheme, keep, since: NOON });
  });

  it.each([
    ['monthly', 3, 1, '2 of 4', 1],
    ['weekly', 4, 2, '2 of 5', 1],
    ['hourly', 168, 120, '48 of 169', 42],
    ['yearly', 2, 1, '1 of 3', 0],
  ] as const)(
    'needs a confirmation above MaxShare, without exceptions for few tables: %s, from %i to %i',
    (scheme, before, keep, share, allowed) => {
      const applied = { keep: before, announced: told({ scheme, keep }, 100 * DAY)! };
      const { scheduled, reasons, message, recorded } = planOf({ scheme, keep }, before - 1, applied);
      expect(scheduled).toEqual([]);
      expect(reasons).toEqual(['share!']);
      expect(message).toBe(
        `Deletion held: ${share} tables in group Events are due only because PurgeRotation became shorter, and Purge.MaxShare (25%) allows ${allowed}. If PurgeRotation is correct, run turntable confirm Events --env production.`,
      );
      expect(recorded).toBeUndefined();
    },
  );

  it.each([
    [4, 13, ['share!'], false],
    // No table is expired, so there is no deletion to hold yet.
    [2, 13, [], false],
    // The earlier retention ends before the drain window, so the shorter one makes the table due no earlier.
    [2, 36, [], true],
  ])(
    'counts tables that are still draining for MaxShare, if they are due earlier: from %i to 1, %i hours',
    (before, drainHours, held, inForce) => {
      const options = { keep: 1, settings: { drainMs: drainHours * HOUR } };
      const applied = { keep: before, announced: told({ scheme: 'daily', keep: 1 }, 100 * DAY)! };
      const plan = planOf(options, before - 1, applied, { maxShare: before === 4 ? 50 : 1 });
      expect(plan.reasons).toEqual(held);
      expect(plan.recorded !== undefined).toBe(inForce);
      if (plan.message) expect(plan.message).toContain('3 of 5 tables in group Events are due only');
    },
  );

  it('waits as long as the setting says', () => {
    const applied = { keep: 14, announced: told({ scheme: 'daily', keep: 11 }, 10 * HOUR)! };
    expect(planOf({ keep: 11 }, 13, applied, { noticeMs: 10 * HOUR + 1 }).scheduled).toEqual([]);
    expect(planOf({ keep: 11 }, 13, applied, { noticeMs: 10 * HOUR }).scheduled).toHaveLength(3);
  });

  it.each([
    ['a notice of another number', { scheme: 'daily', keep: 11 }],
    ['a notice of another scheme', { scheme: 'weekly', keep: 10 }],
  ] as const)('needs a notice of its own after %s', (_, other) => {
    const applied = { keep: 14, announced: told(other, 100 * DAY)! };
    expect(planOf({ keep: 10 }, 13, applied)).toMatchObject({
      scheduled: [],
      reasons: ['retention-shortened!'],
    });
  });

  it('does not hold tables that were due before, however many and however late', () => {
    const { scheduled, held } = planOf({ keep: 10 }, 60, { keep: 14 });
    expect(scheduled).toHaveLength(47);
    expect(held).toHaveLength(4);
    expect(held[0]).toBe('production.Events.20261108');
  });

  it('holds every group that became shorter above the share of the fleet, and no tables that were due before', () => {
    const purge = { ...defaultSettings.purge, maxShare: 20, maxPerRun: 100 };
    const group = (name: string, keep: number) => specOf({ name, keep, settings: { purge } });
    const shorter = (keep: number): AppliedRetention => {
      const announced = told({ scheme: 'daily', keep }, 3 * DAY)!;
      return { scheme: 'daily', keep: 20, since: 0, announced };
    };
    const acted = (wide: number) => {
      const groups = [group('Wide', wide), group('Narrow', 17), group('Other', 3)];
      const other: AppliedRetention = { scheme: 'daily', keep: 3, since: 0 };
      const retentions = new Map([
        ['Wide', shorter(wide)],
        ['Narrow', shorter(17)],
        ['Other', other],
      ]);
      const { actions, holds } = plan(groups, ({ name }) => (name === 'Other' ? 5 : 19), retentions);
      const narrow = holds.find((hold) => hold.group === 'Narrow')?.message;
      return { groups: [...new Set(actions.map((action) => action.group))], narrow };
    };
    expect(acted(17)).toEqual({ groups: ['Wide', 'Narrow', 'Other'], narrow: undefined });
    expect(acted(5)).toEqual({
      groups: ['Other'],
      narrow:
        'Deletion held: 18 of 49 tables are due only because PurgeRotation became shorter, and Purge.MaxShare (20%) allows 9. If PurgeRotation is correct, run turntable confirm Narrow --env production.',
    });
  });

  it.each<[string, SpecOptions, Retention, boolean]>([
    ['two weeks instead of 14 days', { scheme: 'weekly', keep: 2 }, { scheme: 'daily', keep: 14 }, true],
    ['three weeks instead of 14 days', { scheme: 'weekly', keep: 3 }, { scheme: 'daily', keep: 14 }, false],
    ['48 hours instead of 14 days', { scheme: 'hourly', keep: 48 }, { scheme: 'daily', keep: 14 }, true],
    ['14 days instead of all', { keep: 14 }, { scheme: 'daily', keep: Infinity }, true],
    ['all instead of 14 days', { keep: Infinity }, { scheme: 'daily', keep: 14 }, false],
  ])('is recognized across schemes: %s', (_, options, applied, shorter) => {
    const { recorded } = planOf(options, 1, applied);
    expect(recorded === undefined).toBe(shorter);
  });
});

describe('a retention after a change of scheme', () => {
  const until = at('2026-11-16');
  const daily = (keep: number) => [{ scheme: 'daily' as const, keep, until }];
  const change = at('2026-11-30');
  const later = (keep: number, until = change) => [{ scheme: 'daily' as const, keep, until }];
  const between = (keep: number): NonNullable<SpecOptions['previously']> => [
    { scheme: 'daily', keep: 14, until: at('2026-11-09') },
    { scheme: 'hourly', keep, until },
  ];
  const weekly = (keep: number, previously: NonNullable<SpecOptions['previously']> = daily(14)) => ({
    scheme: 'weekly' as const,
    keep,
    previously,
  });

  const month = (keep: number): SpecOptions => ({
    scheme: 'monthly',
    keep,
    previously: [{ scheme: 'daily', keep: 30, until: at('2026-12-01') }],
  });
  const daysAfterMonths = (keep: number, months = 1) => ({
    scheme: 'daily' as const,
    keep,
    previously: [{ scheme: 'monthly' as const, keep: months, until: at('2026-11-01') }],
  });

  it.each<[string, SpecOptions, Retention, boolean]>([
    ['the earlier scheme keeps its own', weekly(4), { scheme: 'daily', keep: 14 }, false],
    ['the earlier scheme gets less', weekly(4, daily(7)), { scheme: 'daily', keep: 14 }, true],
    ['the earlier scheme gets less later', weekly(4, daily(7)), weekly(4), true],
    ['the earlier scheme gets more', weekly(4, daily(30)), weekly(4), false],
    ['the present scheme gets less', weekly(1), { scheme: 'daily', keep: 14 }, true],
    ['the present scheme will get less', weekly(1, later(14)), { scheme: 'daily', keep: 14 }, true],
    ['the present scheme gets less later', weekly(2), weekly(4), true],
    [
      'the entry is removed while its tables are retained',
      { scheme: 'weekly', keep: 1 },
      weekly(1, daily(30)),
      true,
    ],
    [
      'the entry is removed after its tables expired',
      { scheme: 'weekly', keep: 1 },
      weekly(1, daily(3)),
      false,
    ],
    ['nothing changes', weekly(4), weekly(4), false],
    ['nothing changes before the change of scheme', weekly(4, later(14)), weekly(4, later(14)), false],
    [
      'the earlier scheme gets less after its tables expired',
      weekly(1, daily(1)),
      weekly(1, daily(4)),
      false,
    ],
    [
      'the earlier scheme gets less when its tables have just expired',
      weekly(1, daily(1)),
      weekly(1, daily(6)),
      false,
    ],
    ['months get less than all', { scheme: 'monthly', keep: 2 }, { scheme: 'monthly', keep: Infinity }, true],
    ['30 days will become one month', month(1), { scheme: 'daily', keep: 30 }, true],
    ['30 days will become two months', month(2), { scheme: 'daily', keep: 30 }, false],
    [
      '30 days will become months, and all are retained',
      month(Infinity),
      { scheme: 'daily', keep: 30 },
      false,
    ],
    ['one month became 30 days', daysAfterMonths(30), { scheme: 'monthly', keep: 1 }, false],
    ['one month became 20 days', daysAfterMonths(20), { scheme: 'monthly', keep: 1 }, true],
    [
      'months of the earlier scheme get less than all',
      daysAfterMonths(14, 6),
      daysAfterMonths(14, Infinity),
      true,
    ],
    ['only a scheme in between gets less', weekly(4, between(200)), weekly(4, between(300)), true],
    [
      'only a scheme in between gets less, after its tables expired',
      weekly(4, between(100)),
      weekly(4, between(110)),
      false,
    ],
    [
      'a scheme to come gets less, although it would not get less today',
      { keep: 6, previously: later(14) },
      weekly(1, later(14)),
      true,
    ],
    [
      'a scheme to come gets less than all',
      { scheme: 'monthly', keep: 2, previously: later(14, at('2026-12-01')) },
      { scheme: 'monthly', keep: Infinity, previously: later(14, at('2026-12-01')) },
      true,
    ],
  ])('is shorter, or not, if %s', (_, options, applied, shorter) => {
    const spec = specOf(options);
    expect(isShorter(spec, applied, NOON)).toBe(shorter);
  });

  it('is shorter at the instant of the change if it retains fewer periods that began before', () => {
    const days: Retention = { scheme: 'daily', keep: 7, previously: later(14) };
    expect(isShorter(weekly(1, later(14)), days, change)).toBe(true);
  });

  it('is not recorded while rotate refuses the group, so that a corrected spec needs no confirmation', () => {
    const names = ['20261109', '20261120', '20261121', '20261122'];
    const applied = new Map([['Events', { scheme: 'daily' as const, keep: 14, since: 0 }]]);
    const recordedFor = (options: SpecOptions) => {
      const spec = specOf({ ...options, onDemand: true });
      const before = specOf({ onDemand: true });
      const known = names.map((date) => {
        const name = `production.Events.${date}`;
        return { spec, name, tags: tagsFor(before, parseTableName(before, name)!) };
      });
      return planPurge(configOf([spec]), observedOf(known, [], applied), NOON).retentions.get('Events');
    };
    expect(recordedFor({ scheme: 'weekly', keep: 4 })).toBeUndefined();
    const corrected = weekly(4, later(14));
    expect(isShorter(specOf(corrected), { scheme: 'daily', keep: 14 }, NOON)).toBe(false);
    expect(recordedFor(corrected)).toMatchObject({
      record: { scheme: 'weekly', keep: 4, previously: later(14) },
    });
  });

  it('holds the tables of the earlier scheme that only the shorter retention makes due', () => {
    const spec = specOf({ ...weekly(4, daily(6)), onDemand: true });
    const names = ['20261107', '20261108', '20261114', '20261115', '20261116', '20261123'];
    const known = names.map((date) => ({ spec, name: `production.Events.${date}` }));
    const retentions = new Map([['Events', { ...weekly(4), since: 0 }]]);
    const { actions, holds } = planPurge(configOf([spec]), observedOf(known, [], retentions), NOON);
    expect(actions.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'schedule-deletion production.Events.20261107',
    ]);
    expect(holds.map(({ table }) => table)).toEqual(
      ['20261108', '20261114', '20261115'].map((date) => `production.Events.${date}`),
    );
    expect(holds[0]!.message).toBe(
      'Deletion held: PurgeRotation of tables before 2026-11-16 00:00 UTC changed from 14 to 6. If that is correct, run turntable confirm Events --env production. No notice of the change was sent, so it waits for this command.',
    );
  });
});

describe('tables of a new scheme', () => {
  const until = at('2026-10-01');
  const spec = specOf({
    scheme: 'monthly',
    keep: 1,
    onDemand: true,
    previously: [{ scheme: 'daily', keep: 30, until }],
  });
  const known = ['20261001', '20261101', '20261201'].map((date) => ({
    spec,
    name: `production.Events.${date}`,
  }));
  const draftAt = (now: string) =>
    planPurge(
      configOf([spec]),
      observedOf(known, [], new Map([['Events', { scheme: 'daily', keep: 30, since: 0 }]])),
      at(now),
    );

  it('are held for as long as the applied retention would retain their newest data', () => {
    const { actions, holds } = draftAt('2026-11-30T00:00');
    const { actions: before, holds: held } = draftAt('2026-11-29T23:59');
    expect(before).toEqual([]);
    expect(held.map(({ table, message }) => `${table}: ${message}`)).toEqual([
      'production.Events.20261001: Deletion held: PurgeRotation changed from 30 (daily) to 1 (monthly). If that is correct, run turntable confirm Events --env production. No notice of the change was sent, so it waits for this command.',
    ]);
    expect(actions.map(({ table }) => table)).toEqual(['production.Events.20261001']);
    expect(holds).toEqual([]);
  });
});

describe('a retention that became longer', () => {
  it('is in force at once', () => {
    expect(planOf({ keep: 14 }, 13, { keep: 10 })).toMatchObject({
      scheduled: [],
      held: [],
      recorded: { scheme: 'daily', keep: 14, since: NOON },
    });
  });

  it('forgets the notice of a shorter one', () => {
    const announced = told({ scheme: 'daily', keep: 10 }, 2 * DAY)!;
    expect(planOf({ keep: 14 }, 13, { keep: 14, since: 5, announced }).recorded).toEqual({
      scheme: 'daily',
      keep: 14,
      since: 5,
    });
  });

  it('is not recorded again', () => {
    expect(planOf({ keep: 14 }, 13, { keep: 14 }).recorded).toBeUndefined();
  });
});

describe('a group that purge sees for the first time', () => {
  it('has its retention recorded if no table is older than that', () => {
    expect(planOf({ keep: 14 }, 13)).toMatchObject({
      held: [],
      recorded: { scheme: 'daily', keep: 14, since: NOON },
    });
  });

  it('has no retention recorded while an older table is draining, and needs a confirmation after that', () => {
    const seen = (drainHours: number) => planOf({ keep: 1, settings: { drainMs: drainHours * HOUR } }, 1);
    expect(seen(13)).toMatchObject({ held: [], recorded: undefined });
    expect(seen(12)).toMatchObject({ held: ['production.Events.20261120'], recorded: undefined });
  });

  it.each([1, 2, 30])('needs a confirmation if %i tables are older', (count) => {
    const { scheduled, held, reasons, message, recorded } = planOf({ keep: 14 }, 13 + count);
    expect(scheduled).toEqual([]);
    expect(held).toHaveLength(count);
    expect(reasons).toEqual(['retention-unknown!']);
    expect(message).toBe(
      'Deletion held: purge has not applied a retention to this group yet, and the table is older than PurgeRotation 14 retains. If PurgeRotation is correct, run turntable confirm Events --env production.',
    );
    expect(recorded).toBeUndefined();
  });

  it.each<[string, Partial<Known>, boolean]>([
    ['are unmanaged', { tags: {} }, true],
    ['have the tag turntable:keep', { tags: { [KEEP_TAG]: '' } }, true],
    ['cannot be read', { unreadable: ['tags'] }, false],
    ['are DELETING', { state: { status: 'DELETING' } }, true],
  ])(
    'has its retention recorded only if purge deletes no older table: tables that %s',
    (_, older, recorded) => {
      const spec = specOf({ keep: 3 });
      const known = tablesOf(spec, 5).map((one, i) => {
        if (i > 2) return one;
        const own = tagsFor(spec, shift('daily', NOON, i - 5));
        return {
          ...one,
          ...older,
          ...(older.tags?.[KEEP_TAG] === '' && { tags: { ...own, ...older.tags } }),
        };
      });
      const draft = planPurge(configOf([spec]), observedOf(known, [], new Map()), NOON);
      expect(draft.actions).toEqual([]);
      expect(draft.retentions.has('Events')).toBe(recorded);
    },
  );

  it('records nothing for RotationScheme none', () => {
    expect(planOf({ scheme: 'none', keep: Infinity }, 0).recorded).toBeUndefined();
  });
});

it('deletes nothing if the retentions cannot be read', () => {
  const spec = specOf();
  const draft = plan([spec], () => 3, { error: 'no answer' });
  expect(draft.actions).toEqual([]);
  expect(draft.holds.map(({ reason, message }) => `${reason}: ${message}`)[0]).toBe(
    'unreadable: Could not read which retention purge last applied: no answer',
  );
});
