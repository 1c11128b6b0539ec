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
      now: () => Date.parse(instant),
    });
    const { start, end } = resolver.locate(group, instant);
    const time = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
    const found = { start: time(start), end: time(end), table: resolver.tableFor(group, instant) };
    expect(found).toEqual({ start: vector.start, end: vector.end, table });
    expect([resolver.current(group), resolver.next(group)]).toEqual([table, next]);
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
