/** Twelve days with Purge.Archive: what S3 has after each hour, and that no table goes without it. */
import { describe, expect, it } from 'vitest';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, defaultSettings, HOUR, specOf } from '../support/specs.ts';
import { expectedWorld, render, walk } from './walk.ts';

const PURGE_HOUR = 3;
const FROM = at('2028-02-20T07:00');
const PLACE = { bucket: 'archive', prefix: 'cold', format: 'DYNAMODB_JSON' } as const;

const rotated = (name: string, archive?: typeof PLACE) =>
  specOf({
    name,
    properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    settings: { purge: { ...defaultSettings.purge, maxPerRun: 100, ...(archive && { archive }) } },
  });

/** `20280221 20280222`: the tables with these names or ARNs. */
const dates = (tables: readonly string[]): string =>
  tables.map((table) => /\d{8}$/.exec(table)?.[0] ?? table).join(' ');

describe('twelve days with Purge.Archive', () => {
  it('exports each table once, and deletes it a day later', async () => {
    const world = new World(FROM);
    const specs = [rotated('Events', PLACE), rotated('Plain')];
    /** Every table that ever existed, by its name. */
    const ids = new Map<string, string>();
    const shown: Record<string, { tables: string; started: number; archives: string }> = {};
    await walk({
      config: configOf(specs, { purge: { ...defaultSettings.purge, maxPerRun: 100 } }),
      world,
      from: FROM,
      hours: 12 * 24,
      purgeHour: PURGE_HOUR,
      check: (now) => {
        const expected = specs.flatMap((spec) => expectedWorld(spec, FROM, now, PURGE_HOUR));
        expect(render(world), new Date(now).toISOString()).toEqual(expected.sort());
        for (const table of world.names()) ids.set(table, world.table(table).describe(now).id);
        const manifests = world.exports.manifests(now);
        const exported = manifests.map(({ tableId }) => tableId);
        expect(new Set(exported).size).toBe(exported.length);
        for (const [table, id] of ids)
          if (table.includes('.Events.') && !world.names().includes(table)) expect(exported).toContain(id);
        // In the hour of the purge the export is still IN_PROGRESS, and nothing else starts one.
        if (now % DAY === PURGE_HOUR * HOUR || now % DAY === (PURGE_HOUR + 1) * HOUR)
          shown[new Date(now).toISOString().slice(5, 13)] = {
            tables: dates(world.names().filter((table) => table.includes('.Events.'))),
            started: world.exports.tokens.length,
            archives: dates(manifests.map(({ tableArn }) => tableArn)),
          };
      },
    });
    expect(Object.fromEntries(Object.entries(shown).slice(4, 12))).toMatchInlineSnapshot(`
      {
        "02-23T03": {
          "archives": "",
          "started": 1,
          "tables": "20280220 20280221 20280222 20280223 20280224",
        },
        "02-23T04": {
          "archives": "20280220",
          "started": 1,
          "tables": "20280220 20280221 20280222 20280223 20280224",
        },
        "02-24T03": {
          "archives": "20280220",
          "started": 2,
          "tables": "20280221 20280222 20280223 20280224 20280225",
        },
        "02-24T04": {
          "archives": "20280220 20280221",
          "started": 2,
          "tables": "20280221 20280222 20280223 20280224 20280225",
        },
        "02-25T03": {
          "archives": "20280220 20280221",
          "started": 3,
          "tables": "20280222 20280223 20280224 20280225 20280226",
        },
        "02-25T04": {
          "archives": "20280220 20280221 20280222",
          "started": 3,
          "tables": "20280222 20280223 20280224 20280225 20280226",
        },
        "02-26T03": {
          "archives": "20280220 20280221 20280222",
          "started": 4,
          "tables": "20280223 20280224 20280225 20280226 20280227",
        },
        "02-26T04": {
          "archives": "20280220 20280221 20280222 20280223",
          "started": 4,
          "tables": "20280223 20280224 20280225 20280226 20280227",
        },
      }
    `);
    expect(world.exports.tokens).toHaveLength(new Set(world.exports.tokens).size);
    expect([...ids.keys()].filter((table) => table.includes('.Plain.')).length).toBeGreaterThan(11);
    expect(
      world.exports.manifests(FROM + 12 * DAY).every(({ tableArn }) => tableArn.includes('.Events.')),
    ).toBe(true);
  });
});
