/** A rotated group under the default method: one series over all of its tables. */
import { expect, it } from 'vitest';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, predictiveSpec } from '../support/specs.ts';
import { currentTable, run } from '../support/worlds.ts';

const FROM = at('2028-02-10');
const DAYS = 3;

const spec = predictiveSpec();
const config = configOf([spec]);

/** Units per second: low at night and high in the evening. */
const demandAt = (now: number): number =>
  300 + 200 * Math.sin((((now % DAY) / HOUR - 10) / 24) * 2 * Math.PI);

it('follows demand over midnight, keeps other tables low, and reads few metrics', async () => {
  const world = new World(FROM);
  const read = world.metrics.read.bind(world.metrics);
  let metricReads = 0;
  world.metrics.read = (queries, from, to) => {
    metricReads += queries.length;
    return read(queries, from, to);
  };
  const standing: Record<string, string[]> = {};
  let throttled = 0;
  let provisioned = 0;
  let demanded = 0;
  let largest = 0;
  let readsAfterFirstDay = 0;
  const noted = new Set(['23:45', '23:58', '00:04', '00:12']);

  for (let now = FROM; now < FROM + DAYS * DAY; now += MINUTE) {
    if (world.clock.now() < now) world.clock.moveTo(now);
    const minute = (now / MINUTE) % 60;
    if (now === FROM || [5, 50, 54].includes(minute)) await run('rotate', config, world, now);
    if ((now / MINUTE) % 1440 === 215) await run('purge', config, world, now);
    if (now === FROM + DAY) readsAfterFirstDay = metricReads;
    // The memory is lost once, and is learned again from metrics.
    if (now === FROM + 2 * DAY + 15 * HOUR) await world.ports().state.remember('Events', '');
    const scaled = await run('scale', config, world, now);
    expect(scaled.outcome, new Date(now).toISOString()).toBe('done');
    const name = currentTable(world, spec, now)!;
    if (world.table(name).status(world.clock.now()) === 'CREATING') continue;
    const wanted = demandAt(now);
    world.demand(name, 'write', wanted);
    world.demand(name, 'write', wanted, 'byUser');
    world.demand(name, 'read', wanted / 4);
    if (now < FROM + DAY) continue;
    const [series] = await read(
      [{ metric: 'WriteThrottleEvents', table: name }],
      now - 3 * MINUTE,
      now - 2 * MINUTE,
    );
    if (series && 'sums' in series) for (const requests of series.sums.values()) throttled += requests / 60;
    demanded += wanted;
    for (const each of world.names()) provisioned += world.table(each).describe(now).capacities[0]!.write;
    for (const text of (await world.ports().state.memories()).values())
      largest = Math.max(largest, text.length);
    const time = new Date(now).toISOString().slice(11, 16);
    if (now < FROM + 2 * DAY + HOUR && noted.has(time))
      standing[`${new Date(now).toISOString().slice(5, 16)}`] = world.names().map((each) => {
        const [own, byUser] = world.table(each).describe(now).capacities;
        return `${each.slice(-4)}: ${own?.read}/${own?.write} byUser ${byUser?.read}/${byUser?.write}`;
      });
  }

  expect(standing).toMatchInlineSnapshot(`
    {
      "02-11T00:04": [
        "0210: 55/109 byUser 5/118",
        "0211: 45/179 byUser 5/179",
      ],
      "02-11T00:12": [
        "0210: 5/5 byUser 5/5",
        "0211: 45/179 byUser 5/179",
        "0212: 5/5 byUser 5/5",
      ],
      "02-11T23:45": [
        "0210: 5/5 byUser 5/5",
        "0211: 53/210 byUser 5/235",
        "0212: 5/5 byUser 5/5",
      ],
      "02-11T23:58": [
        "0210: 5/5 byUser 5/5",
        "0211: 53/210 byUser 5/189",
        "0212: 53/210 byUser 5/189",
      ],
      "02-12T00:04": [
        "0210: 5/5 byUser 5/5",
        "0211: 53/105 byUser 5/95",
        "0212: 53/210 byUser 5/189",
      ],
      "02-12T00:12": [
        "0210: 5/5 byUser 5/5",
        "0211: 5/5 byUser 5/5",
        "0212: 45/179 byUser 5/189",
        "0213: 5/5 byUser 5/5",
      ],
    }
  `);
  // The method may throttle 0.05% of the demand.
  expect(throttled / demanded).toBeLessThan(0.0001);
  expect(provisioned / demanded).toBeLessThan(1.35);
  // For four dimensions, including those of tables whose period has ended. 1,000 metrics a day cost USD 0.30 per month.
  expect((metricReads - readsAfterFirstDay) / (DAYS - 1) / 4).toBeLessThan(1_200);
  expect(largest).toBeLessThan(40_000);
});
