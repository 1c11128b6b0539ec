/** How a fleet is cut into shards, and what each of them may use of the account's limits. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shardsFor, TABLES_PER_SHARD } from '../../src/config/shards.ts';
import { samplesOutdated } from '../../src/core/capacity/handover.ts';
import type { RunRecord, ShardLayout } from '../../src/core/facts.ts';
import { boundsOf, elsewhereOf, type ShardUse, useOf } from '../../src/core/sharding/bounds.ts';
import { layoutOf, namesByShard } from '../../src/core/sharding/layout.ts';
import { joined, partOf, type ScaleRecords } from '../../src/core/sharding/recut.ts';
import { asWhole } from '../../src/core/sharding/whole.ts';
import type { Units } from '../../src/core/spec.ts';
import { at, configOf, DAY, MINUTE, specOf, units } from '../support/specs.ts';

const fleet = (count: number, prefix = 'Group') =>
  configOf(Array.from({ length: count }, (_, i) => specOf({ name: `${prefix}${i}` })));

const groupsOf = (config: ReturnType<typeof fleet>, shards: number): string[][] =>
  layoutOf(config, shards).specs.map((specs) => specs.map(({ name }) => name));

describe('a layout', () => {
  test('has each group in one shard, and shards that differ by one group at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 64 }), (count, shards) => {
        const config = fleet(count);
        const sizes = groupsOf(config, shards).map((groups) => groups.length);
        expect(groupsOf(config, shards).flat().sort()).toEqual(config.specs.map(({ name }) => name).sort());
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });

  test('depends on the names of the groups alone, in any order', () => {
    const config = fleet(50);
    const reversed = configOf(config.specs.toReversed());
    expect(groupsOf(reversed, 4)).toEqual(groupsOf(config, 4));
    expect(layoutOf(reversed, 4).stamp).toBe(layoutOf(config, 4).stamp);
    expect(layoutOf(config, 5).stamp).not.toBe(layoutOf(config, 4).stamp);
    expect(layoutOf(fleet(51), 4).stamp).not.toBe(layoutOf(config, 4).stamp);
  });

  test('separates groups that follow each other by name', () => {
    const layout = layoutOf(fleet(160), 16);
    for (let i = 0; i < 160; i += 10) {
      const shards = Array.from({ length: 10 }, (_, j) => layout.shardOfGroup(`Group${i + j}`));
      expect(new Set(shards).size).toBeGreaterThan(4);
    }
  });

  test('moves few groups if one is added', () => {
    const [before, after] = [layoutOf(fleet(100), 8), layoutOf(fleet(101), 8)];
    const moved = fleet(100).specs.filter(
      ({ name }) => before.shardOfGroup(name) !== after.shardOfGroup(name),
    );
    expect(moved.length).toBeLessThan(8);
  });

  test('gives each shard about as many of the groups whose outdated tables are read in the same minute', () => {
    const config = fleet(1_000);
    for (const shards of [4, 16])
      for (let minute = 0; minute < 30; minute += 1) {
        const due = groupsOf(config, shards).map(
          (groups) => groups.filter((name) => samplesOutdated(name, DAY, true, minute * MINUTE)).length,
        );
        expect(Math.max(...due) - Math.min(...due), `${shards} shards`).toBeLessThanOrEqual(2);
      }
  });

  test('is the same in every version, so that a worker and a coordinator of different versions agree', () => {
    expect(layoutOf(fleet(6), 2).stamp).toBe('2-1ev8see');
    expect(groupsOf(fleet(6), 2)).toEqual([
      ['Group2', 'Group1', 'Group3'],
      ['Group0', 'Group5', 'Group4'],
    ]);
  });

  test('gives each table to the shard of its group, and unknown tables to none', () => {
    const config = fleet(20);
    const layout = layoutOf(config, 4);
    const names = config.specs.flatMap(({ name }) => [`production.${name}.20261121`, `production.${name}`]);
    const byShard = namesByShard(layout, [
      ...names,
      'staging.Group1.20261121',
      'other',
      'production.Group1x',
    ]);
    expect(byShard.flat().sort()).toEqual(names.sort());
    for (const [shard, own] of byShard.entries())
      for (const name of own) expect(layout.shardOfGroup(name.split('.')[1]!)).toBe(shard);
  });

  test('gives a table whose name two groups can have to both of their shards', () => {
    const config = configOf([...fleet(30).specs, specOf({ name: 'Group1.20261121', scheme: 'none' })]);
    const layout = layoutOf(config, 16);
    const name = 'production.Group1.20261121';
    const shards = [layout.shardOfGroup('Group1'), layout.shardOfGroup('Group1.20261121')];
    expect([...layout.shardsOf(name)].sort()).toEqual([...new Set(shards)].sort());
  });
});

describe('auto', () => {
  test.each([
    [1, 1],
    [TABLES_PER_SHARD / 10, 1],
    [TABLES_PER_SHARD / 10 + 1, 2],
    [TABLES_PER_SHARD / 2, 5],
  ])('counts the tables that should exist: %s groups of 10 tables have %s shards', (groups, shards) => {
    const specs = Array.from({ length: groups }, (_, i) => specOf({ name: `G${i}`, keep: 9, backfill: 8 }));
    expect(shardsFor(configOf(specs), at('2026-11-21T12:00'))).toBe(shards);
  });
});

const limits = (read: number, write: number) => ({
  account: units(read, write),
  table: units(40_000, 40_000),
});
const uses = (...throughputs: readonly (readonly [number, boolean?])[]): ShardUse[] =>
  throughputs.map(([read, short = false]) => ({ throughput: units(read, 0), short }));
const reads = (bounds: readonly Units[]): number[] => bounds.map(({ read }) => read);

describe('the bounds of shards', () => {
  test.each<[string, ShardUse[], number, number[]]>([
    ['share what is left evenly', uses([100], [300]), 1_000, [400, 600]],
    ['give half of it to the only shard that lacked some', uses([100], [300, true]), 1_000, [250, 750]],
    ['leave every shard what it has if nothing is left', uses([500], [600]), 1_000, [500, 600]],
    [
      'count a shard that has not reported yet as nothing',
      [...uses([100]), { short: false }],
      1_000,
      [550, 450],
    ],
  ])('%s', (_, shards, limit, expected) => {
    expect(reads(boundsOf(shards, limits(limit, 0)))).toEqual(expected);
  });

  test('are what shards have if the limits are unknown or unlimited', () => {
    expect(reads(boundsOf(uses([100], [300]), undefined))).toEqual([100, 300]);
    expect(reads(boundsOf(uses([100], [300]), limits(Infinity, 0)))).toEqual([100, 300]);
  });

  test('are together never above the limit, unless the tables are already', () => {
    const shard = fc.record({ read: fc.nat(50_000), write: fc.nat(50_000), short: fc.boolean() });
    fc.assert(
      fc.property(fc.array(shard, { minLength: 1, maxLength: 64 }), fc.nat(900_000), (shards, limit) => {
        const all = shards.map(({ short, ...throughput }) => ({ throughput, short }));
        const bounds = boundsOf(all, limits(limit, limit));
        for (const dimension of ['read', 'write'] as const) {
          const used = shards.reduce((sum, one) => sum + one[dimension], 0);
          const sum = bounds.reduce((total, one) => total + one[dimension], 0);
          expect(sum).toBeLessThanOrEqual(Math.max(limit, used));
          bounds.forEach((bound, i) => {
            expect(bound[dimension]).toBeGreaterThanOrEqual(shards[i]![dimension]);
            expect(elsewhereOf(bounds, i)[dimension]).toBe(sum - bound[dimension]);
          });
        }
      }),
    );
  });

  test('reserve for a shard that did not report what the last tick allowed, because its worker might still raise', () => {
    const before: ShardLayout = {
      shards: 2,
      stamp: 's',
      at: 120_000,
      bounds: [units(400, 40), units(600, 60)],
    };
    const reported = (tick: number): RunRecord => ({
      holds: [],
      shard: { tick, throughput: units(100, 90), short: true },
    });
    expect(useOf(reported(120_000), before, 0)).toEqual({ throughput: units(100, 90), short: true });
    expect(useOf(reported(60_000), before, 0)).toEqual({ throughput: units(400, 90), short: true });
    expect(useOf(undefined, before, 1)).toEqual({ throughput: units(600, 60), short: false });
    expect(useOf(undefined, undefined, 1)).toEqual({ short: false });
  });
});

describe('the records of shards', () => {
  const hold = (group: string) => ({
    ...{ group, table: `production.${group}.20261121`, reason: 'unreadable' as const },
    ...{ since: 1, seenAt: 2, seen: 2 },
  });
  const of = (group: string, succeededAt: number): ScaleRecords => ({
    sightings: new Map([[`production.${group}.20261121`, { status: 'UPDATING', since: 5 }]]),
    attempts: new Map(),
    open: { holds: [{ ...hold(group), held: 'lower' }], told: { [`key ${group}`]: 7, both: succeededAt } },
    run: {
      succeededAt,
      watched: { since: 3, until: succeededAt },
      holds: [{ ...hold(group), kind: 'lower' }],
    },
  });

  test('are the same after they were joined and cut again, however often', () => {
    const config = configOf([specOf({ name: 'Events' }), specOf({ name: 'Visits' })]);
    const layout = layoutOf(config, 2);
    const all = joined([of('Events', 10), of('Visits', 20), of('Visits', 20)]);
    expect(all.run).toMatchObject({ succeededAt: 10, watched: { since: 3, until: 20 } });
    expect(all.open.told).toEqual({ 'key Events': 7, 'key Visits': 7, both: 20 });
    const parts = [0, 1].map((shard) =>
      partOf(all, {
        hasGroup: (group) => layout.shardOfGroup(group) === shard,
        hasTable: (table) => layout.shardsOf(table).includes(shard),
      }),
    );
    for (const part of parts) {
      expect([part.sightings.size, part.open.holds.length, part.run?.holds.length]).toEqual([1, 1, 1]);
      expect([...part.sightings.keys()]).toEqual(part.open.holds.map(({ table }) => table));
    }
    const again = joined(parts);
    expect(new Set(again.sightings)).toEqual(new Set(all.sightings));
    expect(again.run?.holds).toHaveLength(2);
  });

  test('do not make a job late that another layout has left without a record', () => {
    expect(joined([of('Events', 10), { ...of('Visits', 1), run: { holds: [] } }]).run?.succeededAt).toBe(10);
  });

  test('count as one job, which is as late as its latest shard', () => {
    const shard = (succeededAt?: number): RunRecord => ({
      ...(succeededAt !== undefined && { succeededAt }),
      watched: { since: 1, until: 9 },
      holds: [],
      shard: { tick: 1, short: false },
    });
    const rotate: RunRecord = { succeededAt: 1, holds: [] };
    const records = new Map([
      ['rotate', rotate],
      ['scale', { holds: [] }],
      ['scale/0', shard(30)],
      ['scale/1', shard(20)],
    ]);
    expect(asWhole(records)).toEqual(
      new Map([
        ['rotate', rotate],
        ['scale', { succeededAt: 20, watched: { since: 1, until: 9 }, holds: [] }],
      ]),
    );
    expect(asWhole(new Map([...records, ['scale/2', shard()]])).get('scale')).not.toHaveProperty(
      'succeededAt',
    );
    const left = new Map([
      ['scale', shard(40)],
      ['scale/0', { holds: [] }],
    ]);
    expect(asWhole(left).get('scale')?.succeededAt).toBe(40);
  });
});
