import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expiring, maxPerGroup, maxPerRun } from '../../src/core/purging/expiring.ts';
import type { Spec } from '../../src/core/spec.ts';
import { runHere } from '../support/in-process.ts';
import { PureFleet } from '../support/pure-fleet.ts';
import { at, configOf, DAY, defaultSettings, HOUR, specOf } from '../support/specs.ts';

const { maxPerRun: _run, maxPerGroup: _group, ...uncapped } = defaultSettings.purge;
const settings = { purge: uncapped };
const groups = (count: number, options: Parameters<typeof specOf>[0]): Spec[] =>
  Array.from({ length: count }, (_, i) =>
    specOf({ name: `Group${i}`, onDemand: true, settings, ...options }),
  );

describe('the number of tables that expire while a cap counts', () => {
  it.each([
    ['hourly', 12 * HOUR, 24],
    ['hourly', 36 * HOUR, 36],
    ['daily', 12 * HOUR, 1],
    ['daily', 10 * DAY, 10],
    ['weekly', 12 * HOUR, 1],
    ['weekly', 10 * DAY, 2],
    ['monthly', 12 * HOUR, 1],
    ['yearly', 30 * DAY, 1],
    ['none', 12 * HOUR, 0],
  ] as const)(
    'of a group that is %s, with a waiting period of %i ms, is %i',
    (scheme, waitingPeriodMs, count) => {
      const purge = { ...uncapped, waitingPeriodMs };
      const keep = scheme === 'none' ? Infinity : 10;
      expect(expiring(specOf({ scheme, keep, settings: { purge } }))).toBe(count);
      expect(expiring(specOf({ scheme, keep: Infinity, settings: { purge } }))).toBe(0);
    },
  );

  it('includes tables of earlier schemes, except those that are all retained', () => {
    const previously = (keep: number) => [{ scheme: 'hourly' as const, keep, until: at('2026-11-16') }];
    expect(expiring(specOf({ previously: previously(48), settings }))).toBe(25);
    expect(expiring(specOf({ previously: previously(Infinity), settings }))).toBe(1);
    expect(expiring(specOf({ keep: Infinity, previously: previously(48), settings }))).toBe(24);
  });

  it('decides the caps, unless the settings have them', () => {
    const hourly = specOf({ scheme: 'hourly', keep: 10, settings });
    expect(maxPerGroup(hourly)).toBe(48);
    expect(maxPerGroup(specOf({ settings }))).toBe(30);
    expect(maxPerGroup(specOf({ settings: { purge: { ...uncapped, maxPerGroup: 7 } } }))).toBe(7);
    expect(maxPerRun(configOf([hourly], settings))).toBe(50);
    expect(maxPerRun(configOf(groups(100, {}), settings))).toBe(200);
    expect(maxPerRun(configOf(groups(100, {}), { purge: { ...uncapped, maxPerRun: 20 } }))).toBe(20);
  });
});

const file = join(import.meta.dirname, '../fixtures/field/seventy-daily-groups.json');

