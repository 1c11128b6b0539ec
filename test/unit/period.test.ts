import { describe, expect, it } from 'vitest';
import { periodAt, type RotationScheme, shift } from '../../src/core/calendar/period.ts';
import { at } from '../support/specs.ts';

const say = (instant: number): string =>
  Number.isFinite(instant) ? new Date(instant).toISOString().slice(0, 16) : String(instant);

describe('a period', () => {
  it.each<[RotationScheme, string, string, string]>([
    ['hourly', '2026-11-21T06:59:59.999', '2026-11-21T06:00', '2026-11-21T07:00'],
    ['hourly', '2026-12-31T23:00', '2026-12-31T23:00', '2027-01-01T00:00'],
    ['daily', '2026-11-21T23:59:59.999', '2026-11-21T00:00', '2026-11-22T00:00'],
    ['daily', '2024-02-29T12:00', '2024-02-29T00:00', '2024-03-01T00:00'],
    ['daily', '2100-02-28T12:00', '2100-02-28T00:00', '2100-03-01T00:00'],
    ['weekly', '2026-11-22T23:59:59.999', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['weekly', '2026-11-23T00:00', '2026-11-23T00:00', '2026-11-30T00:00'],
    ['weekly', '2027-01-01T00:00', '2026-12-28T00:00', '2027-01-04T00:00'],
    ['weekly', '1970-01-01T00:00', '1969-12-29T00:00', '1970-01-05T00:00'],
    ['monthly', '2026-12-31T23:59:59.999', '2026-12-01T00:00', '2027-01-01T00:00'],
    ['monthly', '2024-02-29T00:00', '2024-02-01T00:00', '2024-03-01T00:00'],
    ['yearly', '2028-12-31T23:59:59.999', '2028-01-01T00:00', '2029-01-01T00:00'],
    ['none', '2026-11-21T06:00', '-Infinity', 'Infinity'],
  ])('of %s at %s is [%s, %s)', (scheme, instant, start, end) => {
    const period = periodAt(scheme, at(instant));
    expect([say(period.start), say(period.end)]).toEqual([start, end]);
  });

  it.each<[RotationScheme, string, number, string]>([
    ['hourly', '2026-03-01T00:30', -1, '2026-02-28T23:00'],
    ['daily', '2024-03-01', -1, '2024-02-29T00:00'],
    ['daily', '2023-03-01', -1, '2023-02-28T00:00'],
    ['weekly', '2026-11-21', 1, '2026-11-23T00:00'],
    ['weekly', '2027-01-02', -52, '2025-12-29T00:00'],
    ['monthly', '2026-01-31', 1, '2026-02-01T00:00'],
    ['monthly', '2026-01-31', -1, '2025-12-01T00:00'],
    ['monthly', '2026-11-21', 14, '2028-01-01T00:00'],
    ['yearly', '2026-11-21', -26, '2000-01-01T00:00'],
    ['none', '2026-11-21', 5, '-Infinity'],
  ])('of %s at %s, shifted by %i, starts at %s', (scheme, instant, count, start) => {
    expect(say(shift(scheme, at(instant), count).start)).toBe(start);
  });

  it('is half-open: its end belongs to the next period', () => {
    const today = periodAt('daily', at('2026-11-21T12:00'));
    expect(periodAt('daily', today.end - 1)).toEqual(today);
    expect(periodAt('daily', today.end).start).toBe(today.end);
  });
});
