import { describe, expect, it } from 'vitest';
import { moduleOf } from '../../src/cli/views/module.ts';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import type { AppliedRetention } from '../../src/core/facts.ts';
import { membersOf, requiredTables, windowTables } from '../../src/core/fleet.ts';
import { foreignBy } from '../../src/core/guards/foreign.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { Observed } from '../../src/core/observed.ts';
import { expiring } from '../../src/core/purging/expiring.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { schemeCure } from '../../src/core/scheme-cure.ts';
import type { EarlierRotation, Spec } from '../../src/core/spec.ts';
import { createResolver } from '../../src/index.ts';
import { at, configOf, HOUR, type SpecOptions, specOf, units } from '../support/specs.ts';
import { type Known, observedOf, sayDraft } from '../support/worlds.ts';

const until = (scheme: RotationScheme, day: string, keep = 14): EarlierRotation => ({
  scheme,
  keep,
  until: at(day),
});
/** A daily group that becomes weekly on a Monday. */
const change = [until('daily', '2026-11-30')];
const full = (date: string): string => `production.Events.${date}`;
const dates = (tables: readonly { readonly name: string }[]): string[] =>
  tables.map(({ name }) => name.slice('production.Events.'.length));

/** Tables as a spec with another scheme created them. */
const created = (scheme: RotationScheme, ...suffixes: readonly string[]): Omit<Known, 'spec'>[] =>
  suffixes.map((date) => {
    const name = date === '' ? 'production.Events' : full(date);
    const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T${date.slice(8) || '00'}:00`;
    const start = date === '' ? -Infinity : at(day);
    return { name, tags: tagsFor(specOf({ scheme, keep: Infinity }), { start, end: start }) };
  });

function rotate(known: readonly Omit<Known, 'spec'>[], now: string, spec: Spec) {
  const observed = observedOf(known.map((one) => ({ ...one, spec })));
  const draft = planRotate(configOf([spec]), observed, at(now));
  expect(draft.needs).toEqual([]);
  return draft;
}

/** What rotate refuses. The group has no other action or hold then. */
function refusal(known: readonly Omit<Known, 'spec'>[], now: string, options: SpecOptions): string {
  const { actions, holds } = rotate(known, now, specOf(options));
  expect(actions).toEqual([]);
  expect(holds).toMatchObject([{ kind: 'create', reason: 'scheme-changed', urgent: true }]);
  return holds[0]!.message;
}

describe('for a group with Previously, the required tables', () => {
  it.each<[string, string, SpecOptions, string[]]>([
    ['follow the earlier scheme before the change', '2026-11-28T12:00', {}, ['20261128', '20261129']],
    ['cross the change', '2026-11-29T12:00', {}, ['20261129', '20261130']],
    ['follow the present scheme after it', '2026-11-30', {}, ['20261130', '20261207']],
    [
      'cross the change with several periods ahead',
      '2026-11-28',
      { settings: { periodsAhead: 3 } },
      ['20261128', '20261129', '20261130', '20261207'],
    ],
    [
      'are backfilled across the change',
      '2026-12-01',
      { backfill: 2, keep: 4 },
      ['20261128', '20261129', '20261130', '20261207'],
    ],
    [
      'are not backfilled past the retention of the earlier scheme',
      '2026-12-01',
      { backfill: 2, keep: 4, previously: [until('daily', '2026-11-30', 3)] },
      ['20261129', '20261130', '20261207'],
    ],
    [
      'follow several changes',
      '2026-11-29T23:00',
      { scheme: 'monthly', previously: [until('hourly', '2026-11-30'), until('daily', '2026-12-01')] },
      ['2026112923', '20261130'],
    ],
  ])('%s', (_, now, options, expected) => {
    const spec = specOf({ scheme: 'weekly', keep: 4, previously: change, ...options });
    expect(dates(requiredTables(spec, at(now)))).toEqual(expected);
  });
});

describe('for a group with Previously, the retained tables', () => {
  it.each<[string, string, SpecOptions, string[]]>([
    [
      'keep the retention of each scheme',
      '2026-12-08T12:00',
      {},
      ['20261125', '20261126', '20261127', '20261128', '20261129', '20261130', '20261207', '20261214'],
    ],
    [
      'have a gap if the present scheme retains less',
      '2026-12-12',
      { keep: 1 },
      ['20261129', '20261207', '20261214'],
    ],
    ['forget the earlier scheme after its retention', '2026-12-14', { keep: 1 }, ['20261214', '20261221']],
    [
      'start with the change if the present scheme retains all and the earlier one nothing more',
      '2026-12-14',
      { keep: Infinity },
      ['20261130', '20261207', '20261214', '20261221'],
    ],
  ])('%s', (_, now, options, expected) => {
    const spec = specOf({ scheme: 'weekly', keep: 4, previously: change, ...options });
    expect(dates(windowTables(spec, at(now)))).toEqual(expected);
    const resolver = createResolver({
      environment: 'production',
      now: () => at(now),
      tables: [
        {
          TableName: 'Events',
          RotationScheme: 'weekly',
          PurgeRotation: spec.keep === Infinity ? -1 : spec.keep,
          Previously: [{ RotationScheme: 'daily', PurgeRotation: '14', Until: '2026-11-30' }],
        },
      ],
    });
    expect(
      resolver.tablesBetween('Events', '2026-11-01', '2027-02-01').map((name) => name.slice(18)),
    ).toEqual(expected);
  });

  it('expire by their own scheme, and purge schedules their deletion', () => {
    const spec = specOf({ scheme: 'weekly', keep: 4, previously: change });
    const known = [...created('daily', '20261128', '20261129'), ...created('weekly', '20261130', '20261207')];
    const draftAt = (now: string) => {
      const observed = observedOf(known.map((one) => ({ ...one, spec })));
      return sayDraft(planPurge(configOf([spec]), observed, at(now)));
    };
    expect(draftAt('2026-12-11T23:59')).toEqual([]);
    expect(draftAt('2026-12-12')).toEqual([`schedule-deletion ${full('20261128')} (expired)`]);
  });
});

describe('for a changed scheme, rotate refuses the group and names the line to add', () => {
  const line = (scheme: string, day: string, keep = '-1') =>
    `"Previously": [{ "RotationScheme": "${scheme}", "PurgeRotation": "${keep}", "Until": "${day}" }]`;

  it.each<[string, Omit<Known, 'spec'>[], string, SpecOptions, string]>([
    [
      'from daily to weekly on a Saturday',
      created('daily', '20261123', '20261124', '20261127', '20261128', '20261129'),
      '2026-11-28T12:00',
      { scheme: 'weekly' },
      line('daily', '2026-11-30'),
    ],
    [
      "from daily to weekly on a Sunday, when Monday's table exists",
      created('daily', '20261128', '20261129', '20261130'),
      '2026-11-29T12:00',
      { scheme: 'weekly' },
      line('daily', '2026-12-07'),
    ],
    [
      'from daily to weekly on a Monday, if the leftover is current',
      created('daily', '20261130', '20261201'),
      '2026-11-30T12:00',
      { scheme: 'weekly', keep: 1 },
      line('daily', '2026-12-07'),
    ],
    [
      'from weekly to daily',
      created('weekly', '20261116', '20261123', '20261130'),
      '2026-11-28T12:00',
      { scheme: 'daily', keep: 30 },
      line('weekly', '2026-12-07'),
    ],
    [
      'from monthly to daily on the first of a month, with no older table',
      created('monthly', '20261201', '20270101'),
      '2026-12-01T12:00',
      { scheme: 'daily', keep: 1 },
      line('monthly', '2027-02-01'),
    ],
    [
      'from daily to monthly',
      created('daily', '20261201', '20261202'),
      '2026-12-01T12:00',
      { scheme: 'monthly' },
      line('daily', '2027-01-01'),
    ],
    [
      'from monthly to weekly',
      created('monthly', '20270201', '20270301'),
      '2027-02-10',
      { scheme: 'weekly' },
      line('monthly', '2027-11-01'),
    ],
    [
      'from hourly to daily',
      created('hourly', '2026112811', '2026112812', '2026112813'),
      '2026-11-28T12:00',
      { scheme: 'daily' },
      line('hourly', '2026-11-29'),
    ],
    [
      'from yearly to monthly',
      created('yearly', '20260101', '20270101'),
      '2026-11-28',
      { scheme: 'monthly' },
      line('yearly', '2028-01-01'),
    ],
    [
      'if Previously was removed while earlier tables exist',
      [...created('daily', '20261128', '20261129'), ...created('weekly', '20261130', '20261207')],
      '2026-12-02',
      { scheme: 'weekly' },
      line('daily', '2026-11-30'),
    ],
    [
      'after two changes',
      [...created('hourly', '2026112822', '2026112823'), ...created('daily', '20261129', '20261130')],
      '2026-11-29T12:00',
      { scheme: 'weekly' },
      '"Previously": [{ "RotationScheme": "hourly", "PurgeRotation": "-1", "Until": "2026-11-29" }, { "RotationScheme": "daily", "PurgeRotation": "-1", "Until": "2026-12-07" }]',
    ],
    [
      'if Until is too early for a table that was created in advance',
      created('daily', '20261128', '20261129', '20261130'),
      '2026-11-29T12:00',
      { scheme: 'weekly', previously: change },
      line('daily', '2026-12-07', '14'),
    ],
    [
      'if Until is too late for a table of the present scheme',
      [...created('daily', '20261128', '20261129'), ...created('weekly', '20261130', '20261207')],
      '2026-12-01',
      { scheme: 'weekly', previously: [until('daily', '2026-12-07')] },
      line('daily', '2026-11-30', '14'),
    ],
  ])('%s', (_, known, now, options, expected) => {
    const message = refusal(known, now, options);
    const previously = (options.previously ?? []).length > 0;
    expect(message).toContain(
      `${previously ? 'replace Previously in the spec by this line' : 'add this line to the spec'}: ${expected}.`,
    );
    // The group with this line is not refused.
    const line: { RotationScheme: RotationScheme; PurgeRotation: string; Until: string }[] = JSON.parse(
      expected.replace('"Previously": ', ''),
    );
    const corrected = line.map((one) => until(one.RotationScheme, one.Until, Number(one.PurgeRotation)));
    const { holds } = rotate(known, now, specOf({ ...options, previously: corrected }));
    expect(holds.filter(({ reason }) => reason === 'scheme-changed')).toEqual([]);
  });

  it.each<[string, SpecOptions, AppliedRetention | undefined, string]>([
    [
      'the retention that purge last applied',
      {},
      { scheme: 'daily', keep: 14, since: 0 },
      line('daily', '2026-11-30', '14'),
    ],
    [
      'the retention of an earlier scheme that purge last applied',
      {},
      { scheme: 'weekly', keep: 4, previously: [until('daily', '2026-11-02', 9)], since: 0 },
      line('daily', '2026-11-30', '9'),
    ],
    [
      'all tables, if the retention is not known',
      {},
      undefined,
      `${line('daily', '2026-11-30')}. Set PurgeRotation to its earlier value. -1 retains all tables.`,
    ],
    [
      'all tables, if purge last applied a retention of another scheme',
      {},
      { scheme: 'monthly', keep: 3, since: 0 },
      `${line('daily', '2026-11-30')}. Set PurgeRotation to its earlier value. -1 retains all tables.`,
    ],
  ])('with %s', (_, options, applied, expected) => {
    const spec = specOf({ scheme: 'weekly', ...options });
    const known = created('daily', '20261127', '20261128', '20261129').map((one) => ({ ...one, spec }));
    const observed = observedOf(known, [], new Map(applied ? [['Events', applied]] : []));
    const [hold] = planRotate(configOf([spec]), observed, at('2026-11-28T12:00')).holds;
    expect(hold?.message.endsWith(expected.endsWith('.') ? expected : `${expected}.`)).toBe(true);
  });

  it.each<[string, Omit<Known, 'spec'>[], string, SpecOptions, string]>([
    [
      'Until is too early',
      created('daily', '20261128', '20261129', '20261130'),
      '2026-11-29T12:00',
      { scheme: 'weekly', previously: change },
      'The Until 2026-11-30 is too early. To change the scheme, replace Previously',
    ],
    [
      'Until is too late',
      [...created('daily', '20261128', '20261129'), ...created('weekly', '20261130', '20261207')],
      '2026-12-01',
      { scheme: 'weekly', previously: [until('daily', '2026-12-07')] },
      'The Until 2026-12-07 is too late. To change the scheme, replace Previously',
    ],
    [
      'tables of two schemes are for the same time',
      [...created('daily', '20261129', '20261201'), ...created('weekly', '20261130', '20261207')],
      '2026-12-01T12:00',
      { scheme: 'weekly', previously: change },
      'production.Events.20261130 and production.Events.20261201 are for the same time, so no Previously fits both.',
    ],
    [
      'the last table of the earlier scheme, which looks usual, is for the same time as others',
      [...created('weekly', '20261116', '20261123'), ...created('daily', '20261124', '20261125', '20261126')],
      '2026-11-25T12:00',
      {},
      'production.Events.20261124 and production.Events.20261123 are for the same time, so no Previously fits both.',
    ],
  ])('and says that %s', (_, known, now, options, words) => {
    expect(refusal(known, now, options)).toContain(words);
  });

  it('and names no line that leaves out a table whose tags were seen within a day', () => {
    const spec = specOf({ scheme: 'weekly' });
    const days = created('daily', '20261125', '20261126').map((one) => ({ ...one, spec }));
    const [week] = created('weekly', '20261123').map((one) => ({ ...one, spec }));
    const observed = observedOf(days);
    const others = [...membersOf(configOf([spec]), new Set([week!.name]), at('2026-11-26')).values()].flat();
    const foreign = days.map(({ name, tags }) => foreignBy(spec, name, tags!)!);
    const cure = () => schemeCure(spec, foreign, others, observed, at('2026-11-26T12:00'));
    expect(cure()).toContain('"Until": "2026-11-30"');
    const state = observedOf([week!]).known('description', week!.name)!;
    observed.learn('description', week!.name, { value: state });
    observed.learnSeen(
      'ownership',
      new Map([['Events', { schemes: 'weekly', seenAt: new Map([[state.id, at('2026-11-26')]]) }]]),
    );
    expect(cure()).toContain(
      `${week!.name} and ${full('20261126')} are for the same time, so no Previously fits both.`,
    );
  });

  it('keeps the earlier entries in the line', () => {
    const known = created('daily', '20261127', '20261128', '20261129');
    const previously = [until('hourly', '2026-11-01', 48)];
    expect(refusal(known, '2026-11-28T12:00', { scheme: 'weekly', previously })).toBe(
      'Turntable does not create, change, or delete tables of this group. Scale only raises throttled ones. production.Events.20261129 was created for RotationScheme daily, but the spec says weekly for its period. To go on with daily, restore the spec. To change the scheme, replace Previously in the spec by this line: "Previously": [{ "RotationScheme": "hourly", "PurgeRotation": "48", "Until": "2026-11-01" }, { "RotationScheme": "daily", "PurgeRotation": "-1", "Until": "2026-11-30" }]. Set PurgeRotation to its earlier value. -1 retains all tables.',
    );
  });

  it.each<[string, Omit<Known, 'spec'>[], SpecOptions, string]>([
    ['to none', created('daily', '20261127', '20261128', '20261129'), { scheme: 'none' }, 'daily'],
    ['from none', created('none', ''), { scheme: 'daily' }, 'none'],
  ])('or another TableName %s, which has no periods', (_, known, options, scheme) => {
    expect(refusal(known, '2026-11-28T12:00', { keep: Infinity, ...options })).toContain(
      `Set RotationScheme to ${scheme} again. For ${options.scheme} tables, add a spec with another TableName.`,
    );
  });

  it('follows the line that it named', () => {
    const spec = specOf({ scheme: 'weekly', keep: 4, previously: change, onDemand: true });
    const days = created('daily', '20261127', '20261128', '20261129');
    expect(sayDraft(rotate(days, '2026-11-28T12:00', spec))).toEqual([]);
    expect(sayDraft(rotate(days, '2026-11-29T12:00', spec))).toContain(
      `create ${full('20261130')} (missing)`,
    );
  });
});

it('the first table of the present scheme gets the capacity of the last one of the earlier scheme', () => {
  const range = { min: 1, max: 1000 };
  const spec = specOf({
    scheme: 'weekly',
    previously: change,
    scaling: { method: 'predictive' },
    full: units(100, 100),
    bounds: { read: range, write: range },
  });
  const [sunday] = created('daily', '20261129');
  const [monday] = created('weekly', '20261130');
  const known = [
    { ...sunday!, table: units(100, 700) },
    { ...monday!, table: units(1, 1), state: { createdAt: at('2026-11-29') } },
  ];
  const { actions } = rotate(known, '2026-11-29T23:53', spec);
  expect(actions).toMatchObject([
    { kind: 'raise', table: full('20261130'), reason: 'warm-up', changes: [{ to: units(100, 700) }] },
  ]);
});

it('generated modules have the earlier schemes', () => {
  const module = moduleOf(configOf([specOf({ scheme: 'weekly', previously: change })]), 'typescript');
  expect(module).toContain(
    "Previously: [{ RotationScheme: 'daily', PurgeRotation: 14, Until: '2026-11-30' }]",
  );
});

it('purge has room for the tables of the earlier scheme that expire in a day', () => {
  const hourly = (keep: number) => [until('hourly', '2026-11-30', keep)];
  expect(expiring(specOf({ scheme: 'daily', previously: hourly(720) }))).toBe(25);
  expect(expiring(specOf({ scheme: 'daily', previously: hourly(Infinity) }))).toBe(1);
});

it('for a changed scheme, rotate names no line while a table of the group could not be read', () => {
  const weekly = specOf({ scheme: 'weekly', onDemand: true });
  const [unread, ...read] = created('daily', '20261127', '20261128', '20261129');
  const { actions, holds } = rotate(
    [...read, { ...unread!, unreadable: ['tags'] }],
    '2026-11-28T12:00',
    weekly,
  );
  expect(actions).toEqual([]);
  const message = holds.find(({ reason }) => reason === 'scheme-changed')?.message;
  expect(message).toContain(
    `A later run says how to correct that, because ${full('20261127')} could not be read.`,
  );
  expect(message).not.toContain('Previously');
});

describe('for a changed scheme, purge', () => {
  const now = at('2026-11-28T12:00');
  const planOf = (known: readonly Omit<Known, 'spec'>[], options: SpecOptions, scheduled: string) => {
    const spec = specOf(options);
    const observed = observedOf(
      known.map((one) => ({ ...one, spec })),
      [{ table: full(scheduled), createdAt: at('2026-11-09'), scheduledAt: now - 12 * HOUR }],
      new Map([['Events', { scheme: 'daily', keep: 14, since: 0 }]]),
    );
    const draft = planPurge(configOf([spec]), observed, now);
    expect(draft.needs).toEqual([]);
    return draft;
  };

  it('holds the deletion of every expired table, cancels it if it is scheduled, and records no retention', () => {
    const known = created('daily', '20261102', '20261109', '20261123', '20261127', '20261128', '20261129');
    const draft = planOf(known, { scheme: 'weekly', keep: 1 }, '20261109');
    expect(sayDraft(draft)).toEqual([
      `cancel-deletion ${full('20261109')} (held)`,
      `[delete ${full('20261102')} (scheme-changed)]`,
      `[delete ${full('20261109')} (scheme-changed)]`,
    ]);
    expect(draft.holds[0]!.message).toContain('was created for RotationScheme daily');
    expect(draft.retentions.size).toBe(0);
  });

  it('reads what could show the change before it decides on tables of the group', () => {
    const names = ['20261102', '20261109', '20261123', '20261127'].map(full);
    const config = configOf([specOf({ scheme: 'weekly', keep: 1 })]);
    const draft = planPurge(config, new Observed(names), now);
    expect(draft.needs).toContainEqual({ fact: 'description', table: full('20261127') });
    expect(sayDraft(draft)).toEqual([]);
  });

  it('holds the deletion of every expired table while tags that could show the change cannot be read, and cancels none', () => {
    const [alone, ...others] = created('daily', '20261101', '20261109', '20261127', '20261128', '20261129');
    const draft = planOf([{ ...alone!, unreadable: ['tags'] }, ...others], { keep: 2 }, '20261109');
    expect(sayDraft(draft).sort()).toEqual([
      `[delete ${full('20261101')} (unreadable)]`,
      `[delete ${full('20261109')} (unreadable)]`,
      `[read ${full('20261101')} (unreadable)]`,
    ]);
    expect(draft.holds.map(({ message }) => message)).toContain(
      'Some tags that show the RotationScheme of the group could not be read. Deletions in this group wait.',
    );
    expect(draft.retentions.size).toBe(0);
  });
});

it.each([
  ['current', '2026-11-25T12:00'],
  ['upcoming', '2026-11-18T12:00'],
])('after a change was taken back, a table in the place of the %s one is held by itself', (_, now) => {
  const spec = specOf({ scheme: 'weekly', keep: 4, onDemand: true, settings: { periodsAhead: 2 } });
  const known = [
    ...created('weekly', '20261109', '20261116'),
    ...created('daily', '20261123'),
    ...created('weekly', '20261130'),
  ];
  const { actions, holds } = rotate(known, now, spec);
  expect(holds).toMatchObject([{ table: full('20261123'), reason: 'scheme-changed', urgent: true }]);
  const next = now < '2026-11-23' ? [] : [full('20261207')];
  expect(actions.filter(({ kind }) => kind === 'create').map(({ table }) => table)).toEqual(next);
});

describe('rotate does not refuse a group', () => {
  const now = '2026-11-28T12:00';
  const own = created('daily', '20261127', '20261128', '20261129');
  const weekly = { ...created('weekly', '20261123')[0]!, tags: {} };

  it.each<[string, Omit<Known, 'spec'>[], SpecOptions]>([
    ['whose other tables are unmanaged', [...own, { name: full('2026112811'), tags: {} }, weekly], {}],
    ['with a gap', [...created('daily', '20261101'), ...own], {}],
    [
      'whose other table belongs to another environment',
      [
        ...own,
        {
          ...created('weekly', '20261123')[0]!,
          tags: { ...created('weekly', '20261123')[0]!.tags, 'turntable:environment': 'staging' },
        },
      ],
      {},
    ],
    [
      'whose earlier table is being deleted',
      [...own, { ...created('weekly', '20261116')[0]!, state: { status: 'DELETING' } }],
      { keep: 20 },
    ],
    [
      'whose earlier table has unreadable tags',
      [...own, { ...created('weekly', '20261116')[0]!, unreadable: ['tags'] }],
      { keep: 20 },
    ],
  ])('%s', (_, known, options) => {
    const { holds } = rotate(known, now, specOf(options));
    expect(holds.filter(({ urgent }) => urgent)).toEqual([]);
  });

  it('of another scheme change', () => {
    const changed = specOf({ scheme: 'weekly' });
    const other = specOf({ name: 'Flags' });
    const known = created('daily', '20261128', '20261129').map((one) => ({ ...one, spec: changed }));
    const draft = planRotate(configOf([changed, other]), observedOf(known), at(now));
    expect(draft.needs).toEqual([]);
    expect(sayDraft(draft)).toEqual([
      'create production.Flags.20261128 (missing)',
      'create production.Flags.20261129 (missing)',
      `[create ${full('20261123')} (scheme-changed)]`,
    ]);
  });

  it('whose earlier table has unreadable tags, and says so', () => {
    const [earlier] = created('weekly', '20261116');
    const known = [...own, { ...earlier!, unreadable: ['tags' as const] }];
    const { holds } = rotate(known, now, specOf({ onDemand: true, keep: 20 }));
    expect(sayDraft({ actions: [], holds })).toEqual([`[read ${full('20261116')} (unreadable)]`]);
  });

  it('and reads no tags of a group whose names are usual, except those of current and upcoming tables', () => {
    const spec = specOf({ onDemand: true });
    const observed = observedOf(own.map((one) => ({ ...one, spec, unreadable: ['tags'] })));
    const { holds } = planRotate(configOf([spec]), observed, at(now));
    expect(holds.map(({ table }) => table)).toEqual([
      'production.Events.20261128',
      'production.Events.20261129',
    ]);
  });
});