describe('a fleet', () => {
  const sensors = (JSON.parse(readFileSync(file, 'utf8')) as { TableName: string }[]).map(({ TableName }) =>
    specOf({ name: TableName, keep: 10, onDemand: true, settings }),
  );
  const FROM = at('2026-11-01T03:35');

  it.each<[string, readonly Spec[], number, number]>([
    ['100 daily groups', groups(100, { keep: 5 }), 24, 100 * (5 + 3)],
    ['70 daily groups', sensors, 24, 70 * (10 + 3)],
    ['three hourly groups', groups(3, { scheme: 'hourly', keep: 12 }), 24, 3 * (12 + 1 + 2 * 24)],
    [
      'three hourly groups, with purge every hour',
      groups(3, { scheme: 'hourly', keep: 12 }),
      1,
      3 * (12 + 1 + 14),
    ],
  ])('of %s has room for what its specs make expire', (_, specs, everyHours, most) => {
    const config = configOf(specs, settings);
    const fleet = new PureFleet();
    fleet.rotate(config, FROM - DAY);
    fleet.purge(config, FROM - DAY);
    for (let hour = 0; hour <= 20 * 24; hour += everyHours) {
      const now = FROM + hour * HOUR;
      for (let missed = everyHours - 1; missed >= 0; missed -= 1) fleet.rotate(config, now - missed * HOUR);
      const { holds } = fleet.purge(config, now);
      expect(holds.map(({ reason }) => reason).filter((reason) => reason !== 'waiting-period')).toEqual([]);
      expect(fleet.names.length).toBeLessThanOrEqual(most);
    }
    expect(fleet.deleted.size).toBeGreaterThan(specs.length * 10);
  });

  it('catches up after purging was suspended for ten days', () => {
    const config = configOf(groups(60, { keep: 3 }), settings);
    const fleet = new PureFleet();
    const live = (from: number, to: number, purges: boolean): number => {
      for (let day = from; day < to; day += 1) {
        fleet.rotate(config, FROM + day * DAY);
        if (purges) fleet.purge(config, FROM + day * DAY);
      }
      return fleet.names.length;
    };
    const usual = live(0, 8, true);
    expect(live(8, 18, false)).toBe(usual + 10 * 60);
    expect(live(18, 32, true)).toBe(usual);
    expect(fleet.urgent).toEqual([]);
  });

  it('names the cap that is too low, and what it should be', () => {
    const config = configOf(groups(70, { keep: 2 }), { purge: { ...uncapped, maxPerRun: 50 } });
    const fleet = new PureFleet();
    for (let day = 0; day < 3; day += 1) fleet.rotate(config, FROM + day * DAY);
    for (const spec of config.specs) fleet.confirm(spec, 0);
    const { actions, holds } = fleet.purge(config, FROM + 2 * DAY);
    expect(actions).toHaveLength(50);
    expect(new Set(holds.map(({ message }) => message))).toEqual(
      new Set([
        'Deletion held: Purge.MaxPerRun (50) is reached. The cause is this setting: up to 70 tables expire in a day, or in a longer waiting period, so the backlog grows. Set Purge.MaxPerRun to at least 140, or remove it.',
      ]),
    );
  });
});

describe('validate', () => {
  const loaded = (purge: object) => {
    const folder = mkdtempSync(join(tmpdir(), 'turntable-caps-'));
    writeFileSync(join(folder, 'tables.json'), readFileSync(file));
    writeFileSync(
      join(folder, 'settings.json'),
      JSON.stringify({ Environments: { production: { Purge: purge } } }),
    );
    return folder;
  };
  const validate = (purge: object, ...more: string[]) =>
    runHere(['validate', '--config', loaded(purge), ...more]);

  it('warns of caps that are lower than what expires', async () => {
    const { code, stdout } = await validate({ MaxPerRun: 50, MaxPerGroup: 1, WaitingPeriodHours: 36 });
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter((line) => line.startsWith('Warning:'));
    expect(lines).toHaveLength(71);
    expect(lines[0]).toBe(
      'Warning: production: Purge.MaxPerRun is 50, but up to 140 tables expire in a day, or in a longer waiting period. Purge would never catch up. Set it to at least 280, or remove it.',
    );
    expect(lines[1]).toBe(
      'Warning: production: Purge.MaxPerGroup is 1, but up to 2 tables of Sensor00 expire in a day, or in a longer waiting period. Purge would never catch up. Set it to at least 4, or remove it.',
    );
  });

  it('does not warn of the defaults, or of sufficient caps', async () => {
    const none = { valid: true, problems: [], warnings: [] };
    for (const purge of [{}, { MaxPerRun: 70, MaxPerGroup: 1 }])
      expect(JSON.parse((await validate(purge, '--json')).stdout)).toMatchObject(none);
  });
});
