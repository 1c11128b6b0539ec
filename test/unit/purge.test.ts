import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/failure.ts';
import type { ScheduledDeletion } from '../../src/core/observed.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import type { Config, Spec } from '../../src/core/spec.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { World } from '../support/sim/world.ts';
import {
  at,
  configOf,
  DAY,
  defaultSettings,
  HOUR,
  MINUTE,
  type SpecOptions,
  specOf,
} from '../support/specs.ts';
import { type Known, observedOf, run, sayDraft, sayResults, wanted } from '../support/worlds.ts';

/** Daily, two kept: the 19th's table expired at the beginning of the 21st. */
const NOON = at('2026-11-21T12:00');
const name = (day: number | string): string => `production.Events.202611${day}`;
const YESTERDAY = NOON - DAY;
const OLD = name(19);
const kept: readonly Omit<Known, 'spec'>[] = [{ name: name(20) }, { name: name(21) }, { name: name(22) }];

const scheduled = (scheduledAt: number, table = OLD, createdAt = at('2026-11-19')): ScheduledDeletion => ({
  table,
  createdAt,
  scheduledAt,
});

function plan(
  known: readonly Omit<Known, 'spec'>[],
  scheduledDeletions: readonly ScheduledDeletion[],
  now: number,
  options: SpecOptions = {},
) {
  const spec = specOf(options);
  const observed = observedOf(
    known.map((one) => ({ ...one, spec })),
    scheduledDeletions,
  );
  const draft = planPurge(configOf([spec], spec.settings), observed, now);
  expect(draft.needs).toEqual([]);
  return draft;
}

const withPurge = (purge: Partial<Spec['settings']['purge']>): SpecOptions => ({
  settings: { purge: { ...defaultSettings.purge, ...purge } },
});

