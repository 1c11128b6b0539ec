/** What each guard leaves of every kind of action. */
import { describe, expect, it } from 'vitest';
import { periodAt } from '../../src/core/calendar/period.ts';
import { withoutRisks } from '../../src/core/guards/clock-check.ts';
import { foreignBy, newestOf } from '../../src/core/guards/foreign.ts';
import { withoutLease } from '../../src/core/guards/lease.ts';
import { withoutNewerState } from '../../src/core/guards/newer-state.ts';
import { disowned, restored, tagsFor } from '../../src/core/guards/ownership.ts';
import {
  isInForce,
  suspendable,
  suspendedAfter,
  suspensionObjection,
  withoutDecreases,
} from '../../src/core/guards/suspensions.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Action, Draft } from '../../src/core/plan.ts';
import type { ActionKind } from '../../src/generated/plan.ts';
import { at, HOUR, MINUTE, specOf, units } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const up = { from: units(5, 5), to: units(9, 5) };
const down = { from: units(5, 5), to: units(5, 2) };

const kinds: Readonly<Record<ActionKind, object>> = {
  create: { urgency: 'current', input: {} },
  'attach-consumer': { function: 'visits', settings: {} },
  'enable-destination': { stream: 'visits' },
  'add-replica': { region: 'eu-west-1', input: { RegionName: 'eu-west-1' } },
  'tag-replica': { region: 'eu-west-1', tags: {} },
  'time-to-live': { attribute: 'expires', enabled: true },
  recovery: { enabled: true },
  raise: { changes: [up, down] },
  billing: { billingMode: 'PROVISIONED', throughput: [units(5, 5)] },
  protection: {},
  lower: { changes: [down] },
  'table-class': { tableClass: 'STANDARD' },
  'cancel-deletion': {},
  'schedule-deletion': { createdAt: '', scheduledAt: '' },
  'back-up': { createdAt: '', backup: 'one' },
  archive: { createdAt: '', token: 'one', bucket: 'two', prefix: 'three', format: 'ION' },
  'remove-replica': { region: 'eu-west-1', createdAt: '', scheduledAt: '', replicaCreatedAt: '' },
  delete: { createdAt: '', scheduledAt: '' },
  'detach-consumer': { function: 'visits', mapping: 'one', stream: 'arn' },
};

const actionOf = (kind: string, own: object): Action =>
  ({
    kind,
    job: 'rotate',
    group: 'Events',
    table: kind,
    reason: 'missing',
    message: 'Why.',
    ...own,
  }) as Action;

/** All kinds, each on a table of its own, and a switch to on-demand. */
const draft = (): Draft => ({
  actions: [
    ...Object.entries(kinds).map(([kind, own]) => actionOf(kind, own)),
    { ...actionOf('billing', { billingMode: 'PAY_PER_REQUEST' }), table: 'on-demand' },
  ],
  holds: [],
  needs: [],
  learned: new Map(),
  retentions: new Map(),
});

const left = ({ actions }: Draft): string[] => actions.map(({ table }) => table);
const held = ({ holds }: Draft): string[] =>
  holds.map(({ kind, table, reason, urgent }) => `${kind} ${table} ${reason}${urgent ? '!' : ''}`);
const all = left(draft());
const except = (...tables: string[]) => all.filter((table) => !tables.includes(table));

const observed = (rest: ConstructorParameters<typeof Observed>[4] = {}, suspended = false) =>
  new Observed([], [], suspended ? [{ what: 'lowering', since: 0 }] : [], new Map(), rest);

