/** A closed environment for the planners: two guards are lifted, for the tables of the confirmed plan, and nothing else. */
import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import type { Closing, ScheduledDeletion } from '../../src/core/facts.ts';
import { tableOf } from '../../src/core/fleet.ts';
import { inForce, knownClosing, listedAt, sayClosed } from '../../src/core/guards/closing.ts';
import { tagsFor } from '../../src/core/guards/ownership.ts';
import { Observed } from '../../src/core/observed.ts';
import type { CreateTable } from '../../src/core/plan.ts';
import { planPurge } from '../../src/core/purging/purge.ts';
import { closingWith, durationOf, planTeardown } from '../../src/core/requests/teardown.ts';
import { planRotate } from '../../src/core/rotating/rotate.ts';
import { planScale } from '../../src/core/scaling/scale.ts';
import type { Spec } from '../../src/core/spec.ts';
import { sightingsAfter } from '../../src/core/usability.ts';
import { apply } from '../../src/jobs/apply.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { closeEnvironment, reopenEnvironment, surveyTeardown } from '../../src/jobs/teardown.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, type SpecOptions, specOf } from '../support/specs.ts';
import { rotated, TOMORROW, withConsumers } from '../support/streaming.ts';
import { type Known, observedOf, retentionOf, run, sayDraft } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const SINCE = NOON - 6 * HOUR;
const name = (day: number): string => `production.Events.202611${day}`;
const ALL = [20, 21, 22].map(name);
const spec = specOf();
const config = configOf([spec], spec.settings);

const listing = (names: readonly string[], at = SINCE): Closing['tables'] =>
  new Map(names.map((one) => [`id of ${one}`, { name: one, listedAt: at }]));
const mark = (names: readonly string[] = ALL, more: Partial<Closing> = {}): Closing => ({
  environment: 'production',
  since: SINCE,
  by: 'arn:aws:iam::123456789012:user/ann',
  tables: listing(names),
  ...more,
});

interface Given {
  readonly known?: readonly Omit<Known, 'spec'>[];
  readonly closing?: Closing;
  readonly scheduled?: readonly ScheduledDeletion[];
  readonly options?: SpecOptions;
  readonly now?: number;
}

function observed({ known, closing = mark(), scheduled = [], options = {} }: Given) {
  const own = specOf(options);
  const tables = (known ?? ALL.map((one) => ({ name: one }))).map((one) => ({ ...one, spec: own }));
  return { own, seen: observedOf(tables, scheduled, undefined, closing) };
}

function purge(given: Given): string[] {
  const { own, seen } = observed(given);
  const draft = planPurge(configOf([own], own.settings), seen, given.now ?? NOON);
  expect(draft.needs).toEqual([]);
  return [
    ...draft.actions.map(({ kind, reason, table }) => `${kind} (${reason}) ${table}`),
    ...draft.holds.map(({ reason, table }) => `[${reason}] ${table}`),
  ].sort();
}
const scheduledAt = (instant: number, names: readonly string[] = ALL): ScheduledDeletion[] =>
  names.map((table) => ({
    table,
    createdAt: at(`2026-11-${table.slice(-2)}`),
    scheduledAt: instant,
    closedAt: SINCE,
  }));

