import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import {
  at,
  configOf,
  DAY,
  defaultSettings,
  HOUR,
  type SpecOptions,
  specOf,
  units,
} from '../support/specs.ts';
import { expectedWorld, render, renderWithPhases, walk } from './walk.ts';

const PURGE_HOUR = 3;
/** 40 days with a leap day, two ends of months, and several Mondays. */
const FROM = at('2028-02-10T07:00');
const indexes = { byUser: { full: units(40, 50), outdated: units(2, 3) } };
const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 13);

async function walked(specs: readonly Spec[], days: number, show: readonly string[] = [], from = FROM) {
  const world = new World(from);
  const shown: Record<string, string[]> = {};
  await walk({
    config: configOf(specs, { purge: { ...defaultSettings.purge, maxPerRun: 100 } }),
    world,
    from,
    hours: days * 24,
    purgeHour: PURGE_HOUR,
    check: (now) => {
      const expected = specs.flatMap((spec) => expectedWorld(spec, from, now, PURGE_HOUR));
      expect(render(world), `the world at ${dayOf(now)}`).toEqual(expected.sort());
      if (show.includes(dayOf(now))) shown[dayOf(now)] = renderWithPhases(world, specs[0]!, now);
    },
  });
  return shown;
}

describe('forty days, hour by hour, without demand', () => {
  it('rotates daily, with two retained', async () => {
    const shown = await walked([specOf({ indexes })], 45, [
      '2028-02-10T07',
      '2028-02-11T00',
      '2028-02-11T01',
      '2028-02-29T12',
      '2028-03-01T00',
    ]);
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-02-10T07": [
          "Events.20280210 active 300/600, byUser 40/50",
          "Events.20280211 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-11T00": [
          "Events.20280210 draining 300/600, byUser 40/50",
          "Events.20280211 active 300/600, byUser 40/50",
          "Events.20280212 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-11T01": [
          "Events.20280210 outdated 10/30, byUser 2/3",
          "Events.20280211 active 300/600, byUser 40/50",
          "Events.20280212 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-29T12": [
          "Events.20280227 expired 10/30, byUser 2/3",
          "Events.20280228 outdated 10/30, byUser 2/3",
          "Events.20280229 active 300/600, byUser 40/50",
          "Events.20280301 upcoming 300/600, byUser 40/50",
        ],
        "2028-03-01T00": [
          "Events.20280227 expired 10/30, byUser 2/3",
          "Events.20280228 expired 10/30, byUser 2/3",
          "Events.20280229 draining 300/600, byUser 40/50",
          "Events.20280301 active 300/600, byUser 40/50",
          "Events.20280302 upcoming 300/600, byUser 40/50",
        ],
      }
    `);
  });

  it('rotates daily, with 14 retained and three ahead', async () => {
    const spec = specOf({ indexes, keep: 14, settings: { periodsAhead: 3, drainMs: 3 * HOUR } });
    const shown = await walked([spec], 50, ['2028-03-05T02']);
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-03-05T02": [
          "Events.20280219 expired 10/30, byUser 2/3",
          "Events.20280220 expired 10/30, byUser 2/3",
          "Events.20280221 outdated 10/30, byUser 2/3",
          "Events.20280222 outdated 10/30, byUser 2/3",
          "Events.20280223 outdated 10/30, byUser 2/3",
          "Events.20280224 outdated 10/30, byUser 2/3",
          "Events.20280225 outdated 10/30, byUser 2/3",
          "Events.20280226 outdated 10/30, byUser 2/3",
          "Events.20280227 outdated 10/30, byUser 2/3",
          "Events.20280228 outdated 10/30, byUser 2/3",
          "Events.20280229 outdated 10/30, byUser 2/3",
          "Events.20280301 outdated 10/30, byUser 2/3",
          "Events.20280302 outdated 10/30, byUser 2/3",
          "Events.20280303 outdated 10/30, byUser 2/3",
          "Events.20280304 draining 300/600, byUser 40/50",
          "Events.20280305 active 300/600, byUser 40/50",
          "Events.20280306 upcoming 300/600, byUser 40/50",
          "Events.20280307 upcoming 10/30, byUser 2/3",
          "Events.20280308 upcoming 10/30, byUser 2/3",
        ],
      }
    `);
  });

  it('rotates daily, with one retained and a drain window beyond the purge', async () => {
    await walked([specOf({ indexes, keep: 1, settings: { drainMs: 4 * HOUR } })], 40);
  });

  it('rotates weekly, with two retained', async () => {
    const shown = await walked([specOf({ scheme: 'weekly', indexes })], 60, [
      '2028-02-12T23',
      '2028-02-13T00',
      '2028-02-14T00',
      '2028-02-14T01',
      '2028-02-28T12',
    ]);
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-02-12T23": [
          "Events.20280207 active 300/600, byUser 40/50",
          "Events.20280214 upcoming 10/30, byUser 2/3",
        ],
        "2028-02-13T00": [
          "Events.20280207 active 300/600, byUser 40/50",
          "Events.20280214 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-14T00": [
          "Events.20280207 draining 300/600, byUser 40/50",
          "Events.20280214 active 300/600, byUser 40/50",
          "Events.20280221 upcoming 10/30, byUser 2/3",
        ],
        "2028-02-14T01": [
          "Events.20280207 outdated 10/30, byUser 2/3",
          "Events.20280214 active 300/600, byUser 40/50",
          "Events.20280221 upcoming 10/30, byUser 2/3",
        ],
        "2028-02-28T12": [
          "Events.20280214 expired 10/30, byUser 2/3",
          "Events.20280221 outdated 10/30, byUser 2/3",
          "Events.20280228 active 300/600, byUser 40/50",
          "Events.20280306 upcoming 10/30, byUser 2/3",
        ],
      }
    `);
  });

  it('rotates monthly, with four retained', async () => {
    const shown = await walked([specOf({ scheme: 'monthly', keep: 4, indexes })], 190, [
      '2028-02-28T23',
      '2028-02-29T00',
      '2028-03-01T00',
      '2028-03-01T01',
      '2028-07-01T12',
      '2028-08-01T12',
    ]);
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-02-28T23": [
          "Events.20280201 active 300/600, byUser 40/50",
          "Events.20280301 upcoming 10/30, byUser 2/3",
        ],
        "2028-02-29T00": [
          "Events.20280201 active 300/600, byUser 40/50",
          "Events.20280301 upcoming 300/600, byUser 40/50",
        ],
        "2028-03-01T00": [
          "Events.20280201 draining 300/600, byUser 40/50",
          "Events.20280301 active 300/600, byUser 40/50",
          "Events.20280401 upcoming 10/30, byUser 2/3",
        ],
        "2028-03-01T01": [
          "Events.20280201 outdated 10/30, byUser 2/3",
          "Events.20280301 active 300/600, byUser 40/50",
          "Events.20280401 upcoming 10/30, byUser 2/3",
        ],
        "2028-07-01T12": [
          "Events.20280301 expired 10/30, byUser 2/3",
          "Events.20280401 outdated 10/30, byUser 2/3",
          "Events.20280501 outdated 10/30, byUser 2/3",
          "Events.20280601 outdated 10/30, byUser 2/3",
          "Events.20280701 active 300/600, byUser 40/50",
          "Events.20280801 upcoming 10/30, byUser 2/3",
        ],
        "2028-08-01T12": [
          "Events.20280401 expired 10/30, byUser 2/3",
          "Events.20280501 outdated 10/30, byUser 2/3",
          "Events.20280601 outdated 10/30, byUser 2/3",
          "Events.20280701 outdated 10/30, byUser 2/3",
          "Events.20280801 active 300/600, byUser 40/50",
          "Events.20280901 upcoming 10/30, byUser 2/3",
        ],
      }
    `);
  });

  it('keeps a group without rotation', async () => {
    await walked([specOf({ scheme: 'none', keep: Infinity, indexes })], 40);
  });

  it('rotates hourly, with three retained and a drain window of 30 minutes, over the end of a year', async () => {
    const settings: SpecOptions['settings'] = { warmUpMs: HOUR, drainMs: HOUR / 2 };
    await walked([specOf({ scheme: 'hourly', keep: 3, settings })], 4, [], at('2027-12-30T07:00'));
  });

  it('rotates several groups side by side, each as if it were alone', async () => {
    const specs = [
      specOf({ name: 'A', indexes }),
      specOf({ name: 'B', scheme: 'weekly', keep: 3 }),
      specOf({ name: 'C', scheme: 'monthly', keep: Infinity }),
      specOf({ name: 'D', scheme: 'none', keep: Infinity }),
      specOf({ name: 'A2', keep: 5, full: units(7, 8), outdated: units(1, 1) }),
    ];
    await walked(specs, 42);
  });
});

