/**
 * The table names of the project that Turntable descends from. They come from its code: `npm run golden` does not write them,
 * and they must not be changed to make a test pass.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requiredTables, type Table, windowTables } from '../../src/core/fleet.ts';
import { plannedUnits } from '../../src/core/rotating/planned.ts';
import type { Spec } from '../../src/core/spec.ts';
import { at, DAY, HOUR, specOf } from '../support/specs.ts';

interface Golden {
  readonly specs: Record<string, { RotationScheme: Spec['scheme']; PurgeRotation: string }>;
  readonly dates: Record<string, Record<string, [name: string, writes: number][]>>;
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../fixtures/golden/mollom-names.json', import.meta.url), 'utf8'),
);

const instantsOf = (date: string): [string, number][] => [
  [`${date}, its midnight`, at(date)],
  [`${date}, a millisecond later`, at(date) + 1],
  [`${date}, noon`, at(date) + 12 * HOUR],
  [`${date}, 23:00`, at(date) + 23 * HOUR],
  [`${date}, its last millisecond`, at(date) + DAY - 1],
];

function goldenSpec(name: string): Spec {
  const { RotationScheme: scheme, PurgeRotation: purge } = golden.specs[name]!;
  return specOf({ name, scheme, keep: purge === '-1' ? Infinity : Number(purge) });
}

const listed = (tables: readonly Table[], now: number): [string, number][] =>
  tables.map(({ name, spec, period }) => [name, plannedUnits(spec, spec.resources[0]!, period, now).write]);

describe.each(Object.entries(golden.dates))('the tables of the predecessor on %s', (date, groups) => {
  describe.each(instantsOf(date))('%s', (_, now) => {
    it.each(Object.keys(golden.specs))('have the same names and write capacities: %s', (group) => {
      const expected = groups[group]!;
      const spec = goldenSpec(group);
      const window = listed(windowTables(spec, now), now);
      if (spec.keep === Infinity) expect(window).toEqual(expected.slice(-window.length));
      else expect(window).toEqual(expected);
      expect(window.length).toBe(expected.length === 1 ? 1 : Math.max(2, window.length));
    });

    it.each(Object.keys(golden.specs))(
      'are created by rotate if they are current or upcoming: %s',
      (group) => {
        const expected = groups[group]!;
        const required = listed(requiredTables(goldenSpec(group), now), now);
        expect(required).toEqual(expected.length === 1 ? expected : expected.slice(-2));
      },
    );
  });
});

it('requires as many of the predecessor’s tables as the spec backfills if nothing is purged', () => {
  const spec: Spec = { ...goldenSpec('daily-nopurge'), backfill: 3 };
  const now = at('2026-11-21T06:00');
  expect(listed(windowTables(spec, now), now)).toEqual(golden.dates['2026-11-21']!['daily-nopurge']);
});