describe('an expired table', () => {
  it('is condemned at the first look, and nothing else', () => {
    const draft = plan([{ name: OLD }, ...kept], [], NOON);
    expect(draft.actions).toEqual([
      {
        kind: 'schedule-deletion',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'expired',
        message: 'Expired 2026-11-21 00:00 UTC; may be deleted from 2026-11-22 00:00 UTC on.',
        createdAt: '2026-11-19T00:00:00.000Z',
        scheduledAt: '2026-11-21T12:00:00.000Z',
      },
    ]);
    expect(draft.holds).toEqual([]);
  });

  it.each<[string, number, string[]]>([
    ['waits for the second look', NOON, [`[delete ${OLD} (waiting-period)]`]],
    ['waits to the last millisecond', NOON + 12 * HOUR - 1, [`[delete ${OLD} (waiting-period)]`]],
    ['goes when the second look is due', NOON + 12 * HOUR, [`delete ${OLD} (still-expired)`]],
    ['goes later where runs were missed', NOON + 12 * HOUR - 1 + HOUR, [`delete ${OLD} (still-expired)`]],
  ])('that is condemned %s', (_, now, expected) => {
    const known = [{ name: OLD }, ...kept, { name: name(23) }];
    const scheduledDeletions = [scheduled(NOON)];
    const lines = sayDraft(plan(known, scheduledDeletions, now, { keep: 2 })).filter((line) =>
      line.includes(OLD),
    );
    expect(lines).toEqual(expected);
  });

  it('has its second look when the settings say', () => {
    const options = withPurge({ waitingPeriodMs: HOUR });
    expect(sayDraft(plan([{ name: OLD }, ...kept], [scheduled(NOON)], NOON + HOUR, options))).toEqual([
      `delete ${OLD} (still-expired)`,
    ]);
  });

  it('survives the same run replayed, however often', () => {
    const draft = plan([{ name: OLD }, ...kept], [scheduled(NOON)], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (waiting-period)]`]);
  });

  it('survives an older run, which does not antedate its sentence either', () => {
    const draft = plan([{ name: OLD }, ...kept], [scheduled(NOON)], NOON - 6 * HOUR);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (waiting-period)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Condemned 2026-11-21 12:00 UTC; may be deleted from 2026-11-22 00:00 UTC on.',
    );
  });

  it('is condemned anew where the sentence is for an earlier table of its name', () => {
    const remade = { name: OLD, state: { createdAt: at('2026-11-19T08:00') } };
    expect(sayDraft(plan([remade, ...kept], [scheduled(NOON - 10 * DAY)], NOON))).toEqual([
      `schedule-deletion ${OLD} (expired)`,
    ]);
  });

  it.each([12 * HOUR, 30 * DAY])(
    'is condemned anew where it was due for a week and nobody looked: second look after %i ms',
    (waitingPeriodMs) => {
      const say = (waitedMs: number) =>
        sayDraft(
          plan([{ name: OLD }, ...kept], [scheduled(NOON - waitedMs)], NOON, withPurge({ waitingPeriodMs })),
        );
      expect(say(waitingPeriodMs)).toEqual([`delete ${OLD} (still-expired)`]);
      expect(say(waitingPeriodMs + 7 * DAY)).toEqual([`delete ${OLD} (still-expired)`]);
      expect(say(waitingPeriodMs + 7 * DAY + 1)).toEqual([`schedule-deletion ${OLD} (expired)`]);
    },
  );

  it.each<[string, SpecOptions, boolean, true | undefined]>([
    ['loses the protection that it was made with', {}, true, true],
    ['has none to lose where somebody has taken it off', {}, false, undefined],
    [
      'has none where the spec says so',
      { properties: { DeletionProtectionEnabled: false } },
      false,
      undefined,
    ],
  ])('that goes %s', (_, options, deletionProtected, unprotect) => {
    const known = [{ name: OLD, state: { deletionProtected } }, ...kept];
    const [action] = plan(known, [scheduled(YESTERDAY)], NOON, options).actions;
    expect(action).toMatchObject({ kind: 'delete' });
    expect(action && 'unprotect' in action ? action.unprotect : undefined).toBe(unprotect);
  });

  it('that is gone leaves no sentence behind', () => {
    expect(sayDraft(plan(kept, [scheduled(YESTERDAY)], NOON))).toEqual([`cancel-deletion ${OLD} (retained)`]);
  });

  it('is being deleted already: nothing is left to do', () => {
    expect(
      sayDraft(plan([{ name: OLD, state: { status: 'DELETING' } }, ...kept], [scheduled(YESTERDAY)], NOON)),
    ).toEqual([]);
  });

  it('waits while it is busy', () => {
    expect(
      sayDraft(plan([{ name: OLD, state: { status: 'UPDATING' } }, ...kept], [scheduled(YESTERDAY)], NOON)),
    ).toEqual([`[delete ${OLD} (table-busy)]`]);
  });

  it('still drains where its late writers have not had their time', () => {
    const options: SpecOptions = { keep: 1 };
    const midnight = at('2026-11-21');
    const known = [{ name: name(20) }, { name: name(21) }, { name: name(22) }];
    expect(sayDraft(plan(known, [], midnight + HOUR - 1, options))).toEqual([]);
    expect(sayDraft(plan(known, [], midnight + HOUR, options))).toEqual([
      `schedule-deletion ${name(20)} (expired)`,
    ]);
  });
});

describe('never deleted are', () => {
  const long = [
    scheduled(YESTERDAY),
    ...[20, 21, 22].map((day) => scheduled(YESTERDAY, name(day), at(`2026-11-${day}`))),
  ];

  it('the current, the coming and the kept ones, whatever sentence they carry: they are pardoned', () => {
    expect(sayDraft(plan(kept, long, NOON))).toEqual(
      [20, 21, 22, 19].map((day) => `cancel-deletion ${name(day)} (retained)`),
    );
  });

  it.each([100, 365 * 20])('tables of a group that keeps all, %i days later', (days) => {
    const now = NOON + days * DAY;
    expect(sayDraft(plan(kept, [], now, { keep: Infinity }))).toEqual([]);
  });

  it('the single table of a scheme of none', () => {
    const options: SpecOptions = { scheme: 'none', keep: Infinity };
    const scheduledDeletions = [scheduled(YESTERDAY, 'production.Events', 0)];
    const draft = plan([{ name: 'production.Events' }], scheduledDeletions, NOON, options);
    expect(sayDraft(draft)).toEqual(['cancel-deletion production.Events (retained)']);
  });

  it('the only tables of a group', () => {
    expect(sayDraft(plan([{ name: OLD }], [], NOON))).toEqual([`[delete ${OLD} (only-table)]`]);
    expect(sayDraft(plan([{ name: name(18) }, { name: OLD }], [], NOON))).toEqual([
      `[delete ${name(18)} (current-missing)]`,
      `[delete ${OLD} (current-missing)]`,
    ]);
  });

  it('any table while the current one is missing', () => {
    const draft = plan([{ name: OLD }, { name: name(20) }, { name: name(22) }], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (current-missing)]`]);
    expect(draft.holds[0]?.message).toContain(name(21));
  });

  it.each<[string, Omit<Known, 'spec'>]>([
    ['is somebody else’s', { name: name(21), tags: {} }],
    ['is being deleted', { name: name(21), state: { status: 'DELETING' } }],
    ['is still being made', { name: name(21), state: { status: 'CREATING' } }],
  ])('any table while the current one %s', (_, current) => {
    const draft = plan([{ name: OLD }, { name: name(20) }, current, { name: name(22) }], [], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (current-missing)]`]);
  });

  it('any table while nothing is known of the current one', () => {
    const current: Omit<Known, 'spec'> = { name: name(21), unreadable: ['tags'] };
    const draft = plan([{ name: OLD }, current], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`[read ${name(21)} (unreadable)]`]);
  });

  it('those that somebody protected although the spec asks for no protection', () => {
    const shielded = { name: OLD, state: { deletionProtected: true } };
    const bare: SpecOptions = { properties: { DeletionProtectionEnabled: false } };
    expect(sayDraft(plan([shielded, ...kept], [scheduled(YESTERDAY)], NOON, bare))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (deletion-protected)]`,
    ]);
    const [hold] = plan([shielded, ...kept], [], NOON, bare).holds;
    expect(hold?.message).toBe(
      'Expired since 2026-11-21 00:00 UTC, but somebody has turned deletion protection on, which its spec does not ask for.',
    );
  });

  const units = (at: number, consumed: number) => ({ at, consumed, throttled: 0 });
  /** Due since the 21st, 00:00; the look is at noon. */
  it.each<[string, Known['traffic'], string]>([
    [
      'were read since',
      { value: [{ read: [units(NOON - 3 * HOUR, 2)], write: [] }] },
      'Due since 2026-11-21 00:00 UTC, but still in use: 120 units read, 0 units written, the last 2026-11-21 09:00 UTC in the last 12 h.',
    ],
    [
      'were written since, though only to be throttled',
      { value: [{ read: [], write: [{ at: NOON - 3 * HOUR, consumed: 0, throttled: 1 }] }] },
      'Due since 2026-11-21 00:00 UTC, but still in use: 0 units read, 0 units written, the last 2026-11-21 09:00 UTC in the last 12 h.',
    ],
    [
      'were read by an index since',
      {
        value: [
          { read: [], write: [] },
          { index: 'byKind', read: [units(NOON - HOUR, 1)], write: [] },
        ],
      },
      'Due since 2026-11-21 00:00 UTC, but still in use: 60 units read, 0 units written, the last 2026-11-21 11:00 UTC in the last 12 h.',
    ],
  ])('those that %s', (_, traffic, message) => {
    const used = { name: OLD, traffic };
    const draft = plan([used, ...kept], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]);
    expect(draft.holds[0]?.message).toBe(message);
    expect(sayDraft(plan([used, ...kept], [], NOON))).toEqual([`[delete ${OLD} (in-use)]`]);
    const unwatched = plan([used, ...kept], [scheduled(YESTERDAY)], NOON, withPurge({ trafficMs: 0 }));
    expect(sayDraft(unwatched)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it('unless that was while they were kept, or longer ago than counts', () => {
    const value = [{ read: [units(at('2026-11-20T23:59'), 9)], write: [units(NOON - 3 * HOUR, 1)] }];
    const used = { name: OLD, traffic: { value } };
    const short = plan([used, ...kept], [scheduled(YESTERDAY)], NOON, withPurge({ trafficMs: 2 * HOUR }));
    expect(sayDraft(short)).toEqual([`delete ${OLD} (still-expired)`]);
    const earlier = { name: OLD, traffic: { value: [{ read: value[0]!.read, write: [] }] } };
    expect(sayDraft(plan([earlier, ...kept], [scheduled(YESTERDAY)], NOON))).toEqual([
      `delete ${OLD} (still-expired)`,
    ]);
  });

  it.each<[string, Known['traffic']]>([
    ['at all', { error: 'no answer' }],
    ['in part', { value: [{ read: [], error: 'no answer' }] }],
  ])('those whose traffic is unknown %s; their sentence stands', (_, traffic) => {
    const draft = plan([{ name: OLD, traffic }, ...kept], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (metrics-unknown)]`]);
  });

  describe('copies that were restored:', () => {
    const restored = (createdAt: number, madeAt?: string) => ({
      name: OLD,
      state: { createdAt },
      tags: tags({ 'turntable:made-at': madeAt }),
    });
    const held = [`[delete ${OLD} (restored)]`];
    it.each<[string, Omit<Known, 'spec'>, string[]]>([
      ['made after the period, and nothing says by whom', restored(at('2026-11-20T08:00')), held],
      ['tags copied, made later', restored(at('2026-11-20T08:00'), '2026-11-18T08:00:00.000Z'), held],
      ['tags copied, made sooner', restored(at('2026-11-18T08:00'), '2026-11-18T08:16:00.000Z'), held],
      ['a tag that says nothing', restored(at('2026-11-20T08:00'), 'soon'), held],
    ])('%s', (_, copy, expected) => {
      expect(sayDraft(plan([copy, ...kept], [], NOON))).toEqual(expected);
    });

    const due = [`schedule-deletion ${OLD} (expired)`];
    it.each<[string, Omit<Known, 'spec'>]>([
      ['made in time', restored(at('2026-11-18T08:00'), '2026-11-18T08:00:01.000Z')],
      ['made in time, before there was such a tag', restored(at('2026-11-19T23:59'))],
      ['backfilled by Turntable', restored(at('2026-11-20T08:00'), '2026-11-20T07:46:00.000Z')],
    ])('not so one that was %s', (_, own) => {
      expect(sayDraft(plan([own, ...kept], [], NOON))).toEqual(due);
    });
  });

  it.each(['', 'until the audit'])('those that are tagged to be kept: "%s"', (value) => {
    const tagged = { name: OLD, tags: { ...tags({}), 'turntable:keep': value } };
    expect(sayDraft(plan([tagged, ...kept], [scheduled(YESTERDAY)], NOON))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (keep-tag)]`,
    ]);
  });

  const tags = (wrong: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(
      Object.entries({
        'turntable:environment': 'production',
        'turntable:spec': 'Events',
        'turntable:scheme': 'daily',
        'turntable:period': '2026-11-19T00:00:00.000Z',
        ...wrong,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );

  it.each<[string, Record<string, string>, string]>([
    ['without tags', {}, 'not-owned'],
    ['with somebody else’s tags', { owner: 'backup-team' }, 'not-owned'],
    ['of another environment', tags({ 'turntable:environment': 'staging' }), 'not-owned'],
    ['of another spec', tags({ 'turntable:spec': 'events' }), 'not-owned'],
    ['of another period', tags({ 'turntable:period': '2026-11-18T00:00:00.000Z' }), 'not-owned'],
    ['without the period', tags({ 'turntable:period': undefined }), 'not-owned'],
    ['without the environment', tags({ 'turntable:environment': undefined }), 'not-owned'],
    ['made for another scheme', tags({ 'turntable:scheme': 'hourly' }), 'scheme-changed'],
    ['without the scheme', tags({ 'turntable:scheme': undefined }), 'not-owned'],
  ])('tables %s', (_, wrong, reason) => {
    const known = [{ name: OLD, tags: wrong }, ...kept];
    expect(sayDraft(plan(known, [scheduled(YESTERDAY)], NOON))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (${reason})]`,
    ]);
    expect(sayDraft(plan(known, [], NOON))).toEqual([`[delete ${OLD} (${reason})]`]);
  });

  it.each(['description', 'tags'] as const)('tables whose %s cannot be read', (fact) => {
    const blind: Omit<Known, 'spec'> = { name: OLD, unreadable: [fact] };
    expect(sayDraft(plan([blind, ...kept], [scheduled(YESTERDAY)], NOON))).toEqual([
      `[read ${OLD} (unreadable)]`,
    ]);
  });

  it.each([
    'pre-production.Events.20261101',
    'production2.Events.20261101',
    'production.Events.20261101.backup',
    'production.Events2.20261101',
    'production.events.20261101',
    'production.Events',
    'production.Other.20261101',
    'staging.Events.20261101',
    'production.Events.2026110100',
  ])('tables that only look like ours: %s', (stranger) => {
    const spec = specOf();
    const observed = observedOf(
      [...kept, { name: stranger }].map((one) => ({ ...one, spec })),
      [scheduled(YESTERDAY, stranger, 0)],
    );
    expect(sayDraft(planPurge(configOf([spec]), observed, NOON))).toEqual([
      `cancel-deletion ${stranger} (retained)`,
    ]);
  });
});

describe('the switch', () => {
  it('turned off holds what would go, condemns nothing, and deletes nothing that was condemned', () => {
    const off = withPurge({ enabled: false });
    expect(sayDraft(plan([{ name: OLD }, ...kept], [], NOON, off))).toEqual([
      `[delete ${OLD} (purge-disabled)]`,
    ]);
    expect(sayDraft(plan([{ name: OLD }, ...kept], [scheduled(YESTERDAY)], NOON, off))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (purge-disabled)]`,
    ]);
  });
});

