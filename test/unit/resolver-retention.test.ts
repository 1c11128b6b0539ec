import { describe, expect, it } from 'vitest';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import { createResolver } from '../../src/index.ts';
import { at, HOUR } from '../support/specs.ts';

let now = at('2026-11-21T12:00');

const resolver = createResolver({
  environment: 'production',
  now: () => now,
  tables: [
    { TableName: 'Events', RotationScheme: 'daily', PurgeRotation: '3' },
    { TableName: 'Ahead', RotationScheme: 'daily', PurgeRotation: 1, PeriodsAhead: 2 },
    { TableName: 'Archive', RotationScheme: 'daily', PurgeRotation: -1 },
    { TableName: 'Logs', RotationScheme: 'weekly' },
    { TableName: 'Clicks', RotationScheme: 'hourly' },
    { TableName: 'Users', RotationScheme: 'none', PurgeRotation: -1 },
  ],
});
type Group = Parameters<typeof resolver.current>[0];

const suffixes = (names: readonly string[]) =>
  names.map((name) => name.replace(/^production\.[A-Z]\w+\.?/, ''));
const between = (group: Group, from: string, to: string) => suffixes(resolver.tablesBetween(group, from, to));

describe('tablesBetween', () => {
  it.each<[string, Group, string, string, string[]]>([
    ['excludes the end', 'Archive', '2026-11-19', '2026-11-21', ['20261119', '20261120']],
    [
      'includes a period that is partly inside',
      'Archive',
      '2026-11-19T23:59',
      '2026-11-21T00:01',
      ['20261119', '20261120', '20261121'],
    ],
    [
      'finds the period around a short range',
      'Archive',
      '2026-11-20T08:00',
      '2026-11-20T09:00',
      ['20261120'],
    ],
    ['includes a leap day', 'Archive', '2024-02-28', '2024-03-01', ['20240228', '20240229']],
    ['finds nothing in an empty range', 'Archive', '2026-11-20T08:00', '2026-11-20T08:00', []],
    ['finds nothing if the end comes first', 'Archive', '2026-11-20', '2026-11-18', []],
    ['starts weekly periods on Monday', 'Logs', '2026-01-01', '2026-01-06', ['20251229', '20260105']],
    [
      'lists hours for hourly',
      'Clicks',
      '2026-11-20T22:30',
      '2026-11-21T00:30',
      ['2026112022', '2026112023', '2026112100'],
    ],
    ['finds the only table of none', 'Users', '2026-11-20', '2027-11-20', ['']],
    ['finds nothing for none if the end comes first', 'Users', '2027-11-20', '2026-11-20', []],
    ['omits expired tables', 'Events', '1970-01-01', '2026-11-21', ['20261119', '20261120']],
    ['omits tables after the upcoming one', 'Events', '2026-11-21', '2030-01-01', ['20261121', '20261122']],
    [
      'includes as many upcoming tables as PeriodsAhead',
      'Ahead',
      '1970-01-01',
      '2030-01-01',
      ['20261121', '20261122', '20261123'],
    ],
    ['finds nothing in an expired range', 'Events', '2026-11-01', '2026-11-10', []],
  ])('%s: %s [%s, %s)', (_, group, from, to, expected) => {
    expect(between(group, from, to)).toEqual(expected);
  });

  it('lists the newest table first if asked', () => {
    const newest = resolver.tablesBetween('Events', 0, new Date('2026-11-21T10:00Z'), 'newest-first');
    expect(suffixes(newest)).toEqual(['20261121', '20261120', '20261119']);
  });

  it('lists periods with periodsBetween', () => {
    expect(resolver.periodsBetween('Logs', '2026-11-17', '2026-11-18')).toEqual([
      { table: 'production.Logs.20261116', start: at('2026-11-16'), end: at('2026-11-23') },
    ]);
  });

  it('returns copies, so that changing one does not change later answers', () => {
    const now = at('2026-11-21T09:00');
    const [period] = resolver.periodsBetween('Events', now, now + 1);
    Object.assign(period!, { table: 'production.Logs.20261116' });
    expect(resolver.tableFor('Events', now)).toBe('production.Events.20261121');
  });
});