describe('the mark of a closed environment', () => {
  it.each<[string, Partial<Closing>, Partial<Spec['settings']>, boolean]>([
    ['counts from its time on', {}, {}, true],
    ['counts at its time', { since: NOON }, {}, true],
    ['does not count before its time', { since: NOON + 1 }, {}, false],
    ['does not count if it was from the future', { since: NOON, inFuture: true }, {}, false],
    ['does not count where the settings say Protected', {}, { protected: true }, false],
    ['does not count in another environment', { environment: 'staging' }, {}, false],
  ])('%s', (_, more, settings, counts) => {
    const own = specOf({ settings });
    expect(inForce(mark(ALL, more), own, NOON) !== undefined).toBe(counts);
  });

  it('does not exist in an open environment', () => {
    expect(inForce(undefined, spec, NOON)).toBeUndefined();
  });

  it.each([
    ['a listed table at its time', { id: `id of ${ALL[0]}`, name: ALL[0]! }, SINCE, SINCE],
    ['a listed table', { id: `id of ${ALL[0]}`, name: ALL[0]! }, NOON, SINCE],
    ['another table of its name', { id: 'another', name: ALL[0]! }, NOON, undefined],
    ['a table with its id and another name', { id: `id of ${ALL[0]}`, name: 'x' }, NOON, undefined],
    ['a table that is listed later', { id: `id of ${ALL[0]}`, name: ALL[0]! }, SINCE - 1, undefined],
  ])('lists %s only if it is exactly the confirmed one', (_, state, now, expected) => {
    expect(listedAt(mark(), state, now)).toBe(expected);
  });

  it.each([
    ['is read', { value: mark() }, true],
    ['is read, and absent', { value: undefined }, false],
    ['cannot be read', { error: 'no answer' }, false],
    ['is not read yet', undefined, false],
  ])('is known only if it %s', (_, reading, known) => {
    const seen = new Observed([]);
    if (reading) seen.learnClosing(reading);
    expect(knownClosing(seen, spec, NOON) !== undefined).toBe(known);
  });

  it('is said with its caller if that is known', () => {
    const when = 'The environment was closed at 2026-11-21 06:00 UTC';
    expect(sayClosed(mark())).toBe(`${when} by arn:aws:iam::123456789012:user/ann.`);
    expect(sayClosed({ since: SINCE })).toBe(`${when}.`);
  });
});

