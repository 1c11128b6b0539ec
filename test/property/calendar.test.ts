import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, parseTableName, tableName } from '../../src/core/calendar/naming.ts';
import { periodAt, type RotationScheme, shift } from '../../src/core/calendar/period.ts';
import { anInstant, aRotatingScheme, aScheme, rotating, schemes } from '../support/arbitrary.ts';
import { at, DAY, HOUR } from '../support/specs.ts';

const runs = { numRuns: 1_000 };
const group = (scheme: RotationScheme, name = 'Events', environment = 'production'): Group => ({
  environment,
  name,
  scheme,
});

describe('a calendar', () => {
  it('has exactly one period for any instant', () => {
    fc.assert(
      fc.property(aScheme, anInstant, (scheme, instant) => {
        const { start, end } = periodAt(scheme, instant);
        expect(start <= instant && instant < end).toBe(true);
        const neighbors = [-1, 1].map((count) => shift(scheme, instant, count));
        if (scheme !== 'none')
          for (const other of neighbors) expect(other.start <= instant && instant < other.end).toBe(false);
      }),
      runs,
    );
  });

  it('is the same for every instant of a period', () => {
    fc.assert(
      fc.property(
        aRotatingScheme,
        anInstant,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (scheme, instant, part) => {
          const period = periodAt(scheme, instant);
          const inside = period.start + Math.floor(part * (period.end - 1 - period.start));
          expect(periodAt(scheme, inside)).toEqual(period);
          expect(periodAt(scheme, period.end - 1)).toEqual(period);
          expect(periodAt(scheme, period.end)).not.toEqual(period);
        },
      ),
      runs,
    );
  });

  it('covers all time: every period starts when the one before ends', () => {
    fc.assert(
      fc.property(
        aRotatingScheme,
        anInstant,
        fc.integer({ min: -500, max: 500 }),
        (scheme, instant, count) => {
          expect(shift(scheme, instant, count).end).toBe(shift(scheme, instant, count + 1).start);
        },
      ),
      runs,
    );
  });

  it.each(rotating)('covers every year from 1970 to 2200 without gap or overlap: %s', (scheme) => {
    const end = at('2200-12-31');
    const step = scheme === 'hourly' ? 9_973 : 1;
    let period = periodAt(scheme, at('1970-01-01'));
    while (period.start < end) {
      const next = shift(scheme, period.start, step);
      if (step === 1) expect(next.start).toBe(period.end);
      if (next.start <= period.start) throw new Error(`Time stands still at ${period.start}`);
      period = next;
    }
  });

  it('adds shifts, and reverses them', () => {
    const count = fc.integer({ min: -300, max: 300 });
    fc.assert(
      fc.property(aScheme, anInstant, count, count, (scheme, instant, a, b) => {
        const once = shift(scheme, instant, a + b);
        const first = shift(scheme, instant, a);
        const from = scheme === 'none' ? instant : first.start;
        expect(shift(scheme, from, b)).toEqual(once);
        expect(shift(scheme, instant, 0)).toEqual(periodAt(scheme, instant));
      }),
      runs,
    );
  });

  it('starts periods on whole hours, days, Mondays, months and years, by the host’s calendar', () => {
    fc.assert(
      fc.property(anInstant, (instant) => {
        const start = (scheme: RotationScheme) => new Date(periodAt(scheme, instant).start);
        const host = new Date(instant);
        expect(start('hourly').toISOString()).toBe(`${host.toISOString().slice(0, 13)}:00:00.000Z`);
        expect(start('daily').toISOString().slice(0, 10)).toBe(host.toISOString().slice(0, 10));
        expect(start('weekly').getUTCDay()).toBe(1);
        expect(start('weekly').getTime() % DAY === 0).toBe(true);
        expect(start('monthly').toISOString()).toBe(`${host.toISOString().slice(0, 7)}-01T00:00:00.000Z`);
        expect(start('yearly').toISOString()).toBe(`${host.toISOString().slice(0, 4)}-01-01T00:00:00.000Z`);
      }),
      runs,
    );
  });

  it('has ISO weeks: the week of January 4 is the first of its year', () => {
    for (let year = 1970; year <= 2200; year += 1) {
      const first = periodAt('weekly', Date.UTC(year, 0, 4)).start;
      expect(new Date(first).getUTCDay()).toBe(1);
      expect(Math.abs(first - Date.UTC(year, 0, 1))).toBeLessThan(4 * DAY);
      const weeks = (periodAt('weekly', Date.UTC(year + 1, 0, 4)).start - first) / (7 * DAY);
      // A year has 53 weeks if it starts on a Thursday, or if it is a leap year and starts on a Wednesday.
      const begins = new Date(Date.UTC(year, 0, 1)).getUTCDay();
      const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
      expect(weeks).toBe(begins === 4 || (begins === 3 && leap) ? 53 : 52);
    }
  });

  it('has a February 29 in leap years only', () => {
    for (let year = 1970; year <= 2200; year += 1) {
      const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
      const name = `production.Events.${year}0229`;
      expect(parseTableName(group('daily'), name) !== undefined).toBe(leap);
      const february = periodAt('monthly', Date.UTC(year, 1, 10));
      expect((february.end - february.start) / DAY).toBe(leap ? 29 : 28);
      const whole = periodAt('yearly', Date.UTC(year, 5, 1));
      expect((whole.end - whole.start) / DAY).toBe(leap ? 366 : 365);
    }
  });

  it('starts a year at midnight UTC, for every scheme', () => {
    for (let year = 1971; year <= 2200; year += 1) {
      const turn = Date.UTC(year, 0, 1);
      for (const scheme of ['hourly', 'daily', 'monthly', 'yearly'] as const) {
        expect(periodAt(scheme, turn).start).toBe(turn);
        expect(periodAt(scheme, turn - 1).end).toBe(turn);
      }
    }
  });
});

