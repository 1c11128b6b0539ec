import { expect, it } from 'vitest';
import { tableName } from '../../src/core/calendar/naming.ts';
import { periodAt } from '../../src/core/calendar/period.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { run, sayResults } from '../support/worlds.ts';

/** Over a leap day, and two Saturdays. */
const FROM = at('2028-02-24');
const DAYS = 16;
const SCALE_MINUTES = 5;
const LOWEST = 5;
const HIGHEST = 2_000;

const spec = specOf({
  keep: 3,
  full: units(100, 200),
  outdated: units(LOWEST, LOWEST),
  indexes: { byUser: { full: units(20, 200), outdated: units(LOWEST, LOWEST) } },
  bounds: { read: { min: LOWEST, max: HIGHEST }, write: { min: LOWEST, max: HIGHEST } },
});
const config = configOf([spec]);

/** Units per second: low at night, high in the evening, and twice as high on Saturdays. */
function demandAt(now: number): number {
  const hour = (now % DAY) / HOUR;
  const busy = 60 + 50 * Math.sin(((hour - 8) / 24) * 2 * Math.PI);
  return new Date(now).getUTCDay() === 6 ? 2 * busy : busy;
}

it('scales two weeks of demand, with rotate every hour, purge every day and scale every five minutes', async () => {
  const world = new World(FROM);
  const evenings: string[] = [];
  let throttled = 0;
  const add = world.metrics.add.bind(world.metrics);
  world.metrics.add = (query, minute, sum) => {
    if (query.metric === 'WriteThrottleEvents') throttled += sum;
    add(query, minute, sum);
  };
  let actions = 0;
  const decreases = new Map<string, number[]>();

  const once = async (job: 'rotate' | 'purge' | 'scale', now: number): Promise<void> => {
    const summary = await run(job, config, world, now);
    expect(summary.outcome, `${job} at ${new Date(now).toISOString()}`).toBe('done');
    for (const { action } of summary.results) {
      actions += 1;
      if (action.kind !== 'raise' && action.kind !== 'lower') continue;
      for (const { index, from, to } of action.changes) {
        const phase = world.table(action.table).describe(now);
        expect(Math.min(to.read, to.write), phase.name).toBeGreaterThanOrEqual(LOWEST);
        expect(Math.max(to.read, to.write), phase.name).toBeLessThanOrEqual(HIGHEST);
        if (to.read >= from.read && to.write >= from.write) continue;
        const key = `${action.table} ${index ?? ''} ${Math.floor(now / DAY)}`;
        decreases.set(key, [...(decreases.get(key) ?? []), now]);
      }
    }
    // After a run without results, the next one would see the same.
    if (summary.results.length > 0) expect(sayResults(await run(job, config, world, now))).toEqual([]);
  };

  for (let minute = 0; minute < DAYS * 24 * 60; minute += 1) {
    const now = FROM + minute * MINUTE;
    if (world.clock.now() < now) world.clock.moveTo(now);
    if (minute % 60 === 0) await once('rotate', now);
    if (minute % (24 * 60) === 3 * 60) await once('purge', now);
    if (minute % SCALE_MINUTES === 0) await once('scale', now);
    const name = tableName(spec, periodAt('daily', world.clock.now()));
    const wanted = demandAt(now);
    if (world.table(name).status(world.clock.now()) !== 'CREATING') {
      world.demand(name, 'write', wanted);
      world.demand(name, 'write', wanted, 'byUser');
      world.demand(name, 'read', wanted / 4);
    }
    if (minute % (24 * 60) === 20 * 60 && minute >= (DAYS - 3) * 24 * 60)
      evenings.push(
        `${new Date(now).toISOString().slice(0, 10)} ${world
          .names()
          .map((one) => {
            const [own, byUser] = world.table(one).describe(now).capacities;
            return `${one.slice(-4)}: ${own?.read}/${own?.write} byUser ${byUser?.read}/${byUser?.write}`;
          })
          .join('; ')}`,
      );
  }

  expect(evenings).toMatchInlineSnapshot(`
    [
      "2028-03-08 0305: 5/5 byUser 5/5; 0306: 5/5 byUser 5/5; 0307: 5/5 byUser 5/5; 0308: 27/124 byUser 5/124; 0309: 100/200 byUser 20/200",
      "2028-03-09 0306: 5/5 byUser 5/5; 0307: 5/5 byUser 5/5; 0308: 5/5 byUser 5/5; 0309: 27/124 byUser 5/124; 0310: 100/200 byUser 20/200",
      "2028-03-10 0307: 5/5 byUser 5/5; 0308: 5/5 byUser 5/5; 0309: 5/5 byUser 5/5; 0310: 27/124 byUser 5/124; 0311: 100/200 byUser 20/200",
    ]
  `);
  expect(throttled).toBe(0);
  expect(actions / DAYS).toBeLessThan(60);
  for (const times of decreases.values()) {
    expect(times.length).toBeLessThanOrEqual(27);
    times.slice(4).forEach((time, i) => {
      expect(time - times[i + 3]!).toBeGreaterThanOrEqual(HOUR);
    });
  }
});