describe('the cap', () => {
  const olds = ['16', '17', '18', '19'].map((day) => ({ name: name(day) }));
  const scheduledDeletions = olds.map(({ name: table }) =>
    scheduled(YESTERDAY, table, at(`2026-11-${table.slice(-2)}`)),
  );

  it('lets the oldest go first, and holds the rest for the next run', () => {
    expect(
      sayDraft(plan([...olds, ...kept].toReversed(), scheduledDeletions, NOON, withPurge({ maxPerRun: 2 }))),
    ).toEqual([
      `delete ${name(16)} (still-expired)`,
      `delete ${name(17)} (still-expired)`,
      `[delete ${name(18)} (cap)]`,
      `[delete ${name(19)} (cap)]`,
    ]);
  });

  it('is one for all groups, the oldest of any first', () => {
    const specs = [specOf({ name: 'A' }), specOf({ name: 'B', scheme: 'hourly' }), specOf({ name: 'C' })];
    const days = ['A.20261118', 'B.2026111823', 'C.20261117', 'A.20261121', 'B.2026112112', 'C.20261121'];
    const known = days.map((day) => ({
      name: `production.${day}`,
      spec: specs.find((spec) => spec.name === day[0])!,
      state: { createdAt: 1 },
    }));
    const observed = observedOf(
      known,
      known.map((one) => scheduled(YESTERDAY, one.name, 1)),
    );
    const settings = { ...defaultSettings, purge: { ...defaultSettings.purge, maxPerRun: 2 } };
    const lines = sayDraft(planPurge(configOf(specs, settings), observed, NOON));
    expect(lines.filter((line) => line.includes('delete'))).toEqual([
      'delete production.A.20261118 (still-expired)',
      'delete production.C.20261117 (still-expired)',
      '[delete production.B.2026111823 (cap)]',
    ]);
  });

  it('is for condemning too, so that no more fall due together, however often the job runs', () => {
    const two = { purge: { ...defaultSettings.purge, maxPerRun: 2 } };
    const spec = specOf({ settings: two });
    const say = (condemned: readonly ScheduledDeletion[]) =>
      sayDraft(
        planPurge(
          configOf([spec], two),
          observedOf(
            [...olds, ...kept].map((one) => ({ ...one, spec })),
            condemned,
          ),
          NOON,
        ),
      );
    const fresh = (day: string) => scheduled(NOON, name(day), at(`2026-11-${day}`));
    expect(say([])).toEqual([
      `schedule-deletion ${name(16)} (expired)`,
      `schedule-deletion ${name(17)} (expired)`,
      `[schedule-deletion ${name(18)} (cap)]`,
      `[schedule-deletion ${name(19)} (cap)]`,
    ]);
    expect(say([fresh('16'), fresh('17')]).filter((line) => line.startsWith('schedule-deletion'))).toEqual(
      [],
    );
  });

  it('leaves room for others where tables that cannot be deleted stay condemned', () => {
    const stuck = scheduled(NOON - 2 * DAY, name(16), at('2026-11-16'));
    const lines = sayDraft(plan([...olds, ...kept], [stuck], NOON, withPurge({ maxPerRun: 1 })));
    expect(lines.slice(0, 2)).toEqual([
      `delete ${name(16)} (still-expired)`,
      `schedule-deletion ${name(17)} (expired)`,
    ]);
  });
});

