/** What each guard leaves of every kind of action. */
import { describe, expect, it } from 'vitest';
import { withoutRisks } from '../../src/core/guards/clock-check.ts';
import { withoutLease } from '../../src/core/guards/lease.ts';
import { withoutNewerState } from '../../src/core/guards/newer-state.ts';
import { withoutDecreases } from '../../src/core/guards/suspensions.ts';
import { Observed } from '../../src/core/observed.ts';
import type { Action, Draft } from '../../src/core/plan.ts';
import type { ActionKind } from '../../src/generated/plan.ts';
import { at, units } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const up = { from: units(5, 5), to: units(9, 5) };
const down = { from: units(5, 5), to: units(5, 2) };

const kinds: Readonly<Record<ActionKind, object>> = {
  create: { urgency: 'current', input: {} },
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
  delete: { createdAt: '', scheduledAt: '' },
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
  const harmful = ['schedule-deletion', 'back-up', 'delete'];
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
      'delete delete clock-wrong!',
      'billing on-demand clock-wrong!',
    ]);
  });

  it('a wrong time leaves no creation either, and nothing for the table that is not created', () => {
    const fault = { message: 'The clock is wrong.', certain: true };
    const setting = { ...actionOf('recovery', { enabled: true }), table: 'create' };
    const reduced = withoutRisks({ ...draft(), actions: [...draft().actions, setting] }, fault);
    expect(left(reduced)).toEqual(except('create', ...harmful, ...lowering));
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
      `delete delete ${reason}`,
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

  it('a state table of the same version leaves everything', () => {
    const given = draft();
    expect(withoutNewerState(given, observed())).toBe(given);
  });
});