describe('purge in a closed environment', () => {
  const all = (what: string) => ALL.map((one) => `${what} ${one}`).sort();

  it('schedules the deletion of every listed table, each with a notice, and names who closed it', () => {
    expect(purge({})).toEqual(all('schedule-deletion (closed)'));
    const { own, seen } = observed({});
    const [action] = planPurge(configOf([own], own.settings), seen, NOON).actions;
    expect(action).toMatchObject({
      notify: true,
      closedAt: '2026-11-21T06:00:00.000Z',
      message:
        'The environment was closed at 2026-11-21 06:00 UTC by arn:aws:iam::123456789012:user/ann, and the waiting period ends at 2026-11-22 00:00 UTC. To keep the table, add the tag turntable:keep. To open the environment again, run turntable teardown --undo --env production.',
    });
  });

  it('deletes each after the waiting period, and not earlier', () => {
    const scheduled = scheduledAt(NOON);
    expect(purge({ scheduled, now: NOON + 11 * HOUR })).toEqual(all('[waiting-period]'));
    const later = NOON + 12 * HOUR;
    // The retention of the first one has ended meanwhile.
    expect(purge({ scheduled, now: later })).toEqual([
      `delete (closed) ${name(21)}`,
      `delete (closed) ${name(22)}`,
      `delete (still-expired) ${name(20)}`,
    ]);
  });

  it.each<[string, Given]>([
    ['the current table is missing', { known: [{ name: name(20) }] }],
    ['only one table is left', { known: [{ name: name(21) }] }],
  ])('goes on although %s', (_, given) => {
    expect(purge(given)).toEqual(given.known!.map((one) => `schedule-deletion (closed) ${one.name}`));
  });

  it('does not count a deletion that was scheduled before the table was listed', () => {
    expect(purge({ scheduled: scheduledAt(SINCE - 1), now: NOON })).toEqual(
      all('schedule-deletion (closed)'),
    );
    expect(purge({ scheduled: scheduledAt(SINCE), now: SINCE + 12 * HOUR - 1 })).toEqual(
      all('[waiting-period]'),
    );
  });

  it('holds a table that is not listed, and cancels its deletion', () => {
    const closing = mark([name(21), name(22)]);
    expect(purge({ closing, scheduled: scheduledAt(NOON - HOUR, [name(20)]) })).toEqual(
      [
        `[not-in-teardown] ${name(20)}`,
        `cancel-deletion (retained) ${name(20)}`,
        `schedule-deletion (closed) ${name(21)}`,
        `schedule-deletion (closed) ${name(22)}`,
      ].sort(),
    );
  });

  it('keeps both guards for an expired table that is not listed', () => {
    const expired = name(18);
    const closing = mark([name(20)]);
    expect(purge({ closing, known: [{ name: expired }, { name: name(20) }] })).toEqual([
      `[not-in-teardown] ${expired}`,
      `schedule-deletion (closed) ${name(20)}`,
    ]);
    expect(purge({ closing: mark([]), known: [{ name: expired }] })).toEqual([
      `[not-in-teardown] ${expired}`,
    ]);
  });

  it('deletes an expired table that is not listed by its retention while the current table exists', () => {
    const known = [18, 20, 21].map((day) => ({ name: name(day) }));
    expect(purge({ closing: mark([]), known })).toContain(`schedule-deletion (expired) ${name(18)}`);
  });

  it('does not delete an expired table that is not listed in the run that deletes the current one', () => {
    const known = [18, 21].map((day) => ({ name: name(day) }));
    const scheduled = [
      { table: name(18), createdAt: at('2026-11-18'), scheduledAt: NOON - DAY },
      ...scheduledAt(SINCE, [name(21)]),
    ];
    expect(purge({ closing: mark([name(21)]), known, scheduled, now: NOON + HOUR * 12 })).toEqual([
      `[not-in-teardown] ${name(18)}`,
      `cancel-deletion (held) ${name(18)}`,
      `delete (closed) ${name(21)}`,
    ]);
  });

  it.each<[string, Omit<Known, 'spec'>, string[]]>([
    ['says nothing of a table that is DELETING', { name: name(21), state: { status: 'DELETING' } }, []],
    [
      'says that it could not read the description',
      { name: name(21), unreadable: ['description'] },
      [`[unreadable] ${name(21)}`],
    ],
    [
      'says that it could not read the tags',
      { name: name(21), unreadable: ['tags'] },
      [`[unreadable] ${name(21)}`],
    ],
    [
      'says that it has the tag turntable:keep',
      { name: name(21), tags: { 'turntable:keep': '' } },
      [`[keep-tag] ${name(21)}`],
    ],
  ])('%s, if the table is not listed', (_, one, expected) => {
    const known = one.tags ? { ...one, tags: { ...ownTags(one.name), ...one.tags } } : one;
    expect(purge({ closing: mark([]), known: [known] })).toEqual(expected);
  });

  it.each([['description'], ['tags']] as const)('waits for the %s of a table that is not listed', (fact) => {
    const seen = new Observed([name(21)], [], [], new Map(), {
      retentions: new Map([['Events', retentionOf(spec)]]),
      closing: { value: mark([]) },
    });
    const complete = observedOf([{ name: name(21), spec }]);
    seen.learnSeen('unmanaged', new Map());
    if (fact === 'tags')
      seen.learn('description', name(21), { value: complete.known('description', name(21)) });
    expect(planPurge(config, seen, NOON).needs).toContainEqual({ fact, table: name(21) });
  });

  it('says that it could not read the tags of a past table that is not listed', () => {
    const known = [{ name: name(20), unreadable: ['tags'] as const }, { name: name(21) }];
    expect(purge({ closing: mark([name(21)]), known })).toEqual([
      `[unreadable] ${name(20)}`,
      `schedule-deletion (closed) ${name(21)}`,
    ]);
  });

  it('says nothing of a table that is gone, if it is not listed', () => {
    const { seen } = observed({ closing: mark([]), known: [{ name: name(21) }] });
    seen.learn('description', name(21), { value: undefined });
    expect(planPurge(config, seen, NOON)).toMatchObject({ actions: [], holds: [], needs: [] });
  });

  it('says nothing of an unmanaged table', () => {
    const known = [{ name: name(20), tags: {} }, { name: name(21) }];
    expect(purge({ closing: mark([name(21)]), known })).toEqual([`schedule-deletion (closed) ${name(21)}`]);
  });

  it.each<[string, Given, string]>([
    ['the tag turntable:keep', { known: [{ name: name(21), tags: { 'turntable:keep': '' } }] }, 'keep-tag'],
    ['tags of another spec', { known: [{ name: name(21), tags: { 'turntable:spec': 'X' } }] }, 'not-owned'],
    [
      'a description that cannot be read',
      { known: [{ name: name(21), unreadable: ['description'] }] },
      'unreadable',
    ],
    ['tags that cannot be read', { known: [{ name: name(21), unreadable: ['tags'] }] }, 'unreadable'],
    [
      'purging that is disabled',
      { options: { settings: { purge: { ...defaultSettings.purge, enabled: false } } } },
      'purge-disabled',
    ],
    [
      'deletion protection that the spec turns off',
      {
        known: [{ name: name(21), state: { deletionProtected: true } }],
        options: { properties: { DeletionProtectionEnabled: false } },
      },
      'deletion-protected',
    ],
    [
      'the status ARCHIVING',
      {
        known: [{ name: name(21), state: { status: 'ARCHIVING' } }],
        scheduled: scheduledAt(SINCE, [name(21)]),
        now: SINCE + DAY,
      },
      'table-unusable',
    ],
  ])('holds a listed table because of %s', (_, given, reason) => {
    const known = given.known?.map((one) =>
      one.tags ? { ...one, tags: { ...ownTags(one.name), ...one.tags } } : one,
    ) ?? [{ name: name(21) }];
    const held = purge({ ...given, known });
    expect(held.filter((one) => !one.startsWith('['))).toEqual([]);
    expect(held).toEqual([`[${reason}] ${name(21)}`]);
  });

  it.each<[string, Given['closing']]>([
    ['dated in the future', mark(ALL, { since: NOON + 1 })],
    ['of another environment', mark(ALL, { environment: 'staging' })],
  ])('deletes nothing because of a mark %s, and cancels what it had scheduled', (_, closing) => {
    expect(purge({ ...(closing && { closing }), scheduled: scheduledAt(SINCE), now: NOON })).toEqual(
      all('cancel-deletion (retained)'),
    );
  });

  it('deletes nothing if the mark cannot be read', () => {
    const { seen } = observed({ scheduled: scheduledAt(SINCE) });
    seen.learnClosing({ error: 'no answer' });
    const { actions } = planPurge(config, seen, NOON);
    expect([...new Set(actions.map(({ kind }) => kind))]).toEqual(['cancel-deletion']);
  });

  it('waits for the mark before it decides', () => {
    const seen = new Observed(ALL, [], [], new Map(), {
      retentions: new Map([['Events', retentionOf(spec)]]),
    });
    const draft = planPurge(config, seen, NOON);
    expect(draft.actions).toEqual([]);
    expect(draft.needs).toContainEqual({ fact: 'closing' });
  });

  it.each<[string, Partial<ScheduledDeletion>, Closing | undefined, string]>([
    ['the environment is open again', {}, undefined, 'schedule-deletion (expired)'],
    ['it was closed again', {}, mark(ALL, { since: SINCE + 1 }), 'schedule-deletion (expired)'],
    ['the mark does not list the table', {}, mark([]), 'schedule-deletion (expired)'],
    ['the same mark lists the table', {}, mark(), 'delete (still-expired)'],
    ['its retention scheduled it', { closedAt: undefined }, undefined, 'delete (still-expired)'],
  ])('counts a deletion that it scheduled as a closed one if %s', (_, more, closing, expected) => {
    // The retention of the 20th's table has ended meanwhile.
    const [one] = scheduledAt(NOON, [name(20)]);
    const { closedAt, ...rest } = { ...one!, ...more };
    const scheduled = [closedAt === undefined ? rest : { ...rest, closedAt }];
    const known = [20, 21, 22, 23].map((day) => ({ name: name(day) }));
    const { own, seen } = observed({ known, scheduled });
    seen.learnClosing({ value: closing });
    const { actions } = planPurge(configOf([own], own.settings), seen, NOON + 13 * HOUR);
    const said = actions.map(({ kind, reason, table }) => `${kind} (${reason}) ${table}`);
    expect(said).toContain(`${expected} ${name(20)}`);
  });
});

