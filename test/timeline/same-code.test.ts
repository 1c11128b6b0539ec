/** A backtest shows what the Lambda does: the same demand leads to the same capacity, minute by minute. */
import { expect, it } from 'vitest';
import { replays } from '../../src/backtest/methods.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const START = at('2026-11-21T06:00');
const TABLE = 'production.Events';
const INITIAL = 300;

/**
 * Units per second: a daily swing, some noise, and a burst of some minutes every few hours. None begins within the hour before 00:00 UTC: a
 * backtest counts the decision at the end of a day for that day, and a run has the quota of the next one.
 */
function demandOf(minutes: number): Float64Array {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Float64Array.from({ length: minutes }, (_, t) => {
    const swing = 200 + 120 * Math.sin((t / 1440) * 2 * Math.PI);
    const burst = t % 331 > 0 && t % 331 < 8 ? 500 : 0;
    return swing * (0.9 + 0.2 * random()) + burst;
  });
}

/** The same demand, which stops for three hours. A minute without demand has no datapoint. */
const withOutage = (demand: Float64Array): Float64Array =>
  demand.map((units, t) => (t >= 1_500 && t < 1_680 ? 0 : units));

it.each([
  ['three days', demandOf(3 * 1440)],
  ['an outage', withOutage(demandOf(2 * 1440))],
])('scales one table as the backtest does: %s', async (_, demand) => {
  const bounds = { read: { min: 1, max: 40_000 }, write: { min: 1, max: 40_000 } };
  const full = units(1, INITIAL);
  const scaling = { method: 'predictive' } as const;
  const config = configOf([specOf({ scheme: 'none', keep: Infinity, full, bounds, scaling })]);
  // A change takes effect within two minutes, and the table accepts no other change until then.
  const world = new World(START - 10 * MINUTE, { updateMs: MINUTE + 1 });
  await run('rotate', config, world);
  world.clock.moveTo(START);
  world.fillBurst(TABLE, 'write');

  const capacity: number[] = [];
  for (let t = 0; t < demand.length; t += 1) {
    // The run of a minute is at its end, which is the beginning of the next one.
    const now = START + t * MINUTE;
    if (t > 1) await run('scale', config, world, now);
    world.clock.moveTo(now + 2);
    capacity.push((await world.ports().tables.describe(TABLE))!.capacities[0]!.write);
    if (demand[t]! > 0) world.demand(TABLE, 'write', demand[t]!);
    world.clock.moveTo(now + MINUTE);
  }

  const replayed = replays.predictive!({ name: 'same', start: START, demand }, { initial: INITIAL });
  const changes = (all: ArrayLike<number>): string[] =>
    Array.from(all).flatMap((units, t) =>
      t > 0 && units !== all[t - 1] ? [`${t}: ${all[t - 1]} → ${units}`] : [],
    );
  expect(changes(capacity)).toEqual(changes(replayed.capacity));
  expect(changes(capacity).length).toBeGreaterThan(10);
});

it('becomes provisioned when the backtest does, within one sample, and at the same capacity', async () => {
  const demand = demandOf(4_000).map((units) => Math.min(units, 400));
  const bounds = { read: { min: 1, max: 40_000 }, write: { min: 1, max: 40_000 } };
  const scaling = { method: 'predictive' } as const;
  const spec = specOf({ scheme: 'none', keep: Infinity, bounds, scaling, billing: 'auto' });
  const config = configOf([spec]);
  const world = new World(START - 10 * MINUTE);
  await run('rotate', config, world);
  let switched: { t: number; write: number } | undefined;
  for (let t = 0; t < demand.length && !switched; t += 1) {
    world.clock.moveTo(START + t * MINUTE);
    const results = t > 1 ? (await run('scale', config, world)).results : [];
    for (const { action } of results)
      if (action.kind === 'billing') switched = { t, write: action.throughput![0]!.write };
    world.demand(TABLE, 'write', demand[t]!);
  }

  const series = { name: 'same', start: START, demand };
  const replayed = replays['predictive-auto-billing']!(series, {}).capacity;
  const provisioned = replays.predictive!(series, {}).capacity;
  // Burst capacity starts empty, so that the table needs at least the highest minute of the last hour.
  const atSwitch = (t: number): number => Math.ceil(Math.max(provisioned[t]!, ...demand.slice(t - 62, t)));
  const from = replayed.findIndex((units, t) => units !== demand[t]);
  expect(from).toBeGreaterThan(1_296);
  expect(switched?.t).toBeGreaterThanOrEqual(from - 2);
  expect(switched?.t).toBeLessThan(from + 8);
  expect(Array.from({ length: 12 }, (_, i) => atSwitch(from - 4 + i))).toContain(switched?.write);
});