describe('retention', () => {
  it.each<[Group, number, number]>([
    ['Events', at('2026-11-19'), at('2026-11-23')],
    ['Ahead', at('2026-11-21'), at('2026-11-24')],
    ['Archive', -Infinity, at('2026-11-23')],
    ['Users', -Infinity, Infinity],
  ])('covers retained and upcoming periods of %s', (group, from, to) => {
    expect(resolver.retention(group)).toEqual({ from, to });
  });

  it('moves at midnight', () => {
    const before = now;
    now = at('2026-11-22');
    expect(resolver.retention('Events')).toEqual({ from: at('2026-11-20'), to: at('2026-11-24') });
    now -= 1;
    expect(resolver.retention('Events')).toEqual({ from: at('2026-11-19'), to: at('2026-11-23') });
    now = before;
  });

  it('of an earlier scheme moves back with the clock, also within a period of the present one', () => {
    let clock = at('2027-01-01');
    const changed = createResolver({
      environment: 'production',
      now: () => clock,
      tables: [
        {
          TableName: 'Events',
          RotationScheme: 'yearly',
          Previously: [{ RotationScheme: 'daily', PurgeRotation: 14, Until: '2026-01-01' }],
        },
      ],
    });
    expect(changed.locate('Events', '2025-12-25').status).toBe('expired');
    clock = at('2026-01-02');
    expect(changed.tableFor('Events', '2025-12-25')).toBe('production.Events.20251225');
    changed.current('Events', '2026-06-01');
    expect(changed.tableFor('Events', '2025-12-25')).toBe('production.Events.20251225');
  });

  it('limits tableFor', () => {
    expect(resolver.tableFor('Events', '2026-11-19')).toBe('production.Events.20261119');
    expect(resolver.tableFor('Events', '2026-11-22T23:59:59.999')).toBe('production.Events.20261122');
    expect(resolver.tableFor('Archive', '1999-12-31')).toBe('production.Archive.19991231');
    expect(resolver.tableFor('Users', '2999-12-31')).toBe('production.Users');
  });

  it.each<[Group, string, string, string]>([
    ['Events', '2026-11-18T23:59:59.999', '20261118', '20261119'],
    ['Events', '2026-11-23', '20261123', '20261122'],
    ['Archive', '2026-11-23', '20261123', '20261122'],
  ])(
    'names the table and the nearest one if it does not include it: %s %s',
    (group, instant, table, nearest) => {
      const name = (date: string) => `production.${group}.${date}`;
      expect(() => resolver.tableFor(group, instant)).toThrow(
        `Invalid table outside retention: ${name(table)}. Valid: ${name(nearest)}.`,
      );
    },
  );

  it.each([
    ['2026-11-18', '20261118', 'expired'],
    ['2026-11-19', '20261119', 'retained'],
    ['2026-11-21T23:59', '20261121', 'retained'],
    ['2026-11-22', '20261122', 'upcoming'],
    ['2026-11-23', '20261123', 'future'],
  ])('gives the status of the table of %s', (day, suffix, status) => {
    const start = at(day.slice(0, 10));
    const table = `production.Events.${suffix}`;
    expect(resolver.locate('Events', day)).toEqual({ table, start, end: start + 86_400_000, status });
  });
});

describe('schemes that do not begin together', () => {
  it.each<[RotationScheme, RotationScheme]>([
    ['daily', 'monthly'],
    ['daily', 'weekly'],
    ['weekly', 'monthly'],
    ['monthly', 'weekly'],
    ['hourly', 'daily'],
    ['daily', 'yearly'],
  ])('still have periods that contain an instant, so that every range ends: %s, then %s', (...schemes) => {
    const [earlier, RotationScheme] = schemes;
    const Previously = [{ RotationScheme: earlier as 'daily', Until: '2026-06-10T06:30' }];
    const { locate, periodsBetween } = createResolver({
      environment: 'production',
      now: () => at('2027-07-21'),
      tables: [{ TableName: 'Events', RotationScheme, Previously }],
    });
    const instants = Array.from({ length: 300 }, (_, index) => at('2026-05-31') + index * 2 * HOUR);
    for (const instant of [...instants, ...instants.toReversed()]) {
      const { start, end } = locate('Events', instant);
      expect([new Date(instant), start <= instant, instant < end]).toEqual([new Date(instant), true, true]);
    }
    expect(periodsBetween('Events', '2026-05-25', '2026-06-25').length).toBeLessThan(500);
  });
});
