import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/cli/failure.ts';
import { periodOption, specNamed } from '../../src/cli/group.ts';
import { tableName } from '../../src/core/calendar/naming.ts';
import type { Spec } from '../../src/core/spec.ts';
import { configOf, specOf } from '../support/specs.ts';

describe('periodOption', () => {
  test.each<[Spec['scheme'], string, string]>([
    ['daily', '20251121', '20251121'],
    ['daily', '2025-11-21', '20251121'],
    ['daily', '2025-11-21T23:59:59Z', '20251121'],
    ['hourly', '2025112107', '2025112107'],
    ['hourly', '2025-11-21T07:30', '2025112107'],
    ['weekly', '20251117', '20251117'],
    ['weekly', '2025-11-21', '20251117'],
    ['monthly', '20251101', '20251101'],
    ['yearly', '2025-06-01', '20250101'],
  ])('for a %s group, reads %s as %s', (scheme, text, date) => {
    const spec = specOf({ scheme });
    expect(tableName(spec, periodOption('--period', spec, text))).toBe(`production.Events.${date}`);
  });

  test.each<[Spec['scheme'], string, string]>([
    [
      'daily',
      '20251131',
      '--period "20251131" is not a valid period. Use the date in the table name, such as 20261121, or a date such as 2026-11-21.',
    ],
    ['daily', '20251121.backup', '--period "20251121.backup" is not a valid period.'],
    ['daily', '', '--period "" is not a valid period.'],
    ['daily', '1', '--period "1" is not a valid period.'],
    [
      'weekly',
      '20251121',
      '--period "20251121": no weekly period starts then. 2025-11-21 00:00 UTC is in period 20251117.',
    ],
    ['hourly', '20251121', 'no hourly period starts then. 2025-11-21 00:00 UTC is in period 2025112100.'],
    ['daily', '2025112107', 'no daily period starts then. 2025-11-21 07:00 UTC is in period 20251121.'],
    ['none', '20251121', 'Events does not rotate and has one table. Omit the option.'],
  ])('for a %s group, rejects %s', (scheme, text, message) => {
    const spec = specOf({ scheme });
    expect(() => periodOption('--period', spec, text)).toThrow(UsageError);
    expect(() => periodOption('--period', spec, text)).toThrow(message);
  });
});

it('specNamed rejects an unknown group and lists the known groups', () => {
  const config = configOf([specOf(), specOf({ name: 'Users' })]);
  expect(specNamed(config, 'Users').name).toBe('Users');
  expect(() => specNamed(config, 'User')).toThrow('Unknown group "User". Known groups: Events, Users.');
  expect(() => specNamed(configOf([]), 'a\u001bb')).toThrow('Unknown group "a\\u001bb". Known groups: none.');
});