const ownTags = (table: string) => ({
  'turntable:environment': 'production',
  'turntable:spec': 'Events',
  'turntable:scheme': 'daily',
  'turntable:period': `2026-11-${table.slice(-2)}T00:00:00.000Z`,
});

describe('rotate in a closed environment', () => {
  const rotate = (given: Given) => {
    const { own, seen } = observed(given);
    const said = sayDraft(planRotate(configOf([own], own.settings), seen, given.now ?? NOON));
    return said.filter((one) => !one.startsWith('lower '));
  };
  const known = [{ name: name(20) }];

  it('creates no table', () => {
    expect(rotate({ known })).toEqual([`[create ${name(21)} (closed)]`, `[create ${name(22)} (closed)]`]);
  });

  it('creates tables if the mark cannot be read, is not in force, or is missing', () => {
    const { seen } = observed({ known });
    seen.learnClosing({ error: 'no answer' });
    const creates = planRotate(config, seen, NOON).actions.filter(({ kind }) => kind === 'create');
    expect(creates).toHaveLength(2);
    expect(rotate({ known, closing: mark(ALL, { since: NOON + 1, inFuture: true }) })).toContain(
      `create ${name(21)} (missing)`,
    );
    expect(rotate({ known, options: { settings: { protected: true } } })).toContain(
      `create ${name(21)} (missing)`,
    );
  });

  it('creates no table in a run for an instant before it was closed', () => {
    expect(rotate({ known, closing: mark(ALL, { since: NOON + 1 }) })).toEqual([
      `[create ${name(21)} (closed)]`,
      `[create ${name(22)} (closed)]`,
    ]);
  });

  it('cancels no deletion of a listed table, and that of every other retained one', () => {
    const scheduled = scheduledAt(SINCE, [name(21), name(22)]);
    const closing = mark([name(21)]);
    expect(rotate({ closing, scheduled })).toEqual([`cancel-deletion ${name(22)} (retained)`]);
  });

  it('protects no listed table again, and every other one', () => {
    const open = { deletionProtected: false };
    const unprotected = [
      { name: name(21), state: open },
      { name: name(22), state: open },
      { name: name(20) },
    ];
    expect(rotate({ known: unprotected, closing: mark([name(21)]) })).toEqual([
      `protection ${name(22)} (settings-differ)`,
    ]);
  });
});

