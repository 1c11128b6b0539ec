import { NumberValue } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TableRequest, within } from '../../src/client/request.ts';
import { highest, instantOf, lowest } from '../../src/client/timestamps.ts';
import type { RotatingOptions, Unit } from '../../src/client/types.ts';
import { at } from '../support/specs.ts';

const NOON = at('2026-11-21T12:00');
const instants = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) });
const written: Readonly<Record<Unit, (ms: number) => number | string>> = {
  milliseconds: (ms) => ms,
  seconds: (ms) => ms / 1000,
  iso: (ms) => new Date(ms).toISOString(),
};
const units = ['milliseconds', 'seconds', 'iso'] as const;

describe.each(units)('a timestamp in %s', (unit) => {
  it('is inside the condition if and only if its instant is in [from, to)', () => {
    fc.assert(
      fc.property(instants, instants, fc.integer({ min: -2, max: 2 }), (from, to, near) => {
        for (const ms of [from + near, to + near, Math.floor((from + to) / 2)]) {
          const value = written[unit](ms);
          expect(value >= lowest(unit, from) && value <= highest(unit, to)).toBe(ms >= from && ms < to);
        }
      }),
    );
  });

  it('converts to an instant', () => {
    const value = written[unit](NOON);
    const instant = instantOf({ attribute: 'T', unit }, value);
    expect(new Date(instant!).getTime()).toBe(NOON);
    expect(instantOf({ attribute: 'T', unit }, undefined)).toBeUndefined();
  });
});

describe('a timestamp', () => {
  it.each<[Unit, unknown, string]>([
    ['seconds', NOON, `"T" must be a number of seconds, not ${NOON}.`],
    ['seconds', '1795262400', '"T" must be a number of seconds, not "1795262400".'],
    ['milliseconds', '2026-11-21', '"T" must be a number of milliseconds, not "2026-11-21".'],
    [
      'iso',
      NOON,
      `"T" must be a string such as 2026-11-21T09:00:00.000Z, not ${NOON}. Use the form of Date.toISOString`,
    ],
    ['iso', null, ', not null.'],
    ['iso', '2026-11-21', 'only one form sorts by time'],
    ['iso', '2026-11-21T12:00:00Z', 'only one form sorts by time'],
    ['iso', '2026-11-21T12:00:00.000+01:00', 'only one form sorts by time'],
    ['iso', '2026-11-21T12:00:00.000000Z', 'only one form sorts by time'],
    ['milliseconds', null, ', not null.'],
    ['milliseconds', new Date(NOON), 'must be a number of milliseconds'],
  ])('in %s rejects %s', (unit, value, message) => {
    expect(() => instantOf({ attribute: 'T', unit }, value)).toThrow(message);
  });

  it.each([NOON, BigInt(NOON), NumberValue.from(String(NOON))])('accepts any type of number', (value) => {
    expect(instantOf({ attribute: 'T', unit: 'milliseconds' }, value)).toBe(NOON);
  });

  it('sorts ISO 8601 without milliseconds correctly around a whole second', () => {
    expect('2026-11-21T12:00:00Z' >= lowest('iso', NOON)).toBe(true);
    expect('2026-11-21T11:59:59Z' >= lowest('iso', NOON)).toBe(false);
    expect('2026-11-21T12:00:00Z' <= highest('iso', NOON)).toBe(false);
    expect('2026-11-21T11:59:59Z' <= highest('iso', NOON)).toBe(true);
  });
});

describe('the condition of a range', () => {
  const options = {
    key: ['Key', 'At'],
    indexes: { ByKind: ['Kind'] },
    timestamp: { attribute: 'At', unit: 'milliseconds' },
  } as unknown as RotatingOptions;
  const request = { KeyConditionExpression: '#k = :k', FilterExpression: 'a = :a OR b = :b' };

  describe('on an index that does not contain the timestamp', () => {
    const projecting = (projections: RotatingOptions['projections'], more: Partial<RotatingOptions> = {}) => {
      const hashOnly = { ...options, key: ['Key'], projections, ...more };
      return (kind: 'query' | 'scan', Select?: 'ALL_ATTRIBUTES') =>
        within(kind, hashOnly, { ...request, IndexName: 'ByKind', Select }, { from: NOON, to: undefined });
    };

    it.each(['query', 'scan'] as const)('is rejected, because it would find nothing: %s', (kind) => {
      for (const projections of [{ ByKind: [] }, { ByKind: ['Other'] }])
        expect(() => projecting(projections)(kind)).toThrow(
          'The index "ByKind" does not project "At", so a range finds nothing in it.',
        );
    });

    it('is accepted if the index contains it after all, or might', () => {
      for (const read of [
        projecting(undefined),
        projecting({}),
        projecting({ ByKind: ['At'] }),
        projecting({ ByKind: [] }, { key: ['Key', 'At'] }),
        projecting({ ByKind: [] }, { indexes: { ByKind: ['Key', 'Kind'] } }),
      ])
        expect(read('query').FilterExpression).toContain('#turntable_at >=');
      expect(projecting({ ByKind: [] })('query', 'ALL_ATTRIBUTES').FilterExpression).toContain(
        '#turntable_at',
      );
    });
  });

  it.each([
    [
      'query',
      {},
      'KeyConditionExpression',
      '#k = :k AND #turntable_at BETWEEN :turntable_from AND :turntable_to',
    ],
    [
      'query',
      { IndexName: 'ByKind' },
      'FilterExpression',
      '(a = :a OR b = :b) AND #turntable_at BETWEEN :turntable_from AND :turntable_to',
    ],
    [
      'scan',
      {},
      'FilterExpression',
      '(a = :a OR b = :b) AND #turntable_at BETWEEN :turntable_from AND :turntable_to',
    ],
  ] as const)('of a %s %j is part of its %s', (kind, more, place, expected) => {
    const bounded = within(kind, options, { ...request, ...more }, { from: NOON, to: NOON + 1 });
    expect(bounded[place]).toBe(expected);
    expect(bounded).toMatchObject({ ExpressionAttributeNames: { '#turntable_at': 'At' } });
  });

  it('can be open on either side or both', () => {
    const open = { from: undefined, to: undefined };
    expect(within('scan', options, {}, open)).toEqual({});
    expect(within<TableRequest>('scan', options, {}, { ...open, from: NOON }).FilterExpression).toBe(
      '#turntable_at >= :turntable_from',
    );
    expect(within<TableRequest>('scan', options, {}, { ...open, to: NOON }).FilterExpression).toBe(
      '#turntable_at <= :turntable_to',
    );
  });
});
