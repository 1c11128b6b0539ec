import { describe, expect, test } from 'vitest';
import { cut, formatPath, listed, quote } from '../../src/config/quote.ts';
import { tables } from '../../src/config/schema.ts';
import { suggest } from '../../src/config/suggest.ts';

const keys = Object.keys(tables.definitions?.Properties?.properties ?? {});

describe('suggest', () => {
  test.each([
    ['TimeToLiveSpecification', 'TimeToLive'],
    ['timetolive', 'TimeToLive'],
    ['TableTags', 'Tags'],
    ['PointInTimeRecovery', 'PointInTimeRecoverySpecification'],
    ['ProvisionedThrougput', 'ProvisionedThroughput'],
    ['OutdatedThroughput', 'OutdatedTableProvisionedThroughput'],
    ['KeyShcema', 'KeySchema'],
    ['LocalIndexes', 'LocalSecondaryIndexes'],
    ['Encryption', undefined],
    ['Throughput', undefined],
    ['', undefined],
    ['x'.repeat(10_000), undefined],
  ])('suggests for the key %s: %s', (word, meant) => expect(suggest(word, keys)).toBe(meant));

  test.each([
    ['dialy', 'daily'],
    ['Monthly', 'monthly'],
    ['week', 'weekly'],
    ['annual', undefined],
  ])('suggests for the value %s: %s', (word, meant) => {
    expect(suggest(word, ['none', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'])).toBe(meant);
  });
});

describe('quoted text', () => {
  test('shows characters that a terminal would act on or hide', () => {
    expect(quote('a\u001b[31m\u0007\u202e\u200b\u2028\ud800\udb40\udc01b')).toBe(
      '"a\\u001b[31m\\u0007\\u202e\\u200b\\u2028\\ud800\\u{e0001}b"',
    );
  });

  test('is truncated between characters', () => {
    expect(quote('🎉'.repeat(100))).toBe(`"${'🎉'.repeat(60)}…"`);
    expect(cut('x'.repeat(60))).toBe('x'.repeat(60));
  });

  test('is joined into a list', () => {
    expect(listed(['a'], 'or')).toBe('"a"');
    expect(listed(['a', 'b', 'c'], 'or')).toBe('"a", "b" or "c"');
  });

  test('is part of a path', () => {
    expect(formatPath(['Tables', 0, 'Properties', 'Every.thing', 'feature-x', '__proto__'])).toBe(
      'Tables[0].Properties["Every.thing"].feature-x.__proto__',
    );
    expect(formatPath([3, 'Tags', 0])).toBe('[3].Tags[0]');
    expect(formatPath([])).toBe('');
  });
});