describe('scale in a closed environment', () => {
  it('holds no missing table, and none that purge is deleting', () => {
    const deleting = [{ name: name(20) }, { name: name(21), state: { status: 'DELETING' } }];
    for (const known of [[{ name: name(20) }], deleting]) {
      const { own, seen } = observed({ known });
      seen.learn('description', name(21), {
        value: known === deleting ? seen.known('description', name(21)) : undefined,
      });
      seen.learn('description', name(22), { value: undefined });
      const { holds } = planScale(configOf([own], own.settings), seen, NOON);
      expect(holds.filter(({ kind }) => kind === 'use')).toEqual([]);
    }
  });

  it('does not count since when a table is missing, so that an undo starts the time', () => {
    const known = [{ name: name(20) }];
    const current = tableOf(spec, periodAt('daily', NOON), NOON);
    for (const [closing, expected] of [
      [mark(), []],
      [mark(ALL, { since: NOON + 1 }), [name(21)]],
    ] as const) {
      const { seen } = observed({ known, closing });
      seen.learn('description', name(21), { value: undefined });
      expect([...sightingsAfter(seen, [current], NOON).keys()]).toEqual(expected);
    }
  });

  it('asks for the mark only if a table is missing', () => {
    const tables = ALL.map((one) => ({ name: one, spec }));
    const without = (names: readonly string[]) => {
      const seen = new Observed(names);
      for (const { name: one } of tables)
        seen.learn('description', one, {
          value: names.includes(one) ? observedOf(tables).known('description', one) : undefined,
        });
      return planScale(config, seen, NOON).needs.map(({ fact }) => fact);
    };
    expect(without(ALL)).not.toContain('closing');
    expect(without(ALL.slice(0, 1))).toContain('closing');
  });
});

