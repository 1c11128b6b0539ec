/** An outdated table that scale knows as on-demand, and that another tool makes provisioned. On-demand tables are never throttled for want of capacity, so scale does not read their metrics. */
import { expect, test } from 'vitest';
import { Descriptions } from '../../src/jobs/descriptions.ts';
import { runJob } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, ownMinute, specOf, units } from '../support/specs.ts';
import { impatient, run } from '../support/worlds.ts';

const OLD = 'production.Events.20261121';
/** How often scale looks at an outdated table of a group that is one series. */
const EVERY_MINUTES = 30;

test('is raised when scale next looks at it, if its requests are throttled', async () => {
  const config = configOf([specOf({ keep: 5, outdated: units(20, 20) })]);
  const world = new World(at('2026-11-21T06:00'));
  const descriptions = new Descriptions();
  const { tables } = world.ports();
  await run('rotate', config, world);
  world.clock.moveTo(ownMinute('Events', at('2026-11-22T04:00'), EVERY_MINUTES) - MINUTE);
  await run('rotate', config, world);
  world.clock.moveTo(world.clock.now() + 5 * MINUTE);
  await tables.setBilling(OLD);
  world.clock.moveTo(world.clock.now() + 5 * MINUTE);

  const live = async (minutes: number): Promise<string[]> => {
    const done: string[] = [];
    for (let left = minutes; left > 0; left -= 1) {
      const now = world.clock.now();
      const ports = { ...world.ports(), descriptions };
      const { results } = await runJob('scale', config, ports, now, {
        owner: `at-${now}`,
        backoff: impatient,
      });
      for (const { action, outcome } of results)
        if (action.table === OLD) done.push(`${action.kind} ${outcome}`);
      world.demand(OLD, 'read', 10);
      world.clock.moveTo(Math.max(now + MINUTE, world.clock.now()));
    }
    return done;
  };
  // It looks at the table once, and knows that it is on-demand.
  expect(await live(EVERY_MINUTES)).toEqual([]);
  await tables.setBilling(OLD, [units(1, 1)]);
  world.clock.moveTo(world.clock.now() + 5 * MINUTE);
  expect(await live(EVERY_MINUTES)).toContain('raise applied');
});
