import { describe, expect, it } from 'vitest';
import { createResolver, ResolverError } from '../../src/resolver.ts';
import { at } from '../support/specs.ts';

const resolver = createResolver({
  environment: 'production',
  tables: [
    { TableName: 'Events', RotationScheme: 'daily', PurgeRotation: '14' },
    { TableName: 'Logs', RotationScheme: 'weekly' },
    { TableName: 'Clicks', RotationScheme: 'hourly' },
    { TableName: 'Users', RotationScheme: 'none', PurgeRotation: -1 },
  ],
});
const MIDNIGHT = at('2026-11-22');

describe('the resolver', () => {
  it('knows the current table, to the millisecond', () => {
    expect(resolver.current('Events', MIDNIGHT - 1)).toBe('production.Events.20261121');
    expect(resolver.current('Events', MIDNIGHT)).toBe('production.Events.20261122');
    expect(resolver.current('Users', MIDNIGHT)).toBe('production.Users');
  });

  it('takes the wall clock where nobody says when', () => {
    expect(resolver.current('Users')).toBe('production.Users');
    expect(resolver.current('Events')).toMatch(/^production\.Events\.\d{8}$/);
  });

  it('knows the next table, of a single one itself', () => {
    expect(resolver.next('Events', MIDNIGHT - 1)).toBe('production.Events.20261122');
    expect(resolver.next('Logs', MIDNIGHT)).toBe('production.Logs.20261123');
    expect(resolver.next('Users', MIDNIGHT)).toBe('production.Users');
  });

  it.each([
    ['a Date', new Date(MIDNIGHT)],
    ['milliseconds', MIDNIGHT],
    ['ISO', '2026-11-22T00:00:00.000Z'],
    ['ISO without a zone, which is UTC', '2026-11-22T00:00'],
    ['a day', '2026-11-22'],
    ['ISO in another zone', '2026-11-22T02:00:00+02:00'],
  ])('takes %s', (_, instant) => {
    expect(resolver.tableFor('Events', instant)).toBe('production.Events.20261122');
  });

  it.each([
    ['epoch seconds', MIDNIGHT / 1000],
    ['words', 'yesterday'],
    ['a day that does not exist', '2026-02-30'],
    ['an invalid Date', new Date('never')],
    ['no number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['more than a Date can say', 9e15],
    ['nothing', null as unknown as string],
    ['undefined', undefined as unknown as string],
    ['an empty string', ''],
  ])('refuses %s', (_, instant) => {
    expect(() => resolver.tableFor('Events', instant)).toThrow(ResolverError);
  });

  it('says which groups there are', () => {
    expect(() => resolver.current('Nobody' as 'Events')).toThrow(
      'There is no group "Nobody"; known are: Events, Logs, Clicks, Users.',
    );
    expect(() => resolver.current('toString' as 'Events')).toThrow(ResolverError);
  });
});

describe('the tables between two instants', () => {
  const between = (from: string, to: string, group: 'Events' | 'Logs' | 'Clicks' | 'Users' = 'Events') =>
    resolver.tablesBetween(group, from, to).map((name) => name.replace(/^production\.\w+\.?/, ''));

  it.each<[string, string, string, string[]]>([
    ['the end is not in it', '2026-11-20', '2026-11-22', ['20261120', '20261121']],
    ['a touched period is', '2026-11-20T23:59', '2026-11-22T00:01', ['20261120', '20261121', '20261122']],
    ['inside one', '2026-11-20T08:00', '2026-11-20T09:00', ['20261120']],
    ['over a leap day', '2024-02-28', '2024-03-01', ['20240228', '20240229']],
    ['nothing between an instant and itself', '2026-11-20T08:00', '2026-11-20T08:00', []],
    ['nothing backwards', '2026-11-20T09:00', '2026-11-20T08:00', []],
    ['nothing backwards over days', '2026-11-22', '2026-11-20', []],
  ])('%s: [%s, %s)', (_, from, to, expected) => {
    expect(between(from, to)).toEqual(expected);
  });

  it('are the one table of a scheme of none', () => {
    expect(between('2026-11-20', '2027-11-20', 'Users')).toEqual(['']);
    expect(between('2027-11-20', '2026-11-20', 'Users')).toEqual([]);
  });

  it('are hours for hourly, and Mondays for weekly', () => {
    expect(between('2026-11-20T22:30', '2026-11-21T00:30', 'Clicks')).toEqual([
      '2026112022',
      '2026112023',
      '2026112100',
    ]);
    expect(between('2026-12-31', '2027-01-05', 'Logs')).toEqual(['20261228', '20270104']);
  });
});
