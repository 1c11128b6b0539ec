/** If CloudWatch delivers other metrics, missing datapoints mean no demand. Otherwise, they mean nothing. */
import { describe, expect, it } from 'vitest';
import type { MethodName } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, HOUR, MINUTE, specOf, units } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const START = at('2026-11-21T06:00');
const TABLE = 'production.Events';
const FULL = 100;
const USED_MINUTES = 90;
const IN_USE = 90;

/** A table that is used for a while, or never, and its capacity after that. */
async function walk(
  method: MethodName,
  usedMinutes: number,
  flow: (minute: number) => boolean,
  zeros = false,
) {
  const spec = specOf({ scheme: 'none', keep: Infinity, full: units(FULL, FULL), scaling: { method } });
  const config = configOf([spec]);
  const world = new World(START);
  await run('rotate', config, world);
  world.metrics.flow = flow;
  const reported = new Set<string>();
  const capacityAfter = async (until: number): Promise<number> => {
    while (world.clock.now() < until) {
      const now = Math.max(world.clock.now(), Math.ceil((world.clock.now() + 1) / MINUTE) * MINUTE);
      world.clock.moveTo(now);
      for (const { message } of (await run('scale', config, world, now)).holds) reported.add(message);
      if (world.clock.now() < START + usedMinutes * MINUTE) world.demand(TABLE, 'write', FULL / 2);
      else if (zeros) world.demand(TABLE, 'write', 0);
    }
    return (await world.ports().tables.describe(TABLE))!.capacities[0]!.write;
  };
  return { capacityAfter, reported };
}

const ended = START + USED_MINUTES * MINUTE;

describe.each<MethodName>(['predictive', 'reactive', 'target-tracking', 'step'])('%s', (method) => {
  it('lowers an unused table after an hour', async () => {
    const { capacityAfter } = await walk(method, USED_MINUTES, () => true);
    const before = await capacityAfter(ended + 50 * MINUTE);
    expect(before).toBeGreaterThanOrEqual(FULL / 2);
    expect(await capacityAfter(ended + 5 * HOUR)).toBeLessThan(before);
  });

  it('keeps capacity while CloudWatch delivers no metrics, and reports it', async () => {
    const back = ended + 6 * HOUR;
    const { capacityAfter, reported } = await walk(
      method,
      USED_MINUTES,
      (minute) => minute < ended || minute > back,
    );
    const before = await capacityAfter(ended + 3 * MINUTE);
    expect(await capacityAfter(back)).toBe(before);
    expect([...reported].join('\n')).toContain('CloudWatch has no data for the state table either');
    expect(await capacityAfter(back + 5 * HOUR)).toBeLessThan(before);
  });

  it.each([0, 1, 2])(
    'keeps the capacity of a used table until its metrics arrive, %i minutes after others',
    async (late) => {
      const spec = specOf({ scheme: 'none', keep: Infinity, full: units(FULL, FULL), scaling: { method } });
      const config = configOf([spec]);
      const world = new World(START);
      await run('rotate', config, world);
      const back = ended + 6 * HOUR;
      world.metrics.flow = (minute) => minute < ended || minute >= back;
      for (let now = START + MINUTE; now <= back + (late + 2) * MINUTE; now += MINUTE) {
        world.clock.moveTo(now);
        await run('scale', config, world, now);
        if (now < ended || now >= back + late * MINUTE) world.demand(TABLE, 'write', IN_USE);
        const { write } = (await world.ports().tables.describe(TABLE))!.capacities[0]!;
        expect(write).toBeGreaterThanOrEqual(IN_USE);
      }
    },
  );

  it('lowers capacity if datapoints of zero arrive', async () => {
    const { capacityAfter } = await walk(method, USED_MINUTES, () => false, true);
    const before = await capacityAfter(ended);
    expect(await capacityAfter(ended + 5 * HOUR)).toBeLessThan(before);
  });

  it('keeps the capacity of a table that never had datapoints until other metrics arrive', async () => {
    const deaf = await walk(method, 0, () => false);
    expect(await deaf.capacityAfter(START + 6 * HOUR)).toBe(FULL);
    const heard = await walk(method, 0, () => true);
    expect(await heard.capacityAfter(START + 6 * HOUR)).toBeLessThan(FULL);
  });
});
