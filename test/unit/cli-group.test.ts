import { describe, expect, it, test } from 'vitest';
import { UsageError } from '../../src/cli/failure.ts';
import { periodOption, specNamed } from '../../src/cli/group.ts';
import { tableName } from '../../src/core/calendar/naming.ts';
import type { Spec } from '../../src/core/spec.ts';
import { configOf, specOf } from '../support/specs.ts';

describe('a period on the command line', () => {
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
  ])('of a %s group, %s, is %s', (scheme, text, date) => {
    const spec = specOf({ scheme });
    expect(tableName(spec, periodOption('--period', spec, text))).toBe(`production.Events.${date}`);
  });

  test.each<[Spec['scheme'], string, string]>([
    [
      'daily',
      '20251131',
      '--period "20251131" is no period. Say it as in the table\'s name, or as 2026-11-21.',
    ],
    ['daily', '20251121.backup', '--period "20251121.backup" is no period.'],
    ['daily', '', '--period "" is no period.'],
    ['daily', '1', '--period "1" is no period.'],
    [
      'weekly',
      '20251121',
      '--period "20251121": no weekly period begins then. 2025-11-21 00:00 UTC lies in 20251117.',
    ],
    ['hourly', '20251121', 'no hourly period begins then. 2025-11-21 00:00 UTC lies in 2025112100.'],
    ['daily', '2025112107', 'no daily period begins then. 2025-11-21 07:00 UTC lies in 20251121.'],
    ['none', '20251121', 'Events does not rotate, and has one table.'],
  ])('of a %s group is not %s', (scheme, text, message) => {
    const spec = specOf({ scheme });
    expect(() => periodOption('--period', spec, text)).toThrow(UsageError);
    expect(() => periodOption('--period', spec, text)).toThrow(message);
  });
});

it('a group that there is none of is refused with those that there are', () => {
  const config = configOf([specOf(), specOf({ name: 'Users' })]);
  expect(specNamed(config, 'Users').name).toBe('Users');
  expect(() => specNamed(config, 'User')).toThrow('There is no group "User"; known are: Events, Users.');
  expect(() => specNamed(configOf([]), 'a\u001bb')).toThrow(
    'There is no group "a\\u001bb"; known are: none.',
  );
});
