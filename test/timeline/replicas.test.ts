/** The replicas of groups over weeks, by simple rules, with the schedules of the stack. */
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/plan.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, type SpecOptions, specOf } from '../support/specs.ts';
import { confirmAll, run } from '../support/worlds.ts';

const REGIONS = ['eu-west-1', 'us-west-2'] as const;
const FROM = at('2028-02-25');

/** `20280225 eu-west-1 us-west-2`: a table with its ACTIVE replicas that have their tags and protection. */
const render = (world: World): string[] =>
  world.names().map((name) => {
    const { replicas = [] } = world.table(name).describe(world.clock.now());
    const ready = replicas.map(({ region, status }) => {
      const copy = world.find(name, region);
      const set = copy?.describe(world.clock.now()).deletionProtected && copy.tags['turntable:spec'];
      return status === 'ACTIVE' && set ? region : `(${region} ${status})`;
    });
    return [name.split('.').at(-1), ...ready].join(' ');
  });

const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10).replaceAll('-', '');
const hour = (instant: number): string => day(instant) + new Date(instant).toISOString().slice(11, 13);

interface Timeline {
  readonly options: SpecOptions;
  readonly days: number;
  /** Every minute, after the runs. */
  readonly check: (world: World, now: number) => void;
}

/** Rotate three times an hour and purge once a day, as `serverless.yml` has them. */
async function walk({ options, days, check }: Timeline): Promise<void> {
  const config = configOf([specOf({ onDemand: true, replicas: REGIONS, ...options })]);
  const world = new World(FROM);
  const due: readonly [Job, (now: number) => boolean][] = [
    ['rotate', (now) => [5, 50, 54].includes((now % HOUR) / MINUTE)],
    ['purge', (now) => now % DAY === 3 * HOUR + 35 * MINUTE],
  ];
  for (let now = FROM; now < FROM + days * DAY; now += MINUTE) {
    if (world.clock.now() < now) world.clock.moveTo(now);
    if (now === FROM + 5 * MINUTE) await confirmAll(config, world);
    for (const [job, isDue] of due)
      if (isDue(now)) expect((await run(job, config, world, now)).outcome, `${job} ${now}`).toBe('done');
    check(world, now);
  }
}

describe('with the schedules of the stack', () => {
  it('a daily group has all replicas of its tables, and removes them a day before the table', async () => {
    const both = (instant: number): string => `${day(instant)} ${REGIONS.join(' ')}`;
    const noons: string[][] = [];
    await walk({
      options: { keep: 2 },
      days: 12,
      check: (world, now) => {
        if (now % DAY !== 12 * HOUR) return;
        noons.push(render(world));
        // Retention ends two days after the start of a period. One run schedules, the next one removes, and the next one deletes.
        const expected = [3, 2, 1, 0, -1]
          .filter((ago) => now - ago * DAY >= FROM)
          .map((ago) => (ago === 3 ? day(now - ago * DAY) : both(now - ago * DAY)));
        expect(render(world), `at ${new Date(now).toISOString()}`).toEqual(expected);
      },
    });
    expect(noons).toHaveLength(12);
  });

  it('an hourly group has all replicas of a table before its period, with PeriodsAhead 2', async () => {
    const all = (instant: number): string => `${hour(instant)} ${REGIONS.join(' ')}`;
    let periods = 0;
    await walk({
      options: { scheme: 'hourly', keep: 4, settings: { periodsAhead: 2 } },
      days: 2,
      check: (world, now) => {
        if (now % HOUR !== 0 || now < FROM + 4 * HOUR) return;
        periods += 1;
        expect(render(world), `at ${new Date(now).toISOString()}`).toContain(all(now));
      },
    });
    expect(periods).toBe(44);
  });
});
