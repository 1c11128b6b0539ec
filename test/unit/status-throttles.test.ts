import { expect, it } from 'vitest';
import { viewStatus } from '../../src/cli/views/status.ts';
import { allJobs } from '../../src/core/jobs.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import { fleetStatus } from '../../src/jobs/status.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TODAY = 'production.Events.20261121';

it('counts the same throttled requests in status and in the plan', async () => {
  const config = configOf([
    specOf({ full: units(10, 10), outdated: units(10, 10), scaling: { method: 'none' } }),
  ]);
  const world = new World(NOON - 30 * MINUTE);
  await run('rotate', config, world);
  for (let minute = 0; minute < 30; minute += 1) {
    world.demand(TODAY, 'write', minute < 12 ? 5 : 500);
    world.clock.moveTo(world.clock.now() + MINUTE);
  }
  const { plan } = await makePlan(allJobs, config, world.ports(), NOON);
  const status = await fleetStatus(config, world.ports(), NOON);
  const shortage = plan.holds.find(({ table }) => table === TODAY)?.shortage;
  const refused = status.tables.find(({ name }) => name === TODAY)?.write?.refused;
  expect(refused?.minutes).toBeGreaterThan(5);
  expect(shortage).toMatchObject(refused!);
  const said = viewStatus(status);
  expect(said).toContain(
    `${refused!.requests.toLocaleString('en')} write requests throttled in ${refused!.minutes} min`,
  );
  expect(said).toMatch(/per second over the newest 5\s+minutes/);
});
