import { describe, expect, it } from 'vitest';
import vectors from '../../docs/vectors.json' with { type: 'json' };
import { createResolver } from '../../src/index.ts';

/** What a port to another language runs; here it is run on the original. */
describe('the published test vectors', () => {
  it.each(vectors.names)('$scheme, $instant: $table', (vector) => {
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

  it.each(vectors.ranges)('$scheme keeping $purgeRotation: [$from, $to)', (vector) => {
    const { environment, group, scheme, purgeRotation, now, from, to, tables } = vector;
    const resolver = createResolver({
      environment,
      tables: [{ TableName: group, RotationScheme: scheme, PurgeRotation: purgeRotation }],
      now: () => Date.parse(now),
    });
    expect(resolver.tablesBetween(group, from, to)).toEqual(tables);
  });
});
