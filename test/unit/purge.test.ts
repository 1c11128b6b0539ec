import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import { queryFor } from '../../src/core/capacity/demand.ts';
import type { ScheduledDeletion } from '../../src/core/facts.ts';
import { ServiceError } from '../../src/core/failure.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { Observed } from '../../src/core/observed.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { trafficObjection, trafficWindow } from '../../src/core/purging/traffic.ts';
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
import { confirmAll, type Known, observedOf, run, sayDraft, sayResults, wanted } from '../support/worlds.ts';

/** Daily, retaining two: retention of the 19th's table ended when the 21st started. */
const NOON = at('2026-11-21T12:00');
const name = (day: number | string): string => `production.Events.202611${day}`;
const YESTERDAY = NOON - DAY;
const OLD = name(19);
const retained: readonly Omit<Known, 'spec'>[] = [{ name: name(20) }, { name: name(21) }, { name: name(22) }];

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

/** The ownership tags of the oldest table, except for some. */
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

describe('for an expired table, purge', () => {
  it('schedules the deletion first, and does nothing else', () => {
    const draft = plan([{ name: OLD }, ...retained], [], NOON);
    expect(draft.actions).toEqual([
      {
        kind: 'schedule-deletion',
        job: 'purge',
        group: 'Events',
        table: OLD,
        reason: 'expired',
        message:
          'Retention ended at 2026-11-21 00:00 UTC, and the waiting period ends at 2026-11-22 00:00 UTC. To keep the table, add the tag turntable:keep.',
        createdAt: '2026-11-19T00:00:00.000Z',
        scheduledAt: '2026-11-21T12:00:00.000Z',
      },
    ]);
    expect(draft.holds).toEqual([]);
  });

  it.each<[string, number, string[]]>([
    ['waits right after scheduling', NOON, [`[delete ${OLD} (waiting-period)]`]],
    [
      'waits until the last millisecond of the waiting period',
      NOON + 12 * HOUR - 1,
      [`[delete ${OLD} (waiting-period)]`],
    ],
    ['deletes the table when the waiting period ends', NOON + 12 * HOUR, [`delete ${OLD} (still-expired)`]],
    [
      'deletes the table later if runs were missed',
      NOON + 12 * HOUR - 1 + HOUR,
      [`delete ${OLD} (still-expired)`],
    ],
  ])('%s', (_, now, expected) => {
    const known = [{ name: OLD }, ...retained, { name: name(23) }];
    const scheduledDeletions = [scheduled(NOON)];
    const lines = sayDraft(plan(known, scheduledDeletions, now, { keep: 2 })).filter((line) =>
      line.includes(OLD),
    );
    expect(lines).toEqual(expected);
  });

  it('uses the waiting period of the settings', () => {
    const options = withPurge({ waitingPeriodMs: HOUR });
    expect(sayDraft(plan([{ name: OLD }, ...retained], [scheduled(NOON)], NOON + HOUR, options))).toEqual([
      `delete ${OLD} (still-expired)`,
    ]);
  });

  it('keeps the waiting period if the same run is replayed', () => {
    const draft = plan([{ name: OLD }, ...retained], [scheduled(NOON)], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (waiting-period)]`]);
  });

  it('keeps the scheduled time if an older run is replayed', () => {
    const draft = plan([{ name: OLD }, ...retained], [scheduled(NOON)], NOON - 6 * HOUR);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (waiting-period)]`]);
    expect(draft.holds[0]?.message).toBe(
      'Deletion scheduled at 2026-11-21 12:00 UTC. The waiting period ends at 2026-11-22 00:00 UTC.',
    );
  });

  describe('cancels a scheduled deletion that is dated in the future', () => {
    const early = { ...scheduled(NOON + DAY), inFuture: true } as const;
    const canceled = `cancel-deletion ${OLD} (future-time)`;

    it('and schedules the deletion again if the table is due', () => {
      const draft = plan([{ name: OLD }, ...retained], [early], NOON);
      expect(sayDraft(draft).sort()).toEqual([canceled, `schedule-deletion ${OLD} (expired)`]);
      expect(draft.actions.find(({ kind }) => kind === 'cancel-deletion')?.message).toBe(
        'Its scheduled time, 2026-11-22 12:00 UTC, is in the future.',
      );
    });

    it('although a cap holds the new one, and does not count it as waiting', () => {
      const before = [17, 18].map((day) => name(day));
      const known = [...before, OLD].map((each) => ({ name: each }));
      const draft = plan([...known, ...retained], [early], NOON, withPurge({ maxPerGroup: 2 }));
      expect(sayDraft(draft).sort()).toEqual([
        `[schedule-deletion ${OLD} (cap)]`,
        canceled,
        ...before.map((each) => `schedule-deletion ${each} (expired)`),
      ]);
    });

    it('once if the deletion is held', () => {
      const disabled = withPurge({ enabled: false });
      expect(sayDraft(plan([{ name: OLD }, ...retained], [early], NOON, disabled))).toEqual([
        canceled,
        `[delete ${OLD} (purge-disabled)]`,
      ]);
    });
  });

  it('schedules the deletion again if the scheduled one is for an earlier table of the same name', () => {
    const remade = { name: OLD, state: { createdAt: at('2026-11-19T08:00') } };
    expect(sayDraft(plan([remade, ...retained], [scheduled(NOON - 10 * DAY)], NOON))).toEqual([
      `schedule-deletion ${OLD} (expired)`,
    ]);
  });

  describe('of a table that was recreated under the same name, with sound tags, counts a scheduled deletion', () => {
    const recreated = (createdAt: number): Omit<Known, 'spec'> => {
      const taggedAt = new Date(createdAt).toISOString();
      return { name: OLD, state: { createdAt }, tags: tags({ 'turntable:created-at': taggedAt }) };
    };
    it.each([
      ['four hours ago', NOON - 4 * HOUR],
      ['before the deletion was scheduled', NOON - 2 * DAY],
      ['a millisecond after the first table', at('2026-11-19') + 1],
      ['a millisecond before the first table', at('2026-11-19') - 1],
    ])('for nothing: %s', (_, createdAt) => {
      const known = [recreated(createdAt), ...retained];
      const draft = plan(known, [scheduled(YESTERDAY)], NOON);
      expect(sayDraft(draft)).toEqual([`schedule-deletion ${OLD} (expired)`]);
      const own = plan(known, [scheduled(YESTERDAY, OLD, createdAt)], NOON);
      expect(sayDraft(own)).toEqual([`delete ${OLD} (still-expired)`]);
    });
  });

  it.each([12 * HOUR, 30 * DAY])(
    'schedules the deletion again if no run followed for a week after a waiting period of %i ms',
    (waitingPeriodMs) => {
      const say = (waitedMs: number) =>
        sayDraft(
          plan(
            [{ name: OLD }, ...retained],
            [scheduled(NOON - waitedMs)],
            NOON,
            withPurge({ waitingPeriodMs }),
          ),
        );
      expect(say(waitingPeriodMs)).toEqual([`delete ${OLD} (still-expired)`]);
      expect(say(waitingPeriodMs + 7 * DAY)).toEqual([`delete ${OLD} (still-expired)`]);
      expect(say(waitingPeriodMs + 7 * DAY + 1)).toEqual([`schedule-deletion ${OLD} (expired)`]);
    },
  );

  it.each<[string, SpecOptions, boolean, true | undefined]>([
    ['turns off the protection that the spec asks for', {}, true, true],
    ['turns off no protection if it is off already', {}, false, undefined],
    [
      'turns off no protection if the spec asks for none',
      { properties: { DeletionProtectionEnabled: false } },
      false,
      undefined,
    ],
  ])('%s', (_, options, deletionProtected, unprotect) => {
    const known = [{ name: OLD, state: { deletionProtected } }, ...retained];
    const [action] = plan(known, [scheduled(YESTERDAY)], NOON, options).actions;
    expect(action).toMatchObject({ kind: 'delete' });
    expect(action && 'unprotect' in action ? action.unprotect : undefined).toBe(unprotect);
  });

  it('cancels the scheduled deletion if the table does not exist', () => {
    const draft = plan(retained, [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (retained)`]);
    expect(draft.actions[0]?.group).toBe('(no spec)');
  });

  it('cancels a scheduled deletion once if the table is retained and the time is in the future', () => {
    const early = { ...scheduled(NOON + DAY, name(21), at('2026-11-21')), inFuture: true } as const;
    expect(sayDraft(plan(retained, [early], NOON))).toEqual([`cancel-deletion ${name(21)} (retained)`]);
  });

  it('does nothing if the table is DELETING', () => {
    expect(
      sayDraft(
        plan([{ name: OLD, state: { status: 'DELETING' } }, ...retained], [scheduled(YESTERDAY)], NOON),
      ),
    ).toEqual([]);
  });

  it.each([
    ['waits during a maintenance window', 6, `[delete ${OLD} (maintenance)]`],
    ['deletes the table outside maintenance windows', 0, `delete ${OLD} (still-expired)`],
  ])('%s', (_, day, expected) => {
    const maintenance = [{ days: [day], fromMinute: 0, lastsMinutes: 60 * 24 }];
    const draft = plan([{ name: OLD }, ...retained], [scheduled(YESTERDAY)], NOON, {
      settings: { maintenance },
    });
    expect(sayDraft(draft)).toEqual([expected]);
  });

  it('waits while the table is UPDATING', () => {
    expect(
      sayDraft(
        plan([{ name: OLD, state: { status: 'UPDATING' } }, ...retained], [scheduled(YESTERDAY)], NOON),
      ),
    ).toEqual([`[delete ${OLD} (table-busy)]`]);
  });

  it('waits until the drain window has ended', () => {
    const options: SpecOptions = { keep: 1 };
    const midnight = at('2026-11-21');
    const known = [{ name: name(20) }, { name: name(21) }, { name: name(22) }];
    expect(sayDraft(plan(known, [], midnight + HOUR - 1, options))).toEqual([]);
    expect(sayDraft(plan(known, [], midnight + HOUR, options))).toEqual([
      `schedule-deletion ${name(20)} (expired)`,
    ]);
  });
});

describe('purge never deletes', () => {
  const long = [
    scheduled(YESTERDAY),
    ...[20, 21, 22].map((day) => scheduled(YESTERDAY, name(day), at(`2026-11-${day}`))),
  ];

  it('current, upcoming and retained tables, and cancels their scheduled deletions', () => {
    expect(sayDraft(plan(retained, long, NOON))).toEqual(
      [20, 21, 22, 19].map((day) => `cancel-deletion ${name(day)} (retained)`),
    );
  });

  it.each([100, 365 * 20])('tables of a group that retains all, %i days later', (days) => {
    const now = NOON + days * DAY;
    expect(sayDraft(plan(retained, [], now, { keep: Infinity }))).toEqual([]);
  });

  it('the single table of RotationScheme none', () => {
    const options: SpecOptions = { scheme: 'none', keep: Infinity };
    const scheduledDeletions = [scheduled(YESTERDAY, 'production.Events', 0)];
    const draft = plan([{ name: 'production.Events' }], scheduledDeletions, NOON, options);
    expect(sayDraft(draft)).toEqual(['cancel-deletion production.Events (retained)']);
  });

  it('the last table of a group', () => {
    expect(sayDraft(plan([{ name: OLD }], [], NOON))).toEqual([`[delete ${OLD} (only-table)]`]);
    expect(sayDraft(plan([{ name: name(18) }, { name: OLD }], [], NOON))).toEqual([
      `[delete ${name(18)} (current-missing)]`,
      `[delete ${OLD} (current-missing)]`,
    ]);
  });

  it('any table while the current table is missing', () => {
    const draft = plan([{ name: OLD }, { name: name(20) }, { name: name(22) }], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (current-missing)]`]);
    expect(draft.holds[0]?.message).toContain(name(21));
  });

  it.each<[string, Omit<Known, 'spec'>]>([
    ['is unmanaged', { name: name(21), tags: {} }],
    ['is DELETING', { name: name(21), state: { status: 'DELETING' } }],
    ['is CREATING', { name: name(21), state: { status: 'CREATING' } }],
  ])('any table while the current table %s', (_, current) => {
    const draft = plan([{ name: OLD }, { name: name(20) }, current, { name: name(22) }], [], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (current-missing)]`]);
  });

  it.each<[string, Known['tags'], Partial<NonNullable<Known['state']>>, string]>([
    ['is CREATING', undefined, { status: 'CREATING' }, 'is CREATING'],
    [
      'has no tags',
      {},
      {},
      'does not belong to this group (The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production)',
    ],
  ])('any table while the current table %s, and says so', (_, own, state, why) => {
    const current = { name: name(21), state, ...(own && { tags: own }) };
    const [hold] = plan([{ name: OLD }, current], [], NOON).holds;
    expect(hold?.message).toBe(
      `The current table ${name(21)} ${why}. Deletions in this group wait until ${name(21)} is available.`,
    );
  });

  it('any table while the current table is listed but does not exist, and says so', () => {
    const spec = specOf();
    const observed = observedOf([{ name: OLD }, ...retained].map((one) => ({ ...one, spec })));
    observed.learn('description', name(21), { value: undefined });
    const draft = planPurge(configOf([spec]), observed, NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (current-missing)]`]);
    expect(draft.holds[0]?.message).toMatch(/^The current table .* does not exist\./);
  });

  it('no table only because the current table is UPDATING', () => {
    const current: Omit<Known, 'spec'> = { name: name(21), state: { status: 'UPDATING' } };
    expect(sayDraft(plan([{ name: OLD }, current], [], NOON))).toEqual([
      `schedule-deletion ${OLD} (expired)`,
    ]);
  });

  it('any table while the current table cannot be read', () => {
    const current: Omit<Known, 'spec'> = { name: name(21), unreadable: ['tags'] };
    const draft = plan([{ name: OLD }, current], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`[read ${name(21)} (unreadable)]`, `[delete ${OLD} (unreadable)]`]);
  });

  it.each(['description', 'tags'] as const)(
    'any table while the %s of a current table with neighbors cannot be read, and says so once',
    (fact) => {
      const current = { name: name(21), unreadable: [fact] };
      const known = [{ name: name(18) }, { name: OLD }, { name: name(20) }, current, { name: name(22) }];
      for (const scheduledDeletions of [[], [scheduled(YESTERDAY)]])
        expect(sayDraft(plan(known, scheduledDeletions, NOON))).toEqual([`[read ${name(21)} (unreadable)]`]);
    },
  );

  it('a table with deletion protection that its spec turns off', () => {
    const guarded = { name: OLD, state: { deletionProtected: true } };
    const bare: SpecOptions = { properties: { DeletionProtectionEnabled: false } };
    expect(sayDraft(plan([guarded, ...retained], [scheduled(YESTERDAY)], NOON, bare))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (deletion-protected)]`,
    ]);
    const [hold] = plan([guarded, ...retained], [], NOON, bare).holds;
    expect(hold?.message).toBe(
      'Retention ended at 2026-11-21 00:00 UTC, but deletion protection is on although the spec turns it off. To let purge delete the table, turn its deletion protection off.',
    );
  });

  const units = (at: number, consumed: number) => ({ at, consumed, throttled: 0 });
  /** Due since the 21st, 00:00; purge runs at noon. */
  it.each<[string, Known['traffic'], string]>([
    [
      'was read since it became due',
      { value: [{ read: [units(NOON - 3 * HOUR, 2)], write: [] }] },
      'The table has been due since 2026-11-21 00:00 UTC, but is still in use: 120 units read and 0 units written (most recently at 2026-11-21 09:00 UTC) in the last 12 hours.',
    ],
    [
      'was written since, even if every write was throttled',
      { value: [{ read: [], write: [{ at: NOON - 3 * HOUR, consumed: 0, throttled: 1 }] }] },
      'The table has been due since 2026-11-21 00:00 UTC, but is still in use: 0 units read and 0 units written (most recently at 2026-11-21 09:00 UTC) in the last 12 hours.',
    ],
    [
      'was read in the minute in which it became due',
      { value: [{ read: [units(at('2026-11-21'), 1)] }] },
      'The table has been due since 2026-11-21 00:00 UTC, but is still in use: 60 units read and 0 units written (most recently at 2026-11-21 00:00 UTC) in the last 12 hours.',
    ],
    [
      'was read by an index since it became due',
      {
        value: [
          { read: [], write: [] },
          { index: 'byKind', read: [units(NOON - HOUR, 1)], write: [] },
        ],
      },
      'The table has been due since 2026-11-21 00:00 UTC, but is still in use: 60 units read and 0 units written (most recently at 2026-11-21 11:00 UTC) in the last 12 hours.',
    ],
  ])('a table that %s', (_, traffic, message) => {
    const used = { name: OLD, traffic };
    const draft = plan([used, ...retained], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`cancel-deletion ${OLD} (held)`, `[delete ${OLD} (in-use)]`]);
    expect(draft.holds[0]?.message).toBe(message);
    expect(sayDraft(plan([used, ...retained], [], NOON))).toEqual([`[delete ${OLD} (in-use)]`]);
    const unwatched = plan([used, ...retained], [scheduled(YESTERDAY)], NOON, withPurge({ trafficMs: 0 }));
    expect(sayDraft(unwatched)).toEqual([`delete ${OLD} (still-expired)`]);
  });

  it('a table in use within TrafficHours of one hour, in the singular', () => {
    const value = [{ read: [units(NOON - HOUR, 1 / 60)], write: [units(NOON - 30 * MINUTE, 1 / 60)] }];
    const hour = withPurge({ trafficMs: HOUR });
    const [hold] = plan([{ name: OLD, traffic: { value } }, ...retained], [], NOON, hour).holds;
    expect(hold?.message).toBe(
      'The table has been due since 2026-11-21 00:00 UTC, but is still in use: 1 unit read and 1 unit written (most recently at 2026-11-21 11:30 UTC) in the last hour.',
    );
  });

  it('a table for traffic that counts, and ignores traffic before it was due or before TrafficHours', () => {
    const value = [{ read: [units(at('2026-11-20T23:59'), 9)], write: [units(NOON - 3 * HOUR, 1)] }];
    const used = { name: OLD, traffic: { value } };
    const short = plan([used, ...retained], [scheduled(YESTERDAY)], NOON, withPurge({ trafficMs: 2 * HOUR }));
    expect(sayDraft(short)).toEqual([`delete ${OLD} (still-expired)`]);
    const earlier = { name: OLD, traffic: { value: [{ read: value[0]!.read, write: [] }] } };
    expect(sayDraft(plan([earlier, ...retained], [scheduled(YESTERDAY)], NOON))).toEqual([
      `delete ${OLD} (still-expired)`,
    ]);
  });

  it('no table without knowing its traffic, except in the first minute after it became due', () => {
    const known = [
      { name: name(20), traffic: { error: 'no answer' } },
      { name: name(21) },
      { name: name(22) },
    ];
    const due = at('2026-11-21T01:00');
    const say = (now: number) => sayDraft(plan(known, [], now, { keep: 1 }));
    expect(say(due + 2 * MINUTE - 1)).toEqual([`schedule-deletion ${name(20)} (expired)`]);
    expect(say(due + 2 * MINUTE)).toEqual([`[delete ${name(20)} (metrics-unknown)]`]);
  });

  it('a table that seems idle before the metrics of the state table are read', () => {
    const observed = new Observed([OLD]);
    observed.learn('traffic', OLD, { value: [{ read: [units(NOON - HOUR, 0)], write: [] }] });
    const table = tableOf(specOf(), periodAt('daily', at('2026-11-19')), NOON);
    expect(trafficObjection(observed, table, NOON)).toEqual({ value: undefined });
    const answer = trafficObjection(observed, table, NOON, { scheduledAt: YESTERDAY });
    expect('pending' in answer && answer.pending.needs).toHaveLength(1);
  });

  it.each<[string, Known['traffic']]>([
    ['entirely', { error: 'no answer' }],
    ['in part', { value: [{ read: [], error: 'no answer' }] }],
  ])('a table whose traffic is unknown %s, and does not cancel the deletion', (_, traffic) => {
    const draft = plan([{ name: OLD, traffic }, ...retained], [scheduled(YESTERDAY)], NOON);
    expect(sayDraft(draft)).toEqual([`[delete ${OLD} (metrics-unknown)]`]);
  });

  describe('a table that seems idle', () => {
    const hour = (hours: number) => NOON - hours * HOUR;
    /** The deletion was scheduled 24 hours ago. */
    const sayWith = (written: ReadonlyMap<number, number> | undefined, now = NOON) => {
      const spec = specOf();
      const observed = observedOf(
        [{ name: OLD }, ...retained].map((one) => ({ ...one, spec })),
        [scheduled(YESTERDAY)],
      );
      const query = queryFor('production.turntable', undefined, 'write', 'consumed');
      observed.learnMetric(
        query,
        { from: 0, to: Infinity },
        written ? { sums: written } : { error: 'no answer' },
      );
      return planPurge(configOf([spec], spec.settings), observed, now);
    };
    const hourly = (from: number, to: number) =>
      new Map(Array.from({ length: from - to }, (_, i) => [hour(from - i), 1]));

    it.each<[string, Map<number, number> | undefined, string]>([
      ['if the data of the state table cannot be read', undefined, '2026-11-20 12:00 UTC'],
      ['if only an unfinished minute has data', new Map([[NOON - MINUTE, 1]]), '2026-11-20 12:00 UTC'],
      ['if data of three hours have stopped', hourly(24, 21), '2026-11-20 14:00 UTC'],
      ['if the state table has no data either', new Map(), '2026-11-20 12:00 UTC'],
      ['if data ended before its scheduling', new Map([[hour(25), 1]]), '2026-11-20 12:00 UTC'],
      ['if data of the state table are zeros', new Map([[hour(2), 0]]), '2026-11-20 12:00 UTC'],
      [
        'if data of the state table are invalid',
        new Map([
          [hour(2), Number.NaN],
          [hour(3), -1],
        ]),
        '2026-11-20 12:00 UTC',
      ],
      ['if hourly data have stopped', hourly(24, 6), '2026-11-21 05:00 UTC'],
    ])('%s', (_, written, since) => {
      const draft = sayWith(written);
      expect(sayDraft(draft)).toEqual([`[delete ${OLD} (missing-data)]`]);
      expect(draft.holds[0]).toMatchObject({
        message: `CloudWatch has no data for the state table since ${since}, so the table might still be in use. It is deleted after data arrives.`,
      });
      expect(draft.holds[0]?.urgent).toBeUndefined();
    });

    it('if data are missing for more than a day, and fails the run', () => {
      expect(sayWith(new Map(), NOON + MINUTE).holds).toMatchObject([
        { reason: 'missing-data', urgent: true },
      ]);
    });

    it.each<[string, Map<number, number>]>([
      ['unless one run a day wrote to the state table', new Map([[YESTERDAY, 1]])],
      ['unless hourly data arrive', hourly(24, 1)],
      ['unless hourly data arrive in another order', new Map([...hourly(24, 1)].toReversed())],
      ['unless data have paused as long before', new Map([...hourly(24, 22), ...hourly(14, 13)])],
      [
        'unless hourly data have stopped for less than four hours',
        new Map([...hourly(23, 3)].map(([time, sum]) => [time - MINUTE, sum])),
      ],
      ['unless data arrive again after a pause', new Map([...hourly(24, 12), ...hourly(2, 1)])],
    ])('%s', (_, written) => {
      expect(sayDraft(sayWith(written))).toEqual([`delete ${OLD} (still-expired)`]);
    });
  });

  it.each<[number, string]>([
    [Number.NaN, 'NaN'],
    [-1, '-60'],
    [1e300, '6e+301'],
  ])('a table with %s units per second', (consumed, said) => {
    const value = [{ read: [units(NOON - 3 * HOUR, consumed)], write: [] }];
    const known = [{ name: OLD, traffic: { value } }, ...retained];
    for (const scheduledDeletions of [[], [scheduled(YESTERDAY)]]) {
      const draft = plan(known, scheduledDeletions, NOON);
      expect(sayDraft(draft)).toEqual([`[delete ${OLD} (metrics-unknown)]`]);
      expect(draft.holds[0]?.message).toBe(
        `Could not read whether the table is still in use, so it is not deleted: CloudWatch returned the invalid value ${said} for reads at 2026-11-21 09:00 UTC.`,
      );
    }
  });

  describe('restored copies:', () => {
    const restored = (createdAt: number, taggedAt?: string) => ({
      name: OLD,
      state: { createdAt },
      tags: tags({ 'turntable:created-at': taggedAt }),
    });
    const held = [`[delete ${OLD} (restored)]`];
    it.each<[string, Omit<Known, 'spec'>, string[]]>([
      ['created after the period, without the tag created-at', restored(at('2026-11-20T08:00')), held],
      ['with copied tags, created later', restored(at('2026-11-20T08:00'), '2026-11-18T08:00:00.000Z'), held],
      [
        'with copied tags, created earlier',
        restored(at('2026-11-18T08:00'), '2026-11-18T08:16:00.000Z'),
        held,
      ],
      ['with an invalid tag created-at', restored(at('2026-11-20T08:00'), 'soon'), held],
    ])('%s', (_, copy, expected) => {
      expect(sayDraft(plan([copy, ...retained], [], NOON))).toEqual(expected);
    });

    const due = [`schedule-deletion ${OLD} (expired)`];
    it.each<[string, Omit<Known, 'spec'>]>([
      ['created in time', restored(at('2026-11-18T08:00'), '2026-11-18T08:00:01.000Z')],
      ['created in time, without the tag created-at', restored(at('2026-11-19T23:59'))],
      ['backfilled by Turntable', restored(at('2026-11-20T08:00'), '2026-11-20T07:46:00.000Z')],
    ])('deletes a table %s', (_, own) => {
      expect(sayDraft(plan([own, ...retained], [], NOON))).toEqual(due);
    });
  });

  it.each(['', 'until the audit'])('a table with the tag turntable:keep: "%s"', (value) => {
    const tagged = { name: OLD, tags: { ...tags({}), 'turntable:keep': value } };
    expect(sayDraft(plan([tagged, ...retained], [scheduled(YESTERDAY)], NOON))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (keep-tag)]`,
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['without tags', {}, 'not-owned'],
    ['with unrelated tags', { owner: 'backup-team' }, 'not-owned'],
    ['of another environment', tags({ 'turntable:environment': 'staging' }), 'not-owned'],
    ['of another spec', tags({ 'turntable:spec': 'events' }), 'not-owned'],
    ['of another period', tags({ 'turntable:period': '2026-11-18T00:00:00.000Z' }), 'not-owned'],
    ['without the period', tags({ 'turntable:period': undefined }), 'not-owned'],
    ['without the environment', tags({ 'turntable:environment': undefined }), 'not-owned'],
    ['created for another scheme', tags({ 'turntable:scheme': 'hourly' }), 'scheme-changed'],
    ['without the scheme', tags({ 'turntable:scheme': undefined }), 'not-owned'],
  ])('tables %s', (_, wrong, reason) => {
    const known = [{ name: OLD, tags: wrong }, ...retained];
    expect(sayDraft(plan(known, [scheduled(YESTERDAY)], NOON))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (${reason})]`,
    ]);
    expect(sayDraft(plan(known, [], NOON))).toEqual([`[delete ${OLD} (${reason})]`]);
  });

  it.each(['description', 'tags'] as const)('tables whose %s cannot be read', (fact) => {
    const blind: Omit<Known, 'spec'> = { name: OLD, unreadable: [fact] };
    expect(sayDraft(plan([blind, ...retained], [scheduled(YESTERDAY)], NOON))).toEqual([
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
  ])('tables whose name is only similar: %s', (other) => {
    const spec = specOf();
    const observed = observedOf(
      [...retained, { name: other }].map((one) => ({ ...one, spec })),
      [scheduled(YESTERDAY, other, 0)],
    );
    expect(sayDraft(planPurge(configOf([spec]), observed, NOON))).toEqual([
      `cancel-deletion ${other} (retained)`,
    ]);
  });
});

describe('the minutes in which purge looks for traffic', () => {
  const need = (from: number) => ({ fact: 'traffic', table: OLD, from }) as const;
  const newest = at('2026-11-21T13:39');
  it.each<[string, Parameters<typeof trafficWindow>[0], number]>([
    ['begin with the newest one if nothing is needed', [], newest],
    ['ignore other needs', [{ fact: 'limits' }], newest],
    ['cover the earliest need, from the start of its minute', [need(NOON + 1), need(NOON + HOUR)], NOON],
    ['cover a need that starts with a minute', [need(NOON)], NOON],
    ['do not start after the newest one', [need(newest + HOUR)], newest],
  ])('%s', (_, needs, from) => {
    for (const ms of [0, 1, 23_000, 59_999])
      expect(trafficWindow(needs, at('2026-11-21T13:40') + ms)).toEqual({ from, to: newest });
  });
});

describe('Purge.Enabled false', () => {
  it('holds every deletion, schedules none, and cancels scheduled ones', () => {
    const off = withPurge({ enabled: false });
    expect(sayDraft(plan([{ name: OLD }, ...retained], [], NOON, off))).toEqual([
      `[delete ${OLD} (purge-disabled)]`,
    ]);
    expect(sayDraft(plan([{ name: OLD }, ...retained], [scheduled(YESTERDAY)], NOON, off))).toEqual([
      `cancel-deletion ${OLD} (held)`,
      `[delete ${OLD} (purge-disabled)]`,
    ]);
  });
});

describe('Purge.MaxPerRun', () => {
  const olds = ['16', '17', '18', '19'].map((day) => ({ name: name(day) }));
  const scheduledDeletions = olds.map(({ name: table }) =>
    scheduled(YESTERDAY, table, at(`2026-11-${table.slice(-2)}`)),
  );

  it('deletes the oldest tables first, and holds the others for the next run', () => {
    expect(
      sayDraft(
        plan([...olds, ...retained].toReversed(), scheduledDeletions, NOON, withPurge({ maxPerRun: 2 })),
      ),
    ).toEqual([
      `delete ${name(16)} (still-expired)`,
      `delete ${name(17)} (still-expired)`,
      `[delete ${name(18)} (cap)]`,
      `[delete ${name(19)} (cap)]`,
    ]);
  });

  it('covers all groups together, the oldest table of any group first', () => {
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

  it('limits scheduling too, so that no more deletions fall due together, however often purge runs', () => {
    const two = { purge: { ...defaultSettings.purge, maxPerRun: 2 } };
    const spec = specOf({ settings: two });
    const say = (scheduledDeletions: readonly ScheduledDeletion[]) =>
      sayDraft(
        planPurge(
          configOf([spec], two),
          observedOf(
            [...olds, ...retained].map((one) => ({ ...one, spec })),
            scheduledDeletions,
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

  it('schedules nothing while more deletions wait than the cap allows', () => {
    const waiting = [16, 17].map((day) => scheduled(NOON, name(day), at(`2026-11-${day}`)));
    const lines = sayDraft(plan([...olds, ...retained], waiting, NOON, withPurge({ maxPerRun: 1 })));
    expect(lines.filter((line) => line.includes('schedule-deletion'))).toEqual(
      [18, 19].map((day) => `[schedule-deletion ${name(day)} (cap)]`),
    );
  });

  it('counts a scheduled deletion until its waiting period ends', () => {
    const say = (waitedMs: number) => {
      const waiting = scheduled(NOON - waitedMs, name(16), at('2026-11-16'));
      const lines = sayDraft(plan([...olds, ...retained], [waiting], NOON, withPurge({ maxPerRun: 1 })));
      return lines.filter((line) => line.startsWith('schedule-deletion'));
    };
    expect(say(12 * HOUR - 1)).toEqual([]);
    expect(say(12 * HOUR)).toEqual([`schedule-deletion ${name(17)} (expired)`]);
  });

  it('does not count scheduled deletions that are past their waiting period', () => {
    const stuck = scheduled(NOON - 2 * DAY, name(16), at('2026-11-16'));
    const lines = sayDraft(plan([...olds, ...retained], [stuck], NOON, withPurge({ maxPerRun: 1 })));
    expect(lines.slice(0, 2)).toEqual([
      `delete ${name(16)} (still-expired)`,
      `schedule-deletion ${name(17)} (expired)`,
    ]);
  });
});

describe('a daily purge', () => {
  it.each([
    [1, false],
    [6, false],
    [24, false],
    [12, true],
  ])(
    'deletes hourly tables with a daily purge and a waiting period of %i hours, final backup: %s',
    async (hours, finalBackup) => {
      const purge = { ...defaultSettings.purge, maxPerRun: 50, waitingPeriodMs: hours * HOUR, finalBackup };
      const spec = specOf({ scheme: 'hourly', keep: 1, onDemand: true, settings: { purge } });
      const config = configOf([spec], { purge });
      const world = new World(NOON);
      await confirmAll(config, world);
      const counts: number[] = [];
      for (let hour = 0; hour < 8 * 24; hour += 1) {
        world.clock.moveTo(Math.max(world.clock.now(), NOON + hour * HOUR));
        await run('rotate', config, world);
        if (hour % 24 !== 23) continue;
        expect((await run('purge', config, world)).message).toMatch(/ 0 failed/);
        expect(world.names().length).toBeLessThan(5 * 24);
        counts.push(world.names().length);
      }
      expect(counts.at(-1)).toBe(counts.at(-2));
    },
  );
});

describe('Purge.MaxPerRun with other actions', () => {
  it('counts waiting deletions against scheduling, and not against deletions', () => {
    const known = [16, 17, 18, 19].map((day) => ({ name: name(day) }));
    const created = (day: number) => at(`2026-11-${day}`);
    const before = [16, 17].map((day) => scheduled(YESTERDAY, name(day), created(day)));
    const waiting = scheduled(NOON, name(18), created(18));
    const draft = plan([...known, ...retained], [...before, waiting], NOON, withPurge({ maxPerRun: 2 }));
    expect(sayDraft({ ...draft, holds: [] }).sort()).toEqual([
      `delete ${name(16)} (still-expired)`,
      `delete ${name(17)} (still-expired)`,
      `schedule-deletion ${name(19)} (expired)`,
    ]);
  });

  it('limits no cancellations', () => {
    const obsolete = [20, 21, 22].map((day) => scheduled(YESTERDAY, name(day), at(`2026-11-${day}`)));
    expect(sayDraft(plan(retained, obsolete, NOON, withPurge({ maxPerRun: 1 })))).toEqual(
      [20, 21, 22].map((day) => `cancel-deletion ${name(day)} (retained)`),
    );
  });

  it.each([
    [1, 'A later run continues.'],
    [
      0,
      'The cause is this setting: up to 1 tables expire in a day, or in a longer waiting period, so the backlog grows. Set Purge.MaxPerRun to at least 2, or remove it.',
    ],
  ])('says whether a cap of %i is the cause', (maxPerRun, why) => {
    const known = [18, 19].map((day) => ({ name: name(day) }));
    const { holds } = plan([...known, ...retained], [], NOON, withPurge({ maxPerRun }));
    expect(holds.at(-1)?.message).toBe(`Deletion held: Purge.MaxPerRun (${maxPerRun}) is reached. ${why}`);
  });
});

describe('Purge.MaxPerGroup', () => {
  it('counts the waiting deletions of its own group', () => {
    const specs = ['A', 'B'].map((group) => specOf({ name: group, ...withPurge({ maxPerGroup: 1 }) }));
    const known = specs.flatMap((spec) =>
      [17, 18, 21].map((day) => ({ spec, name: `production.${spec.name}.202611${day}` })),
    );
    const waiting = scheduled(NOON, 'production.A.20261117', at('2026-11-17'));
    const lines = sayDraft(planPurge(configOf(specs), observedOf(known, [waiting]), NOON));
    expect(lines.filter((line) => line.includes('schedule-deletion')).sort()).toEqual([
      '[schedule-deletion production.A.20261118 (cap)]',
      '[schedule-deletion production.B.20261118 (cap)]',
      'schedule-deletion production.B.20261117 (expired)',
    ]);
  });

  it('limits each group by itself', () => {
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

describe('in the simulated world, purge', () => {
  it('holds a table that is still read, until a day has passed without reads', async () => {
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

  it('holds a table in use in a run off the whole minute', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    await world.clock.sleep(HOUR + 40 * MINUTE);
    world.demand(name(21), 'read', 3);
    await world.clock.sleep(2 * MINUTE + 23_000);
    world.demand(name(21), 'read', 0);
    expect(new Date(world.clock.now()).toISOString()).toContain('T13:42:23.');
    expect(await wanted('purge', config, world)).toEqual([`[delete ${name(21)} (in-use)]`]);
  });

  it('deletes a backfilled table, and holds a copy that was restored under its name', async () => {
    const config = configOf([specOf({ keep: 3, backfill: 2 })]);
    const world = new World(NOON);
    await confirmAll(config, world);
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
    await confirmAll(config, world);
    for (let day = 0; day < days; day += 1) {
      if (day > 0) world.clock.moveTo(NOON + day * DAY);
      await run('rotate', config, world);
    }
    return world;
  }

  it('deletes a table in two runs, and a third run changes nothing', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    expect(names(world)).toEqual(['20261121', '20261122', '20261123', '20261124']);
    expect(sayResults(await run('purge', config, world))).toEqual([`schedule-deletion ${name(21)}: applied`]);
    expect(sayResults(await run('purge', config, world))).toEqual([]);
    world.clock.moveTo(world.clock.now() + 12 * HOUR - 1);
    expect(sayResults(await run('purge', config, world))).toEqual([]);
    // The next day starts, and retention of the 22nd's table ends.
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

  it('cancels the deletion if the spec retains the table again, and starts a new waiting period later', async () => {
    const config = configOf([specOf()]);
    const world = await aged(config, 3);
    await run('purge', config, world);
    const longer = configOf([specOf({ keep: 3 })]);
    expect(sayResults(await run('purge', longer, world))).toEqual([`cancel-deletion ${name(21)}: applied`]);
    await confirmAll(config, world);
    world.clock.moveTo(world.clock.now() + 6 * HOUR);
    expect(sayResults(await run('purge', config, world))).toEqual([`schedule-deletion ${name(21)}: applied`]);
    world.clock.moveTo(world.clock.now() + 5 * HOUR);
    expect(await wanted('purge', config, world)).toEqual([`[delete ${name(21)} (waiting-period)]`]);
  });

  it('deletes nothing of a spec that was removed or renamed', async () => {
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

  it('deletes nothing of a spec whose scheme changed', async () => {
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

  it('does not delete a table that was recreated after its deletion was scheduled', async () => {
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

  describe('a table whose protection was turned off by a run that died before the deletion', () => {
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

    it('is deleted by the next run', async () => {
      const world = await halfway();
      expect(sayResults(await run('purge', config, world))).toContain(`delete ${name(21)}: applied`);
    });

    it('is protected again if the spec retains it', async () => {
      const world = await halfway();
      const longer = configOf([specOf({ keep: 4 })]);
      expect(sayResults(await run('rotate', longer, world))).toEqual([
        `protection ${name(21)}: applied`,
        `cancel-deletion ${name(21)}: applied`,
        `cancel-deletion ${name(22)}: applied`,
      ]);
      await world.clock.sleep(MINUTE);
      expect((await run('rotate', longer, world)).results).toEqual([]);
      expect(world.table(name(21)).describe(world.clock.now()).deletionProtected).toBe(true);
    });
  });

  it('does not delete a table that was protected after planning', async () => {
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
      error: 'Deletion protection was turned on after planning. (refused)',
    });
    expect(names(world)).toContain('20261121');
  });

  it('deletes a backlog over several runs', async () => {
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

describe('a run for a past instant', () => {
  it.each<[string, number, string[]]>([
    ['counts what a later run has scheduled', NOON, []],
    ['cancels what is dated after the clock', NOON + HOUR, [`cancel-deletion ${OLD} (future-time)`]],
  ])('%s', async (_, scheduledAt, expected) => {
    const world = new World(NOON - 2 * DAY);
    const config = configOf([specOf()]);
    await confirmAll(config, world);
    for (const days of [2, 1, 0]) {
      world.clock.moveTo(NOON - days * DAY);
      await run('rotate', config, world);
    }
    const { createdAt } = world.table(OLD).describe(NOON);
    await world.ports().state.scheduleDeletion({ table: OLD, createdAt, scheduledAt });
    const lines = await wanted('purge', config, world, NOON - HOUR);
    expect(lines.filter((line) => line.includes('cancel'))).toEqual(expected);
  });
});