describe('the share of the fleet', () => {
  const days = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => ({ name: name(String(from + i).padStart(2, '0')) }));
  const slip = (
    from: number,
    keep: number,
    purge = {},
    scheduledDeletions: readonly ScheduledDeletion[] = [],
  ) => plan(days(from, 22), scheduledDeletions, NOON, { keep, ...withPurge(purge) });
  const kinds = (draft: ReturnType<typeof slip>) => [
    ...new Set(sayDraft(draft).map((line) => line.replace(/ production.Events.\d+/, ''))),
  ];

  it('that a shortened retention makes overdue stops the run, loudly', () => {
    const draft = slip(9, 3);
    expect(kinds(draft)).toEqual(['[schedule-deletion (share)]']);
    expect(draft.holds[0]).toMatchObject({
      urgent: true,
      message:
        'Due, but 8 of 14 tables are long overdue, and Purge.MaxShare (25 %) lets 3 of them go: none does. If every PurgeRotation is right, raise Purge.MaxShare until they are gone.',
    });
  });

  it('stops those that were condemned before, too, whose sentence stands', () => {
    const draft = slip(9, 3, {}, [scheduled(YESTERDAY, name('09'), at('2026-11-09'))]);
    expect(kinds(draft).sort()).toEqual(['[delete (share)]', '[schedule-deletion (share)]']);
  });

  it('may be larger where somebody says so', () => {
    expect(kinds(slip(9, 3, { maxShare: 65 }))).toEqual(['schedule-deletion (expired)']);
  });

  it.each([
    ['what falls due day by day', 17, 3],
    ['two tables of a small group', 16, 3],
    ['a quarter of a large one', 1, 16],
  ])('is no matter for %s', (_, from, keep) => {
    expect(kinds(slip(from, keep))).toContain('schedule-deletion (expired)');
  });

  it.each([
    [1, false],
    [6, false],
    [24, false],
    [12, true],
  ])(
    'is no matter for hourly tables that a daily purge deletes %i hours later, final backup: %s',
    async (hours, finalBackup) => {
      const purge = { ...defaultSettings.purge, maxPerRun: 50, waitingPeriodMs: hours * HOUR, finalBackup };
      const spec = specOf({ scheme: 'hourly', keep: 1, onDemand: true, settings: { purge } });
      const config = configOf([spec], { purge });
      const world = new World(NOON);
      const standing: number[] = [];
      for (let hour = 0; hour < 8 * 24; hour += 1) {
        world.clock.moveTo(Math.max(world.clock.now(), NOON + hour * HOUR));
        await run('rotate', config, world);
        if (hour % 24 !== 23) continue;
        expect((await run('purge', config, world)).message).toMatch(/ 0 failed/);
        expect(world.names().length).toBeLessThan(5 * 24);
        standing.push(world.names().length);
      }
      expect(standing.at(-1)).toBe(standing.at(-2));
    },
  );

  it('does not count what is not going anyway', () => {
    const known = days(1, 22).map((one) => (one.name < name('18') ? { ...one, tags: {} } : one));
    expect(kinds(plan(known, [], NOON, { keep: 3 }))).toContain('schedule-deletion (expired)');
  });
});