describe('after an outage of all jobs', () => {
  /**
   * No handler runs for three days. After one run, the tables are as they would have been without the outage, except
   * for deletions.
   */
  const absent = { from: at('2028-02-25T05:00'), to: at('2028-02-28T05:00') };

  it('creates missing tables in the next run, and catches up with the rest', async () => {
    const spec = specOf({ keep: 3, indexes });
    const world = new World(FROM);
    const shown: Record<string, string[]> = {};
    await walk({
      config: configOf([spec], { purge: { ...defaultSettings.purge, maxShare: 100 } }),
      world,
      from: FROM,
      hours: 40 * 24,
      purgeHour: PURGE_HOUR,
      handled: (now) => now < absent.from || now >= absent.to,
      check: (now) => {
        if (
          ['2028-02-25T04', '2028-02-28T04', '2028-02-28T05', '2028-02-29T03', '2028-03-02T04'].includes(
            dayOf(now),
          )
        )
          shown[dayOf(now)] = renderWithPhases(world, spec, now);
        const expected = expectedWorld(spec, FROM, now, PURGE_HOUR);
        if (now < absent.from) expect(render(world)).toEqual(expected);
        if (now < absent.to) return;
        // The table of the 27th did not exist in its period and is not needed now, because no application could have
        // written to it.
        const without = expected.filter((line) => !line.startsWith('Events.20280227'));
        const current = without.slice(-2);
        expect(render(world).slice(-2), `current and coming at ${dayOf(now)}`).toEqual(current);
        if (now >= absent.to + 3 * DAY) expect(render(world), `the world at ${dayOf(now)}`).toEqual(without);
      },
    });
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-02-25T04": [
          "Events.20280222 expired 10/30, byUser 2/3",
          "Events.20280223 outdated 10/30, byUser 2/3",
          "Events.20280224 outdated 10/30, byUser 2/3",
          "Events.20280225 active 300/600, byUser 40/50",
          "Events.20280226 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-28T04": [
          "Events.20280222 expired 10/30, byUser 2/3",
          "Events.20280223 expired 10/30, byUser 2/3",
          "Events.20280224 expired 10/30, byUser 2/3",
          "Events.20280225 expired 300/600, byUser 40/50",
          "Events.20280226 outdated 300/600, byUser 40/50",
        ],
        "2028-02-28T05": [
          "Events.20280222 expired 10/30, byUser 2/3",
          "Events.20280223 expired 10/30, byUser 2/3",
          "Events.20280224 expired 10/30, byUser 2/3",
          "Events.20280225 expired 10/30, byUser 2/3",
          "Events.20280226 outdated 10/30, byUser 2/3",
          "Events.20280228 active 300/600, byUser 40/50",
          "Events.20280229 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-29T03": [
          "Events.20280223 expired 10/30, byUser 2/3",
          "Events.20280224 expired 10/30, byUser 2/3",
          "Events.20280225 expired 10/30, byUser 2/3",
          "Events.20280226 expired 10/30, byUser 2/3",
          "Events.20280228 outdated 10/30, byUser 2/3",
          "Events.20280229 active 300/600, byUser 40/50",
          "Events.20280301 upcoming 300/600, byUser 40/50",
        ],
        "2028-03-02T04": [
          "Events.20280228 expired 10/30, byUser 2/3",
          "Events.20280229 outdated 10/30, byUser 2/3",
          "Events.20280301 outdated 10/30, byUser 2/3",
          "Events.20280302 active 300/600, byUser 40/50",
          "Events.20280303 upcoming 300/600, byUser 40/50",
        ],
      }
    `);
  });

  it('warms up a table late, in the first run of its period', async () => {
    const spec = specOf({ settings: { periodsAhead: 5 } });
    const world = new World(FROM);
    await walk({
      config: configOf([spec], { purge: { ...defaultSettings.purge, maxShare: 100 } }),
      world,
      from: FROM,
      hours: 10 * 24,
      purgeHour: PURGE_HOUR,
      handled: (now) => now < FROM + DAY || now >= FROM + 4 * DAY,
      check: (now) => {
        if (now === FROM + 4 * DAY - HOUR) expect(render(world)).toContain('Events.20280214 10/30');
        if (now === FROM + 4 * DAY) expect(render(world)).toContain('Events.20280214 300/600');
      },
    });
  });
});

describe('while tables cannot be created', () => {
  it('does everything else, deletes nothing before the current table exists, and catches up', async () => {
    const spec = specOf({ indexes });
    const world = new World(FROM);
    const failing = { from: at('2028-02-20T12:00'), to: at('2028-02-23T12:00') };
    const { ServiceError } = await import('../../src/core/failure.ts');
    world.onCall = (operation) => {
      const now = world.clock.now();
      if (operation === 'CreateTable' && now >= failing.from && now < failing.to)
        throw new ServiceError('access-denied', 'Not allowed to create.');
    };
    const shown: Record<string, string[]> = {};
    await walk({
      config: configOf([spec], { purge: { ...defaultSettings.purge, maxShare: 100 } }),
      world,
      from: FROM,
      hours: 40 * 24,
      purgeHour: PURGE_HOUR,
      mayFail: (now) => now >= failing.from && now < failing.to,
      check: (now) => {
        const expected = expectedWorld(spec, FROM, now, PURGE_HOUR);
        const names = render(world);
        if (now < at('2028-02-21')) expect(names).toEqual(expected);
        if (
          ['2028-02-21T12', '2028-02-22T12', '2028-02-23T11', '2028-02-23T12', '2028-02-25T12'].includes(
            dayOf(now),
          )
        )
          shown[dayOf(now)] = renderWithPhases(world, spec, now);
        if (now >= at('2028-02-27')) expect(names, `the world at ${dayOf(now)}`).toEqual(expected);
      },
    });
    expect(shown).toMatchInlineSnapshot(`
      {
        "2028-02-21T12": [
          "Events.20280219 expired 10/30, byUser 2/3",
          "Events.20280220 outdated 10/30, byUser 2/3",
          "Events.20280221 active 300/600, byUser 40/50",
        ],
        "2028-02-22T12": [
          "Events.20280219 expired 10/30, byUser 2/3",
          "Events.20280220 expired 10/30, byUser 2/3",
          "Events.20280221 outdated 10/30, byUser 2/3",
        ],
        "2028-02-23T11": [
          "Events.20280219 expired 10/30, byUser 2/3",
          "Events.20280220 expired 10/30, byUser 2/3",
          "Events.20280221 expired 10/30, byUser 2/3",
        ],
        "2028-02-23T12": [
          "Events.20280219 expired 10/30, byUser 2/3",
          "Events.20280220 expired 10/30, byUser 2/3",
          "Events.20280221 expired 10/30, byUser 2/3",
          "Events.20280223 active 300/600, byUser 40/50",
          "Events.20280224 upcoming 300/600, byUser 40/50",
        ],
        "2028-02-25T12": [
          "Events.20280223 expired 10/30, byUser 2/3",
          "Events.20280224 outdated 10/30, byUser 2/3",
          "Events.20280225 active 300/600, byUser 40/50",
          "Events.20280226 upcoming 300/600, byUser 40/50",
        ],
      }
    `);
  });
});
