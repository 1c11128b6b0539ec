import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import type {
  AppliedRetention,
  Closing,
  ScheduledDeletion,
  SeenOwnership,
  TableState,
} from '../../src/core/facts.ts';
import { membersOf, type Table, tableOf } from '../../src/core/fleet.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import {
  isDueToBeSeen,
  isSeen,
  seenAfter,
  seenUnmanaged,
  seenUntil,
  stillSeen,
  withoutUnmanaged,
} from '../../src/core/guards/seen-ownership.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Draft } from '../../src/core/plan.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf } from '../support/specs.ts';
import { type Known, observedOf, run } from '../support/worlds.ts';

const MIDNIGHT = at('2026-11-21');
const ids = Array.from({ length: 2_000 }, (_, i) => `0a1b2c3d-${i}`);
const timeOfDay = (instant: number): number => instant % DAY;

describe('tags that were seen', () => {
  it.each([0, 5, 50, 6 * 60, 12 * 60, 17 * 60, 23 * 60 + 50])(
    'count for a day at most, and never until an hour before or after midnight, seen %d minutes after it',
    (minutes) => {
      const seenAt = MIDNIGHT + minutes * MINUTE;
      for (const id of ids) {
        const until = seenUntil(id, seenAt);
        expect(until).toBeGreaterThan(seenAt);
        expect(until).toBeLessThanOrEqual(seenAt + DAY);
        if (timeOfDay(seenAt) < HOUR || timeOfDay(seenAt) > 23 * HOUR) {
          expect(timeOfDay(until)).toBeGreaterThan(HOUR);
          expect(timeOfDay(until)).toBeLessThan(23 * HOUR);
        }
      }
    },
  );

  it('are read again at times that spread over ten hours', () => {
    const hours = new Map<number, number>();
    for (const id of ids) {
      const hour = Math.floor(timeOfDay(seenUntil(id, MIDNIGHT)) / HOUR);
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect([...hours.keys()].sort((a, b) => a - b)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    for (const count of hours.values()) expect(count).toBeLessThan(300);
  });

  it('are read once a day, at the same time', () => {
    for (const id of ids.slice(0, 50)) {
      const first = seenUntil(id, MIDNIGHT);
      expect(seenUntil(id, first)).toBe(first + DAY);
    }
  });

  // The minutes are FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, modulo 600.
  it.each([
    ['', '2026-11-21T08:01'],
    ['a', '2026-11-21T10:40'],
    ['foobar', '2026-11-21T15:40'],
  ])('are read again at the same time in every version: TableId "%s", %s', (id, expected) => {
    expect(seenUntil(id, MIDNIGHT)).toBe(at(expected));
  });

  it('are read again at their own time only if six hours have passed', () => {
    expect(seenUntil('a', at('2026-11-21T04:40'))).toBe(at('2026-11-21T10:40'));
    expect(seenUntil('a', at('2026-11-21T04:41'))).toBe(at('2026-11-22T04:41'));
  });

  it('count for nothing if they are old, or from the future', () => {
    const seenAt = new Map([
      ['new', MIDNIGHT - HOUR],
      ['by a clock that is slightly ahead', MIDNIGHT + 5 * MINUTE],
      ['old', MIDNIGHT - DAY],
      ['future', MIDNIGHT + 5 * MINUTE + 1],
      ['invalid', Number.NaN],
    ]);
    const seen = stillSeen({ schemes: 'daily', seenAt }, MIDNIGHT);
    expect(seen.schemes).toBe('daily');
    expect([...seen.seenAt.keys()]).toEqual(['new', 'by a clock that is slightly ahead']);
  });

  it('count until just before they are read again', () => {
    const seenAt = new Map([['a', MIDNIGHT]]);
    const count = (now: number) => stillSeen({ schemes: 'daily', seenAt }, now).seenAt.size;
    expect(count(at('2026-11-21T10:40') - 1)).toBe(1);
    expect(count(at('2026-11-21T10:40'))).toBe(0);
  });

  it.each<[string, string, string, boolean]>([
    ['just after its creation at night', '2026-11-20T00:05', '2026-11-20T00:50', false],
    ['in the evening after its creation at night', '2026-11-20T00:05', '2026-11-20T18:00', true],
    ['just after its creation in the daytime', '2026-11-20T12:00', '2026-11-20T12:05', true],
    ['two hours before its period', '2026-11-20T21:00', '2026-11-20T22:00', true],
    ['in its period', '2026-11-21T00:01', '2026-11-21T00:02', true],
    ['at once if it was created at 07:00', '2026-11-20T07:00', '2026-11-20T07:00', true],
    [
      'at no time before its own if it was created before 07:00',
      '2026-11-20T06:59',
      '2026-11-20T10:39',
      false,
    ],
    ['at its own time if it was created before 07:00', '2026-11-20T06:59', '2026-11-20T10:40', true],
    ['at no time more than two hours before its period', '2026-11-20T20:00', '2026-11-20T19:59', false],
  ])('of a table are due to be read %s: created %s, now %s, due %s', (_, created, now, due) => {
    const period = { start: MIDNIGHT, end: MIDNIGHT + DAY };
    const state = { id: 'a', createdAt: at(created) } as TableState;
    expect(isDueToBeSeen({ period } as Table, state, at(now))).toBe(due);
  });

  it('are due two hours before the period, if the own time of the table is later', () => {
    const period = { start: at('2026-11-21T03:00'), end: at('2026-11-21T04:00') };
    const isDue = (now: number) =>
      isDueToBeSeen({ period } as Table, { id: 'a', createdAt: MIDNIGHT } as TableState, now);
    expect(isDue(at('2026-11-21T01:00') - 1)).toBe(false);
    expect(isDue(at('2026-11-21T01:00'))).toBe(true);
  });
});

describe('what a run stores of the tags that it has read', () => {
  const NOON = MIDNIGHT + 12 * HOUR;
  const until = at('2026-11-30');
  const spec = specOf();
  const table = tableOf(spec, periodAt('daily', NOON), NOON);
  const stray = 'production.Events.2026112112';
  const hourlyTags = tagsFor(specOf({ scheme: 'hourly' }), periodAt('hourly', NOON));
  const unmanaged = `unmanaged id of ${table.name}`;
  type Read = Partial<Parameters<typeof observedOf>[0][number]>;

  const observe = (own: Read, ownership?: SeenOwnership) => {
    const observed = observedOf([
      { spec, name: table.name, ...own },
      { spec, name: stray, unreadable: ['tags'] },
    ]);
    if (ownership) observed.learnSeen('ownership', new Map([['Events', ownership]]));
    return observed;
  };
  const stored = (own: Read, ownership?: SeenOwnership) =>
    seenAfter(observe(own, ownership), 'ownership', spec, [table], [stray], NOON);

  const foreign = { ...tagsFor(spec, table.period), 'turntable:scheme': 'weekly' };
  const weeklyTags = { ...foreign, 'turntable:period': '2026-11-16T00:00:00.000Z' };

  it.each<[string, Read, string | undefined]>([
    ['the id of a managed table', {}, `id of ${table.name}`],
    ['the id of a managed table that is new', { state: { createdAt: NOON } }, `id of ${table.name}`],
    ['nothing if the tags could not be read', { unreadable: ['tags'] }, undefined],
    ['nothing if the description could not be read', { unreadable: ['description'] }, undefined],
    [
      'that a table is unmanaged an hour after its creation',
      { tags: {}, state: { createdAt: NOON - HOUR } },
      unmanaged,
    ],
    ['nothing of a new table without tags', { tags: {}, state: { createdAt: NOON - HOUR + 1 } }, undefined],
    [
      'nothing of a table without tags that is being restored',
      { tags: {}, state: { restoring: true } },
      undefined,
    ],
    ['that a finished copy is unmanaged', { tags: {}, state: { restoring: false } }, unmanaged],
    ['that a table with invalid tags is unmanaged', { tags: foreign }, unmanaged],
  ])('is %s', (_, own, key) => {
    expect(stored(own)).toEqual(key && { schemes: 'daily', seenAt: new Map([[key, NOON]]) });
  });

  it('is nothing of a table that was created for another scheme', () => {
    const monday = tableOf(spec, periodAt('daily', at('2026-11-16')), NOON);
    const observed = observedOf([{ spec, name: monday.name, tags: weeklyTags }]);
    expect(seenAfter(observed, 'ownership', spec, [monday], [], NOON)).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['the id of a table that only another scheme could have, and that is unmanaged', {}, [`id of ${stray}`]],
    ['nothing of a table that only another scheme could have, and that it has created', hourlyTags, []],
  ])('is %s', (_, tags, ids) => {
    const observed = observedOf([{ spec, name: stray, tags }]);
    observed.learn('description', stray, { value: { id: `id of ${stray}` } as TableState });
    expect([...(seenAfter(observed, 'ownership', spec, [], [stray], NOON)?.seenAt.keys() ?? [])]).toEqual(
      ids,
    );
  });

  it('includes what was stored before, if it was for the same schemes', () => {
    const before = (schemes: string) => ({ schemes, seenAt: new Map([['b', 1]]) });
    const ids = (schemes: string) => [...stored({}, before(schemes))!.seenAt.keys()];
    expect(ids('daily')).toEqual(['b', `id of ${table.name}`]);
    expect(ids('weekly')).toEqual([`id of ${table.name}`]);
  });

  it('names every scheme of the group, because the tags of a table follow from them', () => {
    const changing = specOf({ previously: [{ scheme: 'weekly', keep: 2, until }] });
    const observed = observe({ tags: tagsFor(changing, table.period) });
    const seen = seenAfter(observed, 'ownership', changing, [table], [], NOON);
    expect(seen?.schemes).toBe('weekly until 2026-11-30, daily');
  });

  const state = { id: 'a' } as TableState;
  it.each<[string, SeenOwnership | undefined, boolean]>([
    [
      'seen if its id is stored for the same schemes',
      { schemes: 'daily', seenAt: new Map([['a', 1]]) },
      true,
    ],
    ['unseen if its id is stored for others', { schemes: 'weekly', seenAt: new Map([['a', 1]]) }, false],
    ['unseen if only another id is stored', { schemes: 'daily', seenAt: new Map([['b', 1]]) }, false],
    [
      'unseen if only its lack of tags is stored',
      { schemes: 'daily', seenAt: new Map([['unmanaged a', 1]]) },
      false,
    ],
    ['unseen if nothing is stored of the group', undefined, false],
  ])('makes a table count as %s', (_, ownership, expected) => {
    const observed = new Observed([]);
    expect(isSeen(observed, spec, state)).toBeUndefined();
    observed.learnSeen('ownership', new Map(ownership && [['Events', ownership]]));
    expect(isSeen(observed, spec, state)).toBe(expected);
  });

  it.each<[string, SeenOwnership | undefined, boolean]>([
    [
      'if that is stored for the same schemes',
      { schemes: 'daily', seenAt: new Map([['unmanaged a', 1]]) },
      true,
    ],
    ['not if it is stored for others', { schemes: 'weekly', seenAt: new Map([['unmanaged a', 1]]) }, false],
    ['not if the table was seen as managed', { schemes: 'daily', seenAt: new Map([['a', 1]]) }, false],
    ['not if nothing is stored of the group', undefined, false],
  ])('makes a table count as unmanaged %s', (_, ownership, expected) => {
    const observed = new Observed([]);
    expect(seenUnmanaged(observed, 'ownership', spec, state)).toBeUndefined();
    observed.learnSeen('ownership', new Map(ownership && [['Events', ownership]]));
    const seen = expected ? { seenAt: 1, until: seenUntil('unmanaged a', 1) } : undefined;
    expect(seenUnmanaged(observed, 'ownership', spec, state)).toEqual(seen);
  });

  it('forgets only the unmanaged table that gets its tags', () => {
    const seenAt = new Map([
      ['a', 1],
      ['unmanaged a', 2],
      ['unmanaged b', 3],
    ]);
    expect(withoutUnmanaged({ schemes: 'daily', seenAt }, { id: 'a' })).toEqual({
      schemes: 'daily',
      seenAt: new Map([
        ['a', 1],
        ['unmanaged b', 3],
      ]),
    });
    expect(withoutUnmanaged({ schemes: 'daily', seenAt }, { id: 'c' })).toBeUndefined();
    expect(withoutUnmanaged(undefined, { id: 'a' })).toBeUndefined();
  });
});

describe('what purge remembers of unmanaged tables', () => {
  const NOON = MIDNIGHT + 12 * HOUR;
  const spec = specOf();
  const [old, ...retained] = ['19', '20', '21', '22'].map((day) => `production.Events.202611${day}`);
  const own = [old!, ...retained].map((name) => ({ spec, name }));
  const weekly = specOf({ scheme: 'weekly' });
  const monday = {
    spec,
    name: 'production.Events.20261116',
    tags: tagsFor(weekly, periodAt('weekly', at('2026-11-16'))),
  };
  const [flags, users] = [specOf({ name: 'Flags' }), specOf({ name: 'Users', keep: Infinity })];
  const ofFlags = [17, 18, 19, 21].map((day) => ({ spec: flags, name: `production.Flags.202611${day}` }));
  const ofUsers = Array.from({ length: 16 }, (_, i) => ({
    spec: users,
    name: `production.Users.${20_261_107 + i}`,
  }));
  const firstMonday = {
    spec: users,
    name: 'production.Users.20261102',
    tags: tagsFor({ ...weekly, name: 'Users' }, periodAt('weekly', at('2026-11-02'))),
  };
  const announced = { scheme: 'daily', keep: 2, toldAt: NOON - 30 * DAY } as const;
  const shortened = { scheme: 'daily', keep: 9, since: 0, announced } as const;
  const applied = new Map<string, AppliedRetention>([
    ['Events', shortened],
    ['Flags', shortened],
    ['Users', { scheme: 'daily', keep: Infinity, since: 0 }],
  ]);
  const scheduledDeletion = { table: old!, createdAt: at('2026-11-19'), scheduledAt: NOON - 2 * DAY };
  const closing: Closing = {
    environment: 'production',
    since: NOON - HOUR,
    tables: new Map([[`id of ${retained[0]}`, { name: retained[0]!, listedAt: NOON - HOUR }]]),
  };

  interface Case {
    readonly known: readonly Known[];
    readonly scheduled?: readonly ScheduledDeletion[];
    readonly retentions?: Observed['retentions'];
    readonly closing?: Closing;
  }

  /** The plan of purge if a record says that some tables are unmanaged. Reads what it needs. */
  const planned = ({ known, scheduled = [], retentions, closing }: Case, forged: readonly string[]) => {
    const observed = observedOf(known, scheduled, retentions, closing);
    const tags = new Map(known.map(({ name }) => [name, observed.get('tags', name)!]));
    for (const { name } of known) observed.unlearn('tags', name);
    const seenAt = new Map(
      forged.flatMap(
        (name) =>
          [
            [`id of ${name}`, NOON],
            [`unmanaged id of ${name}`, NOON],
          ] as const,
      ),
    );
    const specs = [...new Set(known.map(({ spec }) => spec))];
    const config = configOf(specs);
    observed.learnSeen('unmanaged', new Map(specs.map(({ name }) => [name, { schemes: 'daily', seenAt }])));
    for (;;) {
      const draft = planPurge(config, observed, NOON);
      for (const need of draft.needs) {
        if (need.fact !== 'tags') throw new Error(`needs ${need.fact}`);
        observed.learn('tags', need.table, tags.get(need.table)!);
      }
      if (draft.needs.length === 0) return draft;
    }
  };
  const acts = ({ actions, retentions }: Draft): string[] => [
    ...actions.filter(({ kind }) => kind !== 'cancel-deletion').map(({ kind, table }) => `${kind} ${table}`),
    ...[...retentions].map(([group, update]) => `${group} ${JSON.stringify(update)}`),
  ];
  const subsets = ([name, ...rest]: readonly string[]): string[][] =>
    name === undefined ? [[]] : subsets(rest).flatMap((one) => [one, [...one, name]]);

  it.each<[string, Case, boolean]>([
    ['a table is due', { known: own }, true],
    ['its deletion is scheduled', { known: own, scheduled: [scheduledDeletion] }, true],
    ['a table shows that the scheme changed', { known: [monday, ...own] }, false],
    ['no retention was applied', { known: own, retentions: new Map() }, false],
    ['the environment is closed', { known: own, closing }, true],
    [
      'a group whose scheme changed would make the share of due tables small',
      { known: [...own, ...ofFlags, firstMonday, ...ofUsers], retentions: applied },
      false,
    ],
  ])('permits nothing, whatever it says, if %s', (_, world, isActing) => {
    const allowed = acts(planned(world, []));
    expect(allowed.length > 0).toBe(isActing);
    const many = new Set([...ofFlags, ...ofUsers].map(({ name }) => name));
    const forgeable = world.known.map(({ name }) => name).filter((name) => !many.has(name));
    for (const forged of subsets(forgeable))
      expect(allowed, forged.join()).toEqual(expect.arrayContaining(acts(planned(world, forged))));
  });

  it('holds the deletion, and cancels a scheduled one', () => {
    const { actions, holds } = planned({ known: own, scheduled: [scheduledDeletion] }, [old!]);
    const message =
      'At 2026-11-21 12:00 UTC, the tags did not show that Turntable manages the table. To manage it, run turntable adopt Events --env production. Tags that are set in another way are read after';
    expect(actions).toMatchObject([{ kind: 'cancel-deletion', table: old, reason: 'held' }]);
    expect(holds).toMatchObject([{ kind: 'delete', table: old, reason: 'not-owned' }]);
    expect(holds[0]!.message).toContain(message);
  });

  it('holds every deletion of a group whose current table is in it', () => {
    const { actions, holds } = planned({ known: own }, [retained[1]!]);
    expect(actions).toEqual([]);
    expect(holds.map(({ reason }) => reason)).toEqual(['current-missing']);
    expect(holds[0]!.message).toContain('does not belong to this group (At 2026-11-21 12:00 UTC, the tags');
  });

  it('is corrected by a run that has read other tags', () => {
    const observed = observedOf(own);
    const tables = membersOf(configOf([spec]), new Set([old!, ...retained]), NOON).get(spec)!;
    const keys = [`unmanaged id of ${old}`, 'unmanaged id of another'];
    const seenAt = new Map(keys.map((key) => [key, NOON - HOUR]));
    observed.learnSeen('unmanaged', new Map([['Events', { schemes: 'daily', seenAt }]]));
    const stored = seenAfter(observed, 'unmanaged', spec, tables, [], NOON);
    expect([...stored!.seenAt]).toEqual([[keys[1], NOON - HOUR]]);
  });

  it('is not used in a plan for a person, nor read without an expired table', () => {
    const names = own.map(({ name }) => name);
    const needs = (known: readonly string[], thorough: boolean) => {
      const complete = observedOf(own);
      const { retentions, closing: mark } = complete;
      const observed = new Observed(known, [], [], new Map(), { thorough, retentions, closing: mark! });
      for (const name of known)
        observed.learn('description', name, { value: complete.known('description', name) });
      return planPurge(configOf([spec]), observed, NOON).needs;
    };
    expect(needs(names, false)).toEqual([{ fact: 'unmanaged' }]);
    expect(needs(names, true).map(({ fact }) => fact)).toEqual(['tags']);
    expect(needs(retained, false)).toEqual([]);
  });

  it.each<[string, Partial<Known>, string | undefined]>([
    ['nothing of a managed table', {}, undefined],
    [
      'that a table is unmanaged an hour after its creation',
      { tags: {}, state: { createdAt: NOON - HOUR } },
      old,
    ],
    ['nothing of a newer table without tags', { tags: {}, state: { createdAt: NOON - HOUR + 1 } }, undefined],
    ['nothing of a table that is being restored', { tags: {}, state: { restoring: true } }, undefined],
    ['nothing of a table that was created for another scheme', monday, undefined],
    ['nothing if the tags could not be read', { unreadable: ['tags'] }, undefined],
  ])('is %s', (_, one, expected) => {
    const known = { spec, name: old!, ...one };
    const [table] = membersOf(configOf([spec]), new Set([known.name]), NOON).get(spec)!;
    const seen = seenAfter(observedOf([known]), 'unmanaged', spec, [table!], [], NOON);
    const key = `unmanaged id of ${expected}`;
    expect(seen).toEqual(expected && { schemes: 'daily', seenAt: new Map([[key, NOON]]) });
  });

  it('is not stored again while it counts, and includes a name that only another scheme could have', () => {
    const stray = 'production.Events.2026111912';
    const observed = observedOf([
      { spec, name: stray, tags: {} },
      { spec, name: old!, tags: {} },
    ]);
    const [table] = membersOf(configOf([spec]), new Set([old!]), NOON).get(spec)!;
    const storable = () => seenAfter(observed, 'unmanaged', spec, [table!], [stray], NOON);
    const keys = (names: readonly string[]) => names.map((name) => `unmanaged id of ${name}`);
    expect([...storable()!.seenAt.keys()].sort()).toEqual(keys([old!, stray]));
    const seenAt = new Map([[keys([old!])[0]!, 1]]);
    observed.learnSeen('unmanaged', new Map([['Events', { schemes: 'daily', seenAt }]]));
    expect([...storable()!.seenAt]).toEqual([
      [keys([old!])[0], 1],
      [keys([stray])[0], NOON],
    ]);
    observed.learnSeen('unmanaged', new Map([['Events', storable()!]]));
    expect(storable()).toBeUndefined();
  });
});

describe('a steady fleet', () => {
  it('reads the tags of a table at most once a day, none around midnight, and writes only then', async () => {
    const config = configOf(
      ['A', 'B', 'C', 'D'].map((name) => specOf({ name, settings: { warmUpMs: 20 * MINUTE } })),
    );
    const world = new World(MIDNIGHT + 12 * HOUR);
    const ports = world.ports();
    const reads: { table: string; at: number }[] = [];
    let writes = 0;
    const watched = Object.assign(Object.create(world) as World, {
      ports: () => ({
        ...ports,
        tables: {
          ...ports.tables,
          tags: (arn: string) => {
            reads.push({ table: arn.slice(arn.indexOf('/') + 1), at: world.clock.now() });
            return ports.tables.tags(arn);
          },
        },
        state: {
          ...ports.state,
          rememberSeen: (...args: Parameters<typeof ports.state.rememberSeen>) => {
            writes += 1;
            return ports.state.rememberSeen(...args);
          },
        },
      }),
    });
    const changes: string[] = [];
    const end = MIDNIGHT + 4 * DAY;
    for (let now = world.clock.now(); now < end; now += MINUTE) {
      world.clock.moveTo(now);
      const minute = (now / MINUTE) % 60;
      for (const name of world.names())
        if (name.endsWith(new Date(now).toISOString().slice(0, 10).replaceAll('-', '')))
          world.demand(name, 'write', 300);
      if (minute % 5 !== 0) continue;
      const jobs = minute === 5 || minute === 50 ? (['rotate', 'scale'] as const) : (['scale'] as const);
      for (const job of jobs) {
        const { results } = await run(job, config, watched, now);
        changes.push(
          ...results.map(({ action }) => `${action.kind} at ${Math.floor(timeOfDay(now) / HOUR)}`),
        );
      }
    }
    expect([...new Set(changes)]).toEqual(
      expect.arrayContaining(['raise at 23', 'lower at 1', 'create at 0']),
    );
    const steady = reads.filter((read) => read.at >= MIDNIGHT + DAY + 12 * HOUR);
    expect(steady.length).toBeGreaterThan(0);
    expect(
      steady.map((read) => timeOfDay(read.at)).every((time) => time >= 7 * HOUR && time <= 22.1 * HOUR),
    ).toBe(true);
    const perDay = new Map<string, number>();
    for (const read of steady) {
      const key = `${read.table} on day ${Math.floor(read.at / DAY)}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
    expect(Math.max(...perDay.values())).toBe(1);
    expect(writes).toBeLessThanOrEqual(reads.length);
  });
});