describe('the cap of a group', () => {
  it('leaves the other groups theirs', () => {
    const narrow = withPurge({ maxPerGroup: 1, maxShare: 100 });
    const specs = ['A', 'B'].map((group) => specOf({ name: group, ...narrow }));
    const known = specs.flatMap((spec) =>
      [17, 18, 21].map((day) => ({ spec, name: `production.${spec.name}.202611${day}` })),
    );
    const settings = { ...defaultSettings, purge: { ...defaultSettings.purge, maxShare: 100 } };
    expect(sayDraft(planPurge(configOf(specs, settings), observedOf(known), NOON))).toEqual([
      'schedule-deletion production.A.20261117 (expired)',
      'schedule-deletion production.B.20261117 (expired)',
      '[schedule-deletion production.A.20261118 (cap)]',
      '[schedule-deletion production.B.20261118 (cap)]',
    ]);
  });
});

describe('in the simulated world', () => {
  it('a table that is still read is held, until nobody has read it for a day', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    await world.clock.sleep(HOUR);
    world.demand(name(21), 'read', 3);
    await world.clock.sleep(5 * MINUTE);
    expect(await wanted('purge', config, world)).toEqual([`[delete ${name(21)} (in-use)]`]);
    world.metrics.broken = () => true;
    expect((await run('purge', config, world)).outcome).toBe('failed');
    world.metrics.broken = () => false;
    world.clock.moveTo(world.clock.now() + DAY);
    await run('rotate', config, world);
    expect(sayResults(await run('purge', config, world))).toContain(`schedule-deletion ${name(21)}: applied`);
  });

  it('a backfilled table goes like any other, and a copy restored under its name does not', async () => {
    const config = configOf([specOf({ keep: 3, backfill: 2 })]);
    const world = new World(NOON);
    await run('rotate', config, world);
    world.clock.moveTo(NOON + DAY);
    await run('rotate', config, world);
    expect(await wanted('purge', config, world)).toEqual([`schedule-deletion ${name(19)} (expired)`]);
    const { tables } = world.ports();
    const { input } = world.table(name(19));
    await tables.protect(name(19), false);
    await world.clock.sleep(MINUTE);
    await tables.remove(name(19));
    await world.clock.sleep(HOUR);
    await tables.create(input);
    await world.clock.sleep(MINUTE);
    expect(await wanted('purge', config, world)).toEqual([`[delete ${name(19)} (restored)]`]);
  });

  const names = (world: World): string[] =>
    world.names().map((one) => one.slice('production.Events.'.length));

  async function aged(config: Config, days: number): Promise<World> {
    const world = new World(NOON);
    for (let day = 0; day < days; day += 1) {
      if (day > 0) world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
    }
    return world;
  }

  it('a table goes in two runs, and a third changes nothing', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    expect(names(world)).toEqual(['20261121', '20261122', '20261123', '20261124']);
    expect(sayResults(await run('purge', config, world))).toEqual([`schedule-deletion ${name(21)}: applied`]);
    expect(sayResults(await run('purge', config, world))).toEqual([]);
    world.clock.moveTo(world.clock.now() + 12 * HOUR - 1);
    expect(sayResults(await run('purge', config, world))).toEqual([]);
    // The next day begins, and with it the 22nd's table expires too.
    world.clock.moveTo(world.clock.now() + 1);
    await run('rotate', config, world);
    expect(sayResults(await run('purge', config, world))).toEqual([
      `schedule-deletion ${name(22)}: applied`,
      `delete ${name(21)}: applied`,
    ]);
    expect(sayResults(await run('purge', config, world))).toEqual([]);
    world.clock.moveTo(world.clock.now() + HOUR);
    expect(names(world)).toEqual(['20261122', '20261123', '20261124', '20261125']);
    expect((await world.ports().state.scheduledDeletions()).map(({ table }) => table)).toEqual([name(22)]);
  });

  it('a table that is kept again after all is pardoned, and condemned from the start later', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    await run('purge', config, world);
    const longer = configOf([specOf({ keep: 3 })]);
    expect(sayResults(await run('purge', longer, world))).toEqual([`cancel-deletion ${name(21)}: applied`]);
    world.clock.moveTo(world.clock.now() + 6 * HOUR);
    expect(sayResults(await run('purge', config, world))).toEqual([`schedule-deletion ${name(21)}: applied`]);
    world.clock.moveTo(world.clock.now() + 5 * HOUR);
    expect(await wanted('purge', config, world)).toEqual([`[delete ${name(21)} (waiting-period)]`]);
  });

  it('a spec that is gone, or renamed, makes nothing deletable', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 4);
    await run('purge', config, world);
    world.clock.moveTo(world.clock.now() + 10 * DAY);
    const before = names(world);
    for (const other of [
      configOf([]),
      configOf([specOf({ name: 'Renamed' })]),
      configOf([specOf({ environment: 'staging' })]),
    ]) {
      expect(await wanted('purge', other, world)).toEqual(
        [21, 22].map((day) => `cancel-deletion ${name(day)} (retained)`),
      );
    }
    expect(names(world)).toEqual(before);
  });

  it('a spec whose scheme changed makes nothing deletable', async () => {
    const daily = configOf([specOf()]);
    const world = await aged(daily, 12);
    await run('purge', daily, world);
    const weekly = configOf([specOf({ scheme: 'weekly', keep: 1 })]);
    world.clock.moveTo(world.clock.now() + 14 * DAY);
    await run('rotate', weekly, world);
    world.clock.moveTo(world.clock.now() + HOUR);
    const lines = (await wanted('purge', weekly, world)).filter(
      (line) => !line.startsWith('cancel-deletion'),
    );
    expect(lines).toEqual([`[delete ${name(23)} (scheme-changed)]`, `[delete ${name(30)} (scheme-changed)]`]);
  });

  it('a table that was made anew since its sentence is not deleted, even by a plan from before', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    await run('purge', config, world);
    world.clock.moveTo(world.clock.now() + 6 * HOUR);
    const { tables } = world.ports();
    const input = world.table(name(21)).input;
    await tables.protect(name(21), false);
    await world.clock.sleep(MINUTE);
    await tables.remove(name(21));
    world.clock.moveTo(world.clock.now() + HOUR);
    await tables.create(input);
    world.clock.moveTo(world.clock.now() + 4 * HOUR);
    expect(await wanted('purge', config, world)).toEqual([
      `cancel-deletion ${name(21)} (held)`,
      `[delete ${name(21)} (restored)]`,
    ]);
  });

  describe('a table whose protection was taken off by a run that died before it could delete', () => {
    const config = configOf([specOf()]);
    const halfway = async (): Promise<World> => {
      const world = await aged(config, 3);
      await run('purge', config, world);
      world.clock.moveTo(world.clock.now() + 12 * HOUR);
      await run('rotate', config, world);
      world.onCall = (operation) => {
        if (operation === 'DeleteTable') throw new ServiceError('access-denied', 'Not today.');
      };
      expect((await run('purge', config, world)).outcome).toBe('failed');
      world.onCall = () => {};
      await world.clock.sleep(MINUTE);
      expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(false);
      return world;
    };

    it('goes by the next one', async () => {
      const world = await halfway();
      expect(sayResults(await run('purge', config, world))).toContain(`delete ${name(21)}: applied`);
    });

    it('is protected again where it is kept after all', async () => {
      const world = await halfway();
      const longer = configOf([specOf({ keep: 4 })]);
      expect(sayResults(await run('rotate', longer, world))).toEqual([`protection ${name(21)}: applied`]);
      await world.clock.sleep(MINUTE);
      expect((await run('rotate', longer, world)).results).toEqual([]);
      expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(true);
    });
  });

  it('a table that somebody protected after the plan was made stays', async () => {
    const config = configOf([specOf({ properties: { DeletionProtectionEnabled: false } })]);
    const world = await aged(config, 3);
    await run('purge', config, world);
    world.clock.moveTo(world.clock.now() + 12 * HOUR);
    await run('rotate', config, world);
    const { plan } = await makePlan(['purge'], config, world.ports(), world.clock.now());
    await world.ports().tables.protect(name(21), true);
    await world.clock.sleep(MINUTE);
    const results = await apply(plan.actions, world.ports());
    expect(results.find(({ action }) => action.kind === 'delete')).toMatchObject({
      outcome: 'failed',
      error: 'It was protected after this was planned. (refused)',
    });
    expect(names(world)).toContain('20261121');
  });

  it('a whole backlog goes over several runs', async () => {
    const config = configOf([specOf({ keep: 1 })], {
      purge: { ...defaultSettings.purge, maxPerRun: 3, maxShare: 100 },
    });
    const world = await aged(config, 8);
    const counts: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      await run('purge', config, world);
      world.clock.moveTo(world.clock.now() + DAY);
      await run('rotate', config, world);
      counts.push(names(world).length);
    }
    expect(counts).toEqual([10, 8, 6, 4]);
  });
});