describe('the plan of a teardown', () => {
  it('has the managed tables, and says why others stay', () => {
    const { seen } = observed({
      known: [
        { name: name(19), tags: {} },
        { name: name(20), state: { createdAt: NOON } },
        { name: name(21), state: { status: 'DELETING' } },
        { name: name(22) },
      ],
    });
    const { doomed, staying, needs } = planTeardown(config, seen, NOON);
    expect(needs).toEqual([]);
    expect(doomed.map(({ table }) => table.name)).toEqual([name(22)]);
    expect(staying.map((one) => one.name)).toEqual([name(19), name(20)]);
    expect(staying[1]?.message).toContain('looks like a restored copy');
  });

  it('keeps when a table was listed, and lists another table of the same name again', () => {
    const { seen } = observed({});
    const { doomed } = planTeardown(config, seen, NOON);
    const first = closingWith('production', doomed.slice(0, 1), undefined, 'ann', SINCE);
    const second = closingWith('production', doomed, first, 'bob', NOON);
    expect([second.since, second.by]).toEqual([SINCE, 'ann']);
    expect([...second.tables.values()].map(({ listedAt: when }) => when)).toEqual([SINCE, NOON, NOON]);
    const future = closingWith('production', doomed, { ...first, since: NOON + 1 }, 'bob', NOON);
    expect([future.since, future.by]).toEqual([NOON, 'bob']);
  });

  it.each([
    [{}, { rounds: 1, days: 1 }],
    [{ finalBackup: true }, { rounds: 1, days: 2 }],
    [{ archive: { bucket: 'archive', format: 'ION' as const } }, { rounds: 1, days: 2 }],
    [
      { finalBackup: true, archive: { bucket: 'archive', format: 'ION' as const } },
      { rounds: 1, days: 2 },
    ],
    [{ maxPerGroup: 2 }, { rounds: 2, days: 2 }],
    [{ maxPerRun: 1 }, { rounds: 3, days: 3 }],
    [
      { maxPerRun: 1, waitingPeriodMs: 2 * DAY },
      { rounds: 3, days: 6 },
    ],
  ])('says how long it takes with %j', (purging, expected) => {
    const own = specOf({ settings: { purge: { ...defaultSettings.purge, ...purging } } });
    const seen = observedOf(ALL.map((one) => ({ name: one, spec: own })));
    const settled = configOf([own], own.settings);
    expect(durationOf(settled, planTeardown(settled, seen, NOON).doomed)).toMatchObject(expected);
  });

  it('says that it takes a run longer if tables have replicas', () => {
    const own = specOf({ onDemand: true, replicas: ['eu-west-1'] });
    const replicas = [{ region: 'eu-west-1', status: 'ACTIVE' }];
    const seen = observedOf(ALL.map((one) => ({ name: one, spec: own, state: { replicas } })));
    const settled = configOf([own], own.settings);
    const { doomed } = planTeardown(settled, seen, NOON);
    expect(durationOf(settled, doomed)).toMatchObject({ days: 2, replicas: true });
  });
});

describe('closing an environment', () => {
  const by = 'arn:aws:iam::123456789012:user/ann';
  const fleet = async () => {
    const world = new World(NOON);
    await run('rotate', config, world);
    await run('purge', config, world);
    return world;
  };

  it('is refused if a table was created after the plan, so that no one was shown it', async () => {
    const world = await fleet();
    const ports = world.ports();
    const plan = await surveyTeardown(config, ports, world.clock.now());
    await world.clock.sleep(DAY);
    await run('rotate', config, world);
    const answer = await closeEnvironment(config, plan, ports, { owner: 'a', by });
    expect(answer).toEqual({ refusal: `Tables changed after the plan: ${name(23)}.` });
    expect(await ports.state.closing()).toBeUndefined();
  });

  it('is refused while rotate runs, which would create tables by what it has read', async () => {
    const world = await fleet();
    const ports = world.ports();
    const plan = await surveyTeardown(config, ports, world.clock.now());
    const now = world.clock.now();
    await ports.state.acquire({ job: 'rotate', owner: 'other' }, now, now + HOUR / 2);
    const answer = await closeEnvironment(config, plan, ports, { owner: 'a', by });
    expect(answer).toMatchObject({ refusal: expect.stringContaining('Another rotate run is in progress') });
    expect(await ports.state.closing()).toBeUndefined();
  });

  it('is refused if the clock of the machine is wrong', async () => {
    const world = await fleet();
    const ports = world.ports();
    const plan = await surveyTeardown(config, ports, world.clock.now());
    const clock = { ...ports.clock, now: () => world.clock.now(), aheadMs: () => [DAY, DAY] };
    const answer = await closeEnvironment(config, plan, { ...ports, clock }, { owner: 'a', by });
    expect(answer).toMatchObject({ refusal: expect.stringContaining("This machine's clock says") });
    expect(await ports.state.closing()).toBeUndefined();
  });

  it('deletes nothing more once it is opened again, also by a run of purge that is in progress', async () => {
    const world = await fleet();
    const ports = world.ports();
    const plan = await surveyTeardown(config, ports, world.clock.now());
    expect(await closeEnvironment(config, plan, ports, { owner: 'a', by })).toHaveProperty('closing');
    await world.clock.sleep(HOUR);
    await run('purge', config, world);
    await world.clock.sleep(DAY / 2);
    const before = world.names();
    const planned = await makePlan(['purge'], config, ports, world.clock.now());
    expect(planned.plan.actions.map(({ kind }) => kind)).toEqual(['delete', 'delete']);
    const reopened = await reopenEnvironment(ports);
    expect(reopened?.canceled).toEqual(before);
    const results = await apply(planned.plan.actions, ports);
    expect(results.map(({ outcome, error }) => [outcome, error])).toEqual(
      before.map(() => ['failed', 'The environment was opened again after planning. (refused)']),
    );
    expect(world.names()).toEqual(before);
  });
});

