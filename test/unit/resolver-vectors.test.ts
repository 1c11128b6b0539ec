import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };
import { createResolver } from '../../src/index.ts';

/** Ports to other languages run these vectors. Here, the original runs them. */
describe('the published test vectors', () => {
  it.each(vectors.names)('give $table for $scheme at $instant', (vector) => {
    const { environment, group, scheme, instant, table, next } = vector;
    const resolver = createResolver({
      environment,
      tables: [{ TableName: group, RotationScheme: scheme }],
      // A clock near the epoch is apparently in seconds.
      now: () => Math.max(Date.parse(instant), Date.parse('2000-01-01')),
    });
    const { start, end } = resolver.locate(group, instant);
    const time = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
    const found = { start: time(start), end: time(end), table: resolver.tableFor(group, instant) };
    expect(found).toEqual({ start: vector.start, end: vector.end, table });
    expect([resolver.current(group, instant), resolver.next(group, instant)]).toEqual([table, next]);
  });

  it('name the page and the section that explain them', () => {
    expect(vectors.about).toContain('the section Names of applications.md, beside this file');
    expect(readFileSync(join(import.meta.dirname, '../../docs/applications.md'), 'utf8')).toContain(
      '\n## Names\n',
    );
  });

  it('are given by a plain port, and by none with a common mistake', () => {
    const passes = (mistake?: Mistake) =>
      vectors.names.every((vector) => ported(vector, mistake) === vector.table);
    expect(passes()).toBe(true);
    const noticed = MISTAKES.filter((mistake) => !passes(mistake));
    expect(noticed).toEqual([...MISTAKES]);
  });

  it.each(vectors.ranges)('limit [$from, $to) of $scheme to a PurgeRotation of $purgeRotation', (vector) => {
    const { environment, group, scheme, purgeRotation, now, from, to, tables } = vector;
    const resolver = createResolver({
      environment,
      tables: [{ TableName: group, RotationScheme: scheme, PurgeRotation: purgeRotation }],
      now: () => Date.parse(now),
    });
    expect(resolver.tablesBetween(group, from, to)).toEqual(tables);
  });

  describe.each(vectors.changes)('of a $scheme group whose scheme changed', (vector) => {
    const { environment, group, scheme, purgeRotation, previously, names, ranges } = vector;
    const resolverAt = (now: string) =>
      createResolver({
        environment,
        now: () => Date.parse(now),
        tables: [
          {
            TableName: group,
            RotationScheme: scheme,
            PurgeRotation: purgeRotation,
            Previously: previously,
          },
        ],
      });

    it.each(names)('give $table at $instant', ({ instant, start, end, table, next }) => {
      const resolver = resolverAt(instant);
      const found = resolver.locate(group, instant);
      expect(found).toMatchObject({ start: Date.parse(start), end: Date.parse(end), table });
      expect([resolver.current(group), resolver.next(group)]).toEqual([table, next]);
    });

    it.each(ranges)('limit [$from, $to) to the retention at $now', ({ now, from, to, tables }) => {
      expect(resolverAt(now).tablesBetween(group, from, to)).toEqual(tables);
    });
  });
});

const MISTAKES = ['ISO week-year', 'truncation before 1970', 'year without zeros', 'offset ignored'] as const;
type Mistake = (typeof MISTAKES)[number];

/** A port of the names, as one would write it in another language, with at most one mistake. */
function ported({ environment, group, scheme, instant }: Named, mistake?: Mistake): string {
  if (scheme === 'none') return `${environment}.${group}`;
  const hour = 3_600_000;
  const ms = Date.parse(mistake === 'offset ignored' ? `${instant.slice(0, 19)}Z` : instant);
  const whole = mistake === 'truncation before 1970' ? Math.trunc : Math.floor;
  const days = whole(ms / (24 * hour));
  // 1970-01-05 was a Monday.
  const monday = whole((days - 4) / 7) * 7 + 4;
  const t = new Date(
    scheme === 'hourly' ? whole(ms / hour) * hour : (scheme === 'weekly' ? monday : days) * 24 * hour,
  );
  const thursday = new Date((monday + 3) * 24 * hour);
  const { year, month, day } = {
    year: (scheme === 'weekly' && mistake === 'ISO week-year' ? thursday : t).getUTCFullYear(),
    month: scheme === 'yearly' ? 1 : t.getUTCMonth() + 1,
    day: scheme === 'yearly' || scheme === 'monthly' ? 1 : t.getUTCDate(),
  };
  const years = mistake === 'year without zeros' ? year : padded(year, 4);
  const hours = scheme === 'hourly' ? padded(t.getUTCHours()) : '';
  return `${environment}.${group}.${years}${padded(month)}${padded(day)}${hours}`;
}

type Named = (typeof vectors.names)[number];

const padded = (number: number, digits = 2) => String(number).padStart(digits, '0');
