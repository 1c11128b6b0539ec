import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/core/calendar/instant.ts';
import type { RotationScheme } from '../../src/core/calendar/period.ts';
import { membersOf, requiredTables, windowTables } from '../../src/core/fleet.ts';
import { phaseOf } from '../../src/core/phase.ts';
import { createResolver } from '../../src/index.ts';
import { configOf, DAY, HOUR, specOf } from '../support/specs.ts';

const schemes: readonly RotationScheme[] = ['none', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'];

const instant = fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2199, 0) });
const world = fc.record({
  scheme: fc.constantFrom(...schemes),
  keep: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(Infinity)),
  periodsAhead: fc.integer({ min: 1, max: 3 }),
  now: instant,
});

/** The same group for the planner and for an application. */
function bothOf({ scheme, keep, periodsAhead, now }: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const none = scheme === 'none';
  const base = specOf({ name: 'Events', scheme, keep: none ? Infinity : keep });
  const spec = { ...base, settings: { ...base.settings, periodsAhead } };
  const PurgeRotation = String(keep === Infinity ? -1 : keep);
  const tables = [{ TableName: 'Events', RotationScheme: scheme, PurgeRotation, PeriodsAhead: periodsAhead }];
  return { spec, resolver: createResolver({ environment: 'production', tables, now: () => now }) };
}

describe('the resolver and the planner', () => {
  it('agree on the current and the next table', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { spec, resolver } = bothOf(drawn);
        const [current, next = current] = requiredTables(spec, drawn.now).map(({ name }) => name);
        expect(resolver.current('Events')).toBe(current);
        expect(resolver.next('Events')).toBe(next);
      }),
    );
  });

  it('agree on all tables that should exist', () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const { spec, resolver } = bothOf(drawn);
        const { from, to } = resolver.retention('Events');
        const window = windowTables(spec, drawn.now);
        const begin = Number.isFinite(from) ? from : Math.max(window[0]!.period.start, 0);
        const end = Number.isFinite(to) ? to : drawn.now + 1;
        expect(resolver.tablesBetween('Events', begin, end)).toEqual(window.map(({ name }) => name));
      }),
    );
  });

  it('agree on expired tables, and on the group of a table', () => {
    const agoDays = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(world, agoDays, (drawn, days) => {
        const { spec, resolver } = bothOf(drawn);
        const { table, start, end, status } = resolver.locate('Events', drawn.now - days * DAY);
        const members = membersOf(configOf([spec]), new Set([table]), drawn.now).get(spec);
        expect(members).toMatchObject([{ name: table, period: { start, end } }]);
        const expired = phaseOf(spec, { start, end }, drawn.now) === 'expired';
        // For the planner, a table expires after its drain window. For an application, it expires when its retention ends.
        if (end + HOUR <= drawn.now) expect(status === 'expired').toBe(expired);
      }),
    );
  });
});

describe('parseInstant', () => {
  it('agrees with Date.parse, but rejects dates that do not exist', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    const year = fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(0, 4, 99, 1900, 2000, 2100));
    const text = fc
      .record({
        date: fc
          .tuple(
            year.map((n) => String(n).padStart(4, '0')),
            two(13),
            two(32),
          )
          .map((all) => all.join('-')),
        time: fc.tuple(two(25), two(60), two(60)).map((all) => all.join(':')),
        fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,9}$/), fc.stringMatching(/^\.\d{3}$/)),
        zone: fc.oneof(
          fc.constant('Z'),
          fc.tuple(fc.constantFrom('+', '-'), two(24), two(60)).map(([s, h, m]) => `${s}${h}:${m}`),
        ),
      })
      .map(({ date, time, fraction, zone }) => ({ date, text: `${date}T${time}${fraction}${zone}` }));
    fc.assert(
      fc.property(text, ({ date, text }) => {
        const day = new Date(`${date}T00:00Z`);
        const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
        const expected = Date.parse(text);
        expect(parseInstant(text)).toBe(isDay && !Number.isNaN(expected) ? expected : undefined);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('parseInstant of a date', () => {
  it('agrees with Date on each day of four hundred years, and of the first and last century', () => {
    for (const [from, to] of [
      [0, 100],
      [1800, 2200],
      [9900, 9999],
    ] as const)
      for (let day = Date.parse(`${String(from).padStart(4, '0')}-01-01`); day < Date.UTC(to, 0); day += DAY)
        if (parseInstant(new Date(day).toISOString().slice(0, 10)) !== day) expect(new Date(day)).toBe(day);
  });
});

describe('periodsBetween', () => {
  const range = fc.tuple(world, fc.integer({ min: 0, max: 60 * DAY }), fc.integer({ min: 0, max: 60 * DAY }));

  it('covers each instant of a range by exactly one table', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0, max: 0.999, noNaN: true }), ([drawn, a, b], part) => {
        const { resolver } = bothOf(drawn);
        const [from, to] = [drawn.now - Math.max(a, b), drawn.now - Math.min(a, b)];
        const periods = resolver.periodsBetween('Events', from, to);
        const inside = from + Math.floor(part * (to - from));
        const holding = periods.filter(({ start, end }) => inside >= start && inside < end);
        const retained = inside < to && resolver.locate('Events', inside).status === 'retained';
        expect(holding.map(({ table }) => table)).toEqual(
          retained ? [resolver.tableFor('Events', inside)] : [],
        );
        for (const [i, period] of periods.entries())
          expect(period.start).toBe(i === 0 ? period.start : periods[i - 1]!.end);
      }),
    );
  });

  it('lists the same tables in either order', () => {
    fc.assert(
      fc.property(range, ([drawn, a, b]) => {
        const { resolver } = bothOf(drawn);
        const bounds = [drawn.now - Math.max(a, b), drawn.now - Math.min(a, b)] as const;
        const newest = resolver.tablesBetween('Events', ...bounds, 'newest-first');
        expect(newest.reverse()).toEqual(resolver.tablesBetween('Events', ...bounds));
      }),
    );
  });
});

it('adds at most 2,000 bytes to an application, minified and gzipped', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
  });
  expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThanOrEqual(2_000);
});
