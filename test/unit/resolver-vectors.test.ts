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
});
