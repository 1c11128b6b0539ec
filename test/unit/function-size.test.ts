/** When a fleet is too large for the function that scales it. */
import { describe, expect, it } from 'vitest';
import { functionSize } from '../../src/config/shards.ts';
import { outgrown, servedBy } from '../../src/core/function-size.ts';
import { at, configOf, specOf } from '../support/specs.ts';

describe('the function scale', () => {
  it.each([
    [128, 0],
    [256, 500],
    [511, 500],
    [512, 2_500],
    [10_240, 10_000],
  ])('serves with %i MB %i tables', (memoryMb, tables) => {
    expect(servedBy(memoryMb)).toBe(tables);
  });

  it.each([
    [500, 256, 1],
    [5_000, 512, 2],
  ])('is large enough for %i tables with %i MB and %i shards', (tables, memoryMb, shards) => {
    expect(outgrown(tables, { memoryMb, shards })).toBeUndefined();
  });

  it('is too small for a larger fleet, and says which memory is enough', () => {
    expect(outgrown(3_000, { memoryMb: 256, shards: 1 })).toEqual({
      message:
        'The fleet has 3,000 tables, but scale serves about 500 in a minute with MemorySize 256. The others wait, also at the end of a period.',
      cure: 'Set MemorySize to 1024, or MemorySize to 512 and Shards to "auto" in deployment.json, and deploy.',
    });
  });

  it('says that no fleet fits into less than the least memory', () => {
    expect(outgrown(3, { memoryMb: 128, shards: 1 })).toEqual({
      message: 'Scale takes more memory than MemorySize 128.',
      cure: 'Set MemorySize to 256 in deployment.json, and deploy.',
    });
  });

  it('names no shards if more memory for the same ones is enough', () => {
    expect(outgrown(22_500, { memoryMb: 256, shards: 9 })?.cure).toBe(
      'Set MemorySize to 512 in deployment.json, and deploy.',
    );
  });

  it('names a number of shards if a deployment cannot count the tables', () => {
    expect(outgrown(22_500, { memoryMb: 256, shards: 1, isUncounted: true })?.cure).toBe(
      'Set MemorySize to 512 and Shards to 9 in deployment.json, and deploy.',
    );
  });

  it('counts the tables of all shards', () => {
    expect(outgrown(30_000, { memoryMb: 512, shards: 2 })).toEqual({
      message:
        'The fleet has 30,000 tables, but scale serves about 5,000 in a minute with MemorySize 512 and 2 shards. The others wait, also at the end of a period.',
      cure: 'Set Shards to "auto" in deployment.json, and deploy.',
    });
  });

  it('has as many shards as the next deployment takes with auto', () => {
    const config = configOf(
      Array.from({ length: 400 }, (_, i) => specOf({ name: `G${i}`, scheme: 'daily', keep: 9 })),
    );
    const size = functionSize({ MemorySize: 512, Shards: 'auto' }, config, at('2026-11-21T12:00'));
    expect(size).toEqual({ memoryMb: 512, shards: 2, isUncounted: false });
  });
});
