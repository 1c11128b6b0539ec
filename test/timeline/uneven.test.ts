/** Bursts within minutes that DynamoDB throttles, because it withholds burst capacity: the scale Lambda finds what they need. */
import { expect, it } from 'vitest';
import { serveStretches } from '../../src/core/capacity/burst.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { unevenSeries } from '../support/uneven.ts';
import { run } from '../support/worlds.ts';

const FROM = at('2026-11-21T06:00');
const HOURS = 5;
const TABLE = 'production.Events';

it('serves ten seconds at 2,000/s of each minute within an hour, and throttles at most 5% from then on', async () => {
  const bounds = { min: 1, max: 40_000 };
  const spec = specOf({
    scheme: 'none',
    keep: Infinity,
    full: units(1, 858),
    scaling: { method: 'predictive' },
    bounds: { read: bounds, write: bounds },
  });
  const config = configOf([spec]);
  const world = new World(FROM - 10 * MINUTE);
  await run('rotate', config, world);
  const { demand, within } = unevenSeries('uneven', { base: 320, burst: 2_000, seconds: 10 }, HOURS);
  const throttled: number[] = [];
  for (let t = 0; t < demand.length; t += 1) {
    const now = FROM + t * MINUTE;
    world.clock.moveTo(now);
    await run('scale', config, world, now);
    world.clock.moveTo(now + MINUTE - 1);
    const { write } = world.table(TABLE).describe(world.clock.now()).capacities[0]!;
    const minute = serveStretches(within!(t), write, 0, 0);
    world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table: TABLE }, now, minute.consumed * 60);
    if (minute.throttled > 0)
      world.metrics.add({ metric: 'WriteThrottleEvents', table: TABLE }, now, minute.throttled * 60);
    throttled.push(minute.throttled / demand[t]!);
  }
  const mean = (shares: readonly number[]): number => shares.reduce((a, b) => a + b, 0) / shares.length;
  expect(throttled[0]).toBeGreaterThan(0.3);
  expect(mean(throttled.slice(0, 60))).toBeLessThan(0.15);
  expect(mean(throttled.slice(60))).toBeLessThan(0.01);
});