describe('names', () => {
  it('round-trip', () => {
    fc.assert(
      fc.property(aScheme, anInstant, (scheme, instant) => {
        const period = periodAt(scheme, instant);
        expect(parseTableName(group(scheme), tableName(group(scheme), period))).toEqual(period);
      }),
      runs,
    );
  });

  it('sort by time, and differ', () => {
    fc.assert(
      fc.property(aRotatingScheme, anInstant, anInstant, (scheme, a, b) => {
        const [one, other] = [a, b].map((instant) => periodAt(scheme, instant));
        const names = [one!, other!].map((period) => tableName(group(scheme), period));
        expect(Math.sign(names[0]! < names[1]! ? -1 : names[0]! > names[1]! ? 1 : 0)).toBe(
          Math.sign(one!.start - other!.start),
        );
      }),
      runs,
    );
  });

  it('parse only to the period that they were created from', () => {
    const digits = fc.stringMatching(/^[0-9]{7,11}$/);
    const base = fc.constantFrom(
      'production.Events',
      'production.Events2',
      'pre-production.Events',
      'production.events',
      'Events',
    );
    fc.assert(
      fc.property(
        aScheme,
        base,
        digits,
        fc.constantFrom('', '.', '.backup', '0'),
        (scheme, before, date, after) => {
          const name = `${before}.${date}${after}`;
          const period = parseTableName(group(scheme), name);
          if (period) expect(tableName(group(scheme), period)).toBe(name);
          if (period) expect(before).toBe('production.Events');
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('differ between environments, names and schemes', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,6}$/);
    fc.assert(
      fc.property(
        aScheme,
        aScheme,
        part,
        part,
        part,
        part,
        anInstant,
        (scheme, other, env, env2, name, name2, instant) => {
          fc.pre(env !== env2 || name !== name2);
          const made = tableName(group(scheme, name, env), periodAt(scheme, instant));
          expect(parseTableName(group(other, name2, env2), made)).toBeUndefined();
        },
      ),
      runs,
    );
  });

  it('contain the start of the period', () => {
    fc.assert(
      fc.property(aRotatingScheme, anInstant, (scheme, instant) => {
        const period = periodAt(scheme, instant);
        const digits = tableName(group(scheme), period).split('.').at(-1)!;
        const iso = new Date(period.start).toISOString().replace(/\D/g, '');
        expect(iso.startsWith(digits)).toBe(true);
        expect(digits).toHaveLength(scheme === 'hourly' ? 10 : 8);
        if (scheme !== 'hourly') expect(period.start % DAY === 0).toBe(true);
        expect(period.start % HOUR === 0).toBe(true);
      }),
      runs,
    );
  });
});

it('covers every scheme', () => {
  expect(schemes).toHaveLength(6);
});