describe('of every kind of action', () => {
  const harmful = ['schedule-deletion', 'back-up', 'archive', 'remove-replica', 'delete', 'detach-consumer'];
  const lowering = ['lower', 'billing', 'on-demand', 'table-class'];

  it('an uncertain time leaves what it cannot make harmful', () => {
    const fault = { message: 'The clock is wrong.', certain: false };
    const reduced = withoutRisks(draft(), fault);
    expect(left(reduced)).toEqual(except(...harmful, ...lowering));
    expect(held(reduced)).toEqual([
      'lower raise clock-wrong!',
      'billing billing clock-wrong!',
      'lower lower clock-wrong!',
      'table-class table-class clock-wrong!',
      'schedule-deletion schedule-deletion clock-wrong!',
      'back-up back-up clock-wrong!',
      'archive archive clock-wrong!',
      'remove-replica remove-replica clock-wrong!',
      'delete delete clock-wrong!',
      'detach-consumer detach-consumer clock-wrong!',
      'billing on-demand clock-wrong!',
    ]);
  });

  it('a wrong time leaves no creation either, and nothing for the table that is not created', () => {
    const fault = { message: 'The clock is wrong.', certain: true };
    const setting = (table: string) => ({ ...actionOf('recovery', { enabled: true }), table });
    const actions = [...draft().actions, setting('create'), setting('lower')];
    const reduced = withoutRisks({ ...draft(), actions }, fault);
    expect(left(reduced)).toEqual([...except('create', 'add-replica', ...harmful, ...lowering), 'lower']);
    expect(held(reduced)).toContain('create create clock-wrong!');
    expect(held(reduced)).toContain('recovery create clock-wrong!');
  });

  it.each<[string, (given: Draft) => Draft, string]>([
    ['no lease', (given) => withoutLease(given, 'why.'), 'no-lease'],
    ['a newer state', (given) => withoutNewerState(given, observed({ newerState: 'why.' })), 'newer-state'],
  ])('%s leaves only creations and raises', (_, guard, reason) => {
    const reduced = guard(draft());
    expect(left(reduced)).toEqual(['create', 'raise']);
    expect(reduced.actions[1]).toMatchObject({ changes: [{ to: units(9, 5) }] });
    expect(held(reduced)).toEqual([
      `attach-consumer attach-consumer ${reason}`,
      `enable-destination enable-destination ${reason}`,
      `add-replica add-replica ${reason}`,
      `tag-replica tag-replica ${reason}`,
      `time-to-live time-to-live ${reason}`,
      `recovery recovery ${reason}`,
      `lower raise ${reason}`,
      `billing billing ${reason}`,
      `protection protection ${reason}`,
      `lower lower ${reason}`,
      `table-class table-class ${reason}`,
      `cancel-deletion cancel-deletion ${reason}`,
      `schedule-deletion schedule-deletion ${reason}`,
      `back-up back-up ${reason}`,
      `archive archive ${reason}`,
      `remove-replica remove-replica ${reason}`,
      `delete delete ${reason}`,
      `detach-consumer detach-consumer ${reason}`,
      `billing on-demand ${reason}`,
    ]);
    expect(reduced.holds.map(({ message }) => message)).toContain(
      reason === 'no-lease' ? 'No lease: why.' : 'why.',
    );
  });

  it('suspended lowering leaves what does not lower, and the switch to on-demand', () => {
    const reduced = withoutDecreases(draft(), observed({}, true), NOON);
    expect(left(reduced)).toEqual(except('billing', 'lower'));
    expect(held(reduced)).toEqual([
      'lower raise suspended',
      'billing billing suspended',
      'lower lower suspended',
    ]);
  });

  it('suspended lowering leaves no kind that it does not know', () => {
    const unknown = { ...draft(), actions: [actionOf('shrink', {})] };
    const reduced = withoutDecreases(unknown, observed({}, true), NOON);
    expect(reduced.actions).toEqual([]);
    expect(reduced.holds).toMatchObject([{ kind: 'shrink', message: 'Lowering is suspended.' }]);
  });

  it('a state table of the same version leaves everything', () => {
    const given = draft();
    expect(withoutNewerState(given, observed())).toBe(given);
  });
});

describe('a suspension', () => {
  it('is of purging or of lowering', () => {
    expect(suspendable).toEqual(['purging', 'lowering']);
  });

  it.each<[string, { since: number; until?: number }, boolean]>([
    ['without an end is in force', { since: NOON - HOUR }, true],
    ['is in force until its end', { since: NOON - HOUR, until: NOON + 1 }, true],
    ['is over at its end', { since: NOON - HOUR, until: NOON }, false],
    ['that was resumed at its start is not in force', { since: NOON + HOUR, until: NOON + HOUR }, false],
    ['that ends before its start is not in force', { since: NOON + HOUR, until: NOON + 1 }, false],
  ])('%s', (_, times, inForce) => {
    const known = (what: 'purging' | 'lowering') => new Observed([], [], [{ what, ...times }]);
    expect(isInForce({ what: 'purging', ...times }, NOON)).toBe(inForce);
    expect(suspensionObjection(known('purging'), 'purging', NOON) !== undefined).toBe(inForce);
    expect(suspensionObjection(known('lowering'), 'purging', NOON)).toBeUndefined();
  });

  it.each<[string, ConstructorParameters<typeof Observed>[2], boolean]>([
    [
      'voids a deletion that was scheduled before its end',
      [{ what: 'purging', since: 0, until: NOON + 1 }],
      true,
    ],
    ['voids no deletion that was scheduled at its end', [{ what: 'purging', since: 0, until: NOON }], false],
    ['voids every deletion if it has no end', [{ what: 'purging', since: NOON + HOUR }], true],
    ['of lowering voids no deletion', [{ what: 'lowering', since: 0 }], false],
    [
      'voids a deletion although another suspension does not',
      [
        { what: 'lowering', since: 0 },
        { what: 'purging', since: 0 },
      ],
      true,
    ],
    ['that cannot be read voids no deletion by itself', { error: 'no answer' }, false],
  ])('%s', (_, suspensions, voided) => {
    expect(suspendedAfter(new Observed([], [], suspensions), NOON)).toBe(voided);
  });
});

