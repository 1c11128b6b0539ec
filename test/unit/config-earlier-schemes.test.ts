import { describe, expect, it } from 'vitest';
import { earlierSchemeRules } from '../../src/config/rules/earlier-schemes.ts';
import type { EarlierScheme, TableSpec } from '../../src/generated/tables.ts';

const entry = (RotationScheme: EarlierScheme['RotationScheme'], Until: string): EarlierScheme => ({
  RotationScheme,
  PurgeRotation: '14',
  Until,
});

const findings = (RotationScheme: TableSpec['RotationScheme'], ...Previously: EarlierScheme[]): string[] =>
  earlierSchemeRules
    .flatMap((rule) => rule.check({ TableName: 'Visits', RotationScheme, Previously } as TableSpec))
    .map(({ at, message }) => `${at.join('.')} ${message}`);

describe('Previously', () => {
  it.each<[string, TableSpec['RotationScheme'], EarlierScheme[]]>([
    ['a Monday between daily and weekly', 'weekly', [entry('daily', '2026-11-30')]],
    ['a time between hourly and daily', 'daily', [entry('hourly', '2026-11-30T00:00:00Z')]],
    ['the first of a month that is a Monday', 'monthly', [entry('weekly', '2027-02-01')]],
    ['another retention of the same scheme', 'hourly', [entry('hourly', '2026-11-30T09:00Z')]],
    [
      'several changes, oldest first',
      'monthly',
      [entry('hourly', '2026-11-29'), entry('daily', '2026-11-30'), entry('weekly', '2027-02-01')],
    ],
  ])('accepts %s', (_, scheme, previously) => {
    expect(findings(scheme, ...previously)).toEqual([]);
  });

  it.each<[string, TableSpec['RotationScheme'], EarlierScheme[], string[]]>([
    [
      'a Tuesday before weekly',
      'weekly',
      [entry('daily', '2026-12-01')],
      [
        'Previously.0.Until is "2026-12-01", but no weekly period begins then. Periods of both schemes begin at "2026-12-07".',
      ],
    ],
    [
      'a Monday after monthly',
      'weekly',
      [entry('monthly', '2026-11-30')],
      [
        'Previously.0.Until is "2026-11-30", but no monthly period begins then. Periods of both schemes begin at "2027-02-01".',
      ],
    ],
    [
      'a time within a day',
      'daily',
      [entry('hourly', '2026-11-30T09:30Z')],
      [
        'Previously.0.Until is "2026-11-30T09:30Z", but no hourly period and no daily period begins then. Periods of both schemes begin at "2026-12-01".',
      ],
    ],
    [
      'a day that does not exist',
      'weekly',
      [entry('daily', '2026-02-30')],
      ['Previously.0.Until is "2026-02-30", which is not a valid date.'],
    ],
    [
      'two ends in the wrong order',
      'weekly',
      [entry('daily', '2026-12-07'), entry('hourly', '2026-11-30')],
      [
        'Previously.1.Until is "2026-11-30", but must be after "2026-12-07", the end of the scheme before it. List the oldest scheme first.',
      ],
    ],
    [
      'none',
      'none',
      [entry('daily', '2026-11-30')],
      [
        'Previously is not allowed with RotationScheme "none", because its only table has no period. Use another TableName.',
      ],
    ],
  ])('rejects %s', (_, scheme, previously, expected) => {
    expect(findings(scheme, ...previously)).toEqual(expected);
  });
});
