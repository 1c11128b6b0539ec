import { describe, expect, it } from 'vitest';
import { type Group, parseTableName, stateTableName, tableName } from '../../src/core/calendar/naming.ts';
import { periodAt, type RotationScheme } from '../../src/core/calendar/period.ts';
import { at } from '../support/specs.ts';

const group = (scheme: RotationScheme, name = 'X', environment = 'production'): Group => ({
  environment,
  name,
  scheme,
});

describe('a table’s name', () => {
  it.each<[RotationScheme, string]>([
    ['none', 'production.X'],
    ['hourly', 'production.X.2026112106'],
    ['daily', 'production.X.20261121'],
    ['weekly', 'production.X.20261116'],
    ['monthly', 'production.X.20261101'],
    ['yearly', 'production.X.20260101'],
  ])('has the start of its period: %s, %s', (scheme, name) => {
    const period = periodAt(scheme, at('2026-11-21T06:30'));
    expect(tableName(group(scheme), period)).toBe(name);
    expect(parseTableName(group(scheme), name)).toEqual(period);
  });

  it('can have dots and digits in the group’s name', () => {
    const odd = group('monthly', 'logs.20250101', 'production');
    expect(parseTableName(odd, 'production.logs.20250101.20261101')?.start).toBe(at('2026-11-01'));
    expect(parseTableName(odd, 'production.logs.20250101')).toBeUndefined();
  });
});

describe('a name that resembles a table’s', () => {
  it.each<[string, RotationScheme, string]>([
    ['another environment with the same end', 'monthly', 'pre-production.X.20261101'],
    ['another environment with the same start', 'monthly', 'production2.X.20261101'],
    ['something before', 'monthly', 'my.production.X.20261101'],
    ['something after', 'monthly', 'production.X.20261101.backup'],
    ['a copy', 'monthly', 'production.X.20261101-copy'],
    ['a group with the same start', 'monthly', 'production.X2.20261101'],
    ['a group with the same end', 'monthly', 'production.aX.20261101'],
    ['lower case', 'monthly', 'production.x.20261101'],
    ['no date', 'monthly', 'production.X'],
    ['an empty date', 'monthly', 'production.X.'],
    ['dashes in the date', 'daily', 'production.X.2026-11-01'],
    ['the second of a month for monthly', 'monthly', 'production.X.20261102'],
    ['a Tuesday for weekly', 'weekly', 'production.X.20261117'],
    ['a Sunday for weekly', 'weekly', 'production.X.20261122'],
    ['a month for yearly', 'yearly', 'production.X.20260201'],
    ['an hour for daily', 'daily', 'production.X.2026112100'],
    ['a day for hourly', 'hourly', 'production.X.20261121'],
    ['hour 24 for hourly', 'hourly', 'production.X.2026112124'],
    ['a day that does not exist', 'daily', 'production.X.20260230'],
    ['the 29th of February in a common year', 'daily', 'production.X.20230229'],
    ['the 29th of February in 2100', 'daily', 'production.X.21000229'],
    ['month 13', 'monthly', 'production.X.20261301'],
    ['month 0', 'monthly', 'production.X.20260001'],
    ['day 0', 'daily', 'production.X.20261100'],
    ['seven digits', 'daily', 'production.X.2026111'],
    ['nine digits', 'daily', 'production.X.202611010'],
    ['a line break', 'daily', 'production.X.20261121\n'],
    ['digits of another script', 'daily', 'production.X.٢٠٢٦١١٢١'],
    ['a date for none', 'none', 'production.X.20261121'],
    ['a dot for none', 'none', 'production.X.'],
    ['nothing at all', 'daily', ''],
  ])('is rejected: %s (%s): %j', (_, scheme, name) => {
    expect(parseTableName(group(scheme), name)).toBeUndefined();
  });
});

it('accepts the leap day for daily, and a Monday for weekly', () => {
  expect(parseTableName(group('daily'), 'production.X.20240229')?.start).toBe(at('2024-02-29'));
  expect(parseTableName(group('weekly'), 'production.X.20261116')?.end).toBe(at('2026-11-23'));
});

it('names the state table like no table of a period', () => {
  expect(stateTableName('production')).toBe('production.turntable');
});