describe('a deletion that a closing schedules', () => {
  it('is one that people are told of, and counts for that closing alone', () => {
    const { own, seen } = observed({});
    const { actions } = planPurge(configOf([own], own.settings), seen, NOON);
    const closedAt = new Date(SINCE).toISOString();
    expect(actions.filter(({ kind }) => kind === 'schedule-deletion')).toEqual(
      ALL.map((table) => expect.objectContaining({ table, reason: 'closed', notify: true, closedAt })),
    );
  });
});

describe('an expired table that no closing lists, when all deletions are due', () => {
  const EXPIRED = name(18);
  const closing = mark(ALL, { since: NOON - DAY, tables: listing(ALL, NOON - DAY) });
  const scheduled: ScheduledDeletion[] = [EXPIRED, ...ALL].map((table) => ({
    table,
    createdAt: at(`2026-11-${table.slice(-2)}`),
    scheduledAt: NOON - DAY,
    ...(table !== EXPIRED && { closedAt: NOON - DAY }),
  }));

  it.each<[string, readonly string[], readonly string[]]>([
    [
      'stays, because the current table goes',
      [],
      [
        `[not-in-teardown] ${EXPIRED}`,
        `cancel-deletion (held) ${EXPIRED}`,
        ...ALL.map((one) => `delete (closed) ${one}`),
      ],
    ],
    [
      'goes by its retention while a tag retains the current table',
      [name(21)],
      [
        `[keep-tag] ${name(21)}`,
        `cancel-deletion (held) ${name(21)}`,
        `delete (closed) ${name(20)}`,
        `delete (closed) ${name(22)}`,
        `delete (still-expired) ${EXPIRED}`,
      ],
    ],
    [
      'stays, because the current table goes, although others stay',
      [name(20), name(22)],
      [
        `[keep-tag] ${name(20)}`,
        `[keep-tag] ${name(22)}`,
        `[not-in-teardown] ${EXPIRED}`,
        `cancel-deletion (held) ${EXPIRED}`,
        `cancel-deletion (held) ${name(20)}`,
        `cancel-deletion (held) ${name(22)}`,
        `delete (closed) ${name(21)}`,
      ],
    ],
  ])('%s', (_, kept, expected) => {
    const known = [EXPIRED, ...ALL].map((one) => {
      const own = tagsFor(spec, periodAt('daily', at(`2026-11-${one.slice(-2)}`)));
      return { name: one, tags: kept.includes(one) ? { ...own, 'turntable:keep': 'yes' } : own };
    });
    expect(purge({ known, closing, scheduled })).toEqual(expected);
  });
});

describe('a closed environment whose tables have consumers', () => {
  it('loses the event source mapping of each table, also of one that goes after the current table', async () => {
    const own = withConsumers({ settings: { purge: { ...defaultSettings.purge, waitingPeriodMs: HOUR } } });
    const world = await rotated(own);
    const { doomed } = await surveyTeardown(own, world.ports(), world.clock.now());
    const { state, tables } = world.ports();
    await tables.create({ ...own.specs[0]!.properties, TableName: 'production.turntable' } as CreateTable);
    await state.close(closingWith('production', doomed, undefined, 'ann', world.clock.now()));
    const start = world.clock.now();
    const left: string[] = [];
    for (let hour = 1; hour <= 96; hour += 1) {
      world.clock.moveTo(start + hour * HOUR);
      // A late writer keeps tomorrow's table for longer than today's.
      if (hour < 30) world.demand(TOMORROW, 'write', 1);
      await run('purge', own, world);
      const names = world.names().filter((one) => one !== 'production.turntable');
      left.push(`${names.length} tables, ${world.lambda.all('visits').length} mappings`);
    }
    expect([...new Set(left)]).toEqual([
      '2 tables, 2 mappings',
      '1 tables, 1 mappings',
      '0 tables, 0 mappings',
    ]);
  });
});
