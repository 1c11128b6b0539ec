/** Which change of a retention the messages name. */
import { expect, it } from 'vitest';
import type { Retention } from '../../src/core/facts.ts';
import { sayChange } from '../../src/core/purging/retention-words.ts';
import { at, specOf } from '../support/specs.ts';

const until = at('2026-12-07');
const daily = (keep: number): Retention => ({ scheme: 'daily', keep, previously: [] });

it.each<[string, Retention, string]>([
  [
    'the retention of the earlier scheme if the scheme changed too',
    daily(14),
    'PurgeRotation of tables before 2026-12-07 00:00 UTC changed from 14 to 5',
  ],
  [
    'the retention of the present scheme if only the scheme changed',
    daily(5),
    'PurgeRotation changed from 5 (daily) to 4 (weekly)',
  ],
])('names %s', (_, before, expected) => {
  const spec = specOf({ scheme: 'weekly', keep: 4, previously: [{ scheme: 'daily', keep: 5, until }] });
  expect(sayChange(before, spec)).toBe(expected);
});

const weekly = (keep: number, before: number, end = until): Retention => ({
  scheme: 'weekly',
  keep,
  previously: [{ scheme: 'daily', keep: before, until: end }],
});

it.each<[string, Retention, Retention, string]>([
  ['a retention of all tables as -1', daily(Infinity), daily(4), 'PurgeRotation changed from -1 to 4'],
  [
    'the earlier scheme if only its retention changed',
    weekly(5, 9),
    weekly(5, 5),
    'PurgeRotation of tables before 2026-12-07 00:00 UTC changed from 9 to 5',
  ],
  [
    'Previously if only the time of the change differs',
    weekly(5, 9, at('2026-12-14')),
    weekly(5, 9),
    'Previously changed',
  ],
])('names %s', (_, before, after, expected) => {
  expect(sayChange(before, specOf(after as Parameters<typeof specOf>[0]))).toBe(expected);
});