describe('the owner of a table', () => {
  const spec = specOf();
  const period = periodAt('daily', at('2026-11-19'));
  const name = 'production.Events.20261119';
  const tags = tagsFor(spec, period);

  it.each<[string, string, Record<string, string>, ReturnType<typeof disowned>]>([
    ['is the spec if the name and every tag match', name, tags, undefined],
    ['is the spec whatever other tags there are', name, { ...tags, owner: 'me' }, undefined],
    [
      'is unknown if the name differs',
      `${name}0`,
      tags,
      { reason: 'not-owned', message: 'The table name does not match the spec production.Events.' },
    ],
    [
      'is an earlier scheme',
      name,
      { ...tags, 'turntable:scheme': 'weekly' },
      {
        reason: 'scheme-changed',
        message: 'The table was created for RotationScheme weekly, but the spec now says daily.',
      },
    ],
    [
      'is another spec',
      name,
      { ...tags, 'turntable:spec': 'Other' },
      { reason: 'not-owned', message: 'The tag turntable:spec is "Other" instead of "Events".' },
    ],
    [
      'is unknown without tags',
      name,
      {},
      {
        reason: 'not-owned',
        message:
          'The table has no tag turntable:environment, so Turntable did not create it. To manage it, run turntable adopt Events --env production.',
      },
    ],
  ])('%s', (_, table, found, expected) => {
    expect(disowned(spec, period, table, found)).toEqual(expected);
  });

  it('has no date in the tags of a table that never rotates', () => {
    const all = specOf({ scheme: 'none', keep: Infinity });
    expect(tagsFor(all, periodAt('none', 0))).toMatchObject({ 'turntable:period': 'none' });
  });

  it.each<[string, number, string | undefined, string | undefined]>([
    [
      'is no copy if its tag is from up to 15 minutes before',
      NOON + 15 * MINUTE,
      '2026-11-21T12:00:00Z',
      undefined,
    ],
    [
      'is no copy if its tag is from up to 15 minutes after',
      NOON - 15 * MINUTE,
      '2026-11-21T12:00:00Z',
      undefined,
    ],
    [
      'is a copy if its tag is older',
      NOON + 15 * MINUTE + 1,
      '2026-11-21T12:00:00Z',
      'it was created 2026-11-21 12:15 UTC, but its tag turntable:created-at says 2026-11-21 12:00 UTC',
    ],
    ['is no copy without the tag, if it is from its period', at('2026-11-20') - 1, undefined, undefined],
    [
      'is a copy without the tag, if it is from the end of its period',
      at('2026-11-20'),
      undefined,
      'it was created 2026-11-20 00:00 UTC, after its period had ended, and not by Turntable',
    ],
  ])('of a table that %s', (_, createdAt, taggedAt, expected) => {
    expect(restored(period, createdAt, taggedAt ? { 'turntable:created-at': taggedAt } : {})).toBe(expected);
  });
});

describe('a table of another scheme', () => {
  const scheme = 'weekly' as const;
  const monday = periodAt('weekly', at('2026-11-16'));
  const name = 'production.Events.20261116';
  const tags = tagsFor(specOf({ scheme }), monday);
  const never = tagsFor(specOf({ scheme: 'none' }), periodAt('none', 0));

  it.each<[string, Parameters<typeof specOf>[0], string, Record<string, string>, string | undefined]>([
    ['is recognized by its tags', {}, name, tags, 'weekly'],
    ['is not recognized if the spec has the scheme', { scheme }, name, tags, undefined],
    [
      'is not recognized if the spec had the scheme then',
      { previously: [{ scheme, keep: 1, until: monday.end }] },
      name,
      tags,
      undefined,
    ],
    [
      'is recognized if the spec had the scheme before',
      { previously: [{ scheme, keep: 1, until: monday.start }] },
      name,
      tags,
      'weekly',
    ],
    ['is not recognized without tags', {}, name, {}, undefined],
    [
      'is not recognized by an unknown scheme',
      {},
      name,
      { ...tags, 'turntable:scheme': 'minutely' },
      undefined,
    ],
    ['is not recognized by a name of the present scheme', {}, 'production.Events.20261117', tags, undefined],
    ['is not recognized by the name of another group', {}, 'production.Other.20261116', tags, undefined],
    [
      'is not recognized by the tags of another group',
      {},
      name,
      { ...tags, 'turntable:spec': 'Other' },
      undefined,
    ],
    ['is recognized if it never rotates', {}, 'production.Events', never, 'none'],
    [
      'that never rotates is foreign after a change from another scheme',
      { previously: [{ scheme, keep: 1, until: monday.end }] },
      'production.Events',
      never,
      'none',
    ],
  ])('%s', (_, options, table, own, expected) => {
    const found = foreignBy(specOf(options), table, own);
    expect(found?.scheme).toBe(expected);
    if (found?.scheme === 'weekly') expect(found).toEqual({ name, scheme, period: monday });
  });

  it('is the newest if its period starts last, the first of equal ones', () => {
    const of = (each: string, start: number) => ({ name: each, scheme, period: { start, end: start + 1 } });
    const newest = newestOf([of('a', 1), of('b', 3), of('c', 3), of('d', 2)]);
    expect(newest.name).toBe('b');
  });
});
