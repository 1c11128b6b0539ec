/** A rotated group with Billing auto. */
import { expect, it } from 'vitest';
import { prices } from '../../src/core/prices.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, DAY, HOUR, MINUTE, predictiveSpec } from '../support/specs.ts';
import { currentTable, run, sayResults } from '../support/worlds.ts';

const FROM = at('2028-02-10');
const DAYS = 8;

const spec = predictiveSpec({ billing: 'auto' });
const config = configOf([spec]);

/**
 * Writes per second. An index gets the same number, and reads are a quarter. Two days of rare bursts are followed by
 * four and a half days of steady demand, and a day and a half of bursts that exceed every burst capacity.
 */
function demandAt(now: number): number {
  const minute = Math.floor(now / MINUTE);
  const day = (now - FROM) / DAY;
  if (day < 2) return minute % 437 < 4 ? 300 : 2;
  if (day > 6.5) return minute % 437 < 4 ? 2_000 : 2;
  return 300 + 200 * Math.sin((((now % DAY) / HOUR - 10) / 24) * 2 * Math.PI) + (minute % 7);
}

const dollars = (dimension: 'read' | 'write', provisioned: number, requested: number): number =>
  (provisioned * prices.unitHour[dimension]) / 60 +
  requested * 60 * (prices.onDemandMillion[dimension] / 1e6);

it('serves rare bursts on-demand, provisions steady demand, and costs less than on-demand', async () => {
  const world = new World(FROM);
  const switches: string[] = [];
  const modes: Record<string, string> = {};
  let paid = 0;
  let onDemand = 0;
  let demanded = 0;
  let throttled = 0;
  const add = world.metrics.add.bind(world.metrics);
  world.metrics.add = (query, minute, sum) => {
    if (/^(Read|Write)ThrottleEvents$/.test(query.metric)) throttled += sum / 60;
    add(query, minute, sum);
  };

  for (let now = FROM; now < FROM + DAYS * DAY; now += MINUTE) {
    if (world.clock.now() < now) world.clock.moveTo(now);
    const minute = (now / MINUTE) % 60;
    if (now === FROM || [5, 50, 54].includes(minute)) await run('rotate', config, world, now);
    if ((now / MINUTE) % 1440 === 215) await run('purge', config, world, now);
    const scaled = await run('scale', config, world, now);
    expect(scaled.outcome, new Date(now).toISOString()).toBe('done');
    for (const result of scaled.results)
      if (result.action.kind === 'billing')
        switches.push(
          `${new Date(now).toISOString().slice(5, 16)} ${sayResults({ ...scaled, results: [result] })} ${result.action.billingMode}: ${result.action.message}`,
        );
    const name = currentTable(world, spec, now)!;
    if (world.table(name).status(world.clock.now()) === 'CREATING') continue;
    const writes = demandAt(now);
    for (const [index, dimension, demand] of [
      [undefined, 'write', writes],
      ['byUser', 'write', writes],
      [undefined, 'read', writes / 4],
    ] as const) {
      world.demand(name, dimension, demand, index);
      demanded += demand;
      onDemand += dollars(dimension, 0, demand);
      if (world.table(name).servesOnDemand(world.clock.now())) paid += dollars(dimension, 0, demand);
    }
    for (const each of world.names())
      for (const { read, write } of world.table(each).describe(now).capacities)
        paid += dollars('read', read, 0) + dollars('write', write, 0);
    if ((now / MINUTE) % 1440 === 720)
      modes[new Date(now).toISOString().slice(5, 10)] = world
        .names()
        .map((each) => `${each.slice(-4)} ${world.table(each).describe(now).billingMode}`)
        .join(', ');
  }
  expect(switches).toMatchInlineSnapshot(`
    [
      "02-14T00:39 billing production.Events.20280214: applied PROVISIONED: Switch to provisioned: about USD 216.57 per month instead of USD 688.82, with at most 0.35% of writes throttled without the largest event, by the demand of about 2.2 days. Throughput: 56 reads/s, 223 writes/s, index byUser 5 reads/s, 223 writes/s.",
      "02-14T23:53 billing production.Events.20280215: applied PROVISIONED: Switch to provisioned: matches the current table before its period starts at 2028-02-15 00:00 UTC. Throughput: 61 reads/s, 242 writes/s, index byUser 5 reads/s, 225 writes/s.",
      "02-15T23:53 billing production.Events.20280216: applied PROVISIONED: Switch to provisioned: matches the current table before its period starts at 2028-02-16 00:00 UTC. Throughput: 57 reads/s, 228 writes/s, index byUser 5 reads/s, 196 writes/s.",
      "02-16T14:46 billing production.Events.20280216: applied PAY_PER_REQUEST: Switch to on-demand: 0.52% of writes were throttled over about 2.7 days. The limit is 0.5%.",
    ]
  `);
  expect(modes).toMatchInlineSnapshot(`
    {
      "02-10": "0210 PAY_PER_REQUEST, 0211 PAY_PER_REQUEST",
      "02-11": "0210 PAY_PER_REQUEST, 0211 PAY_PER_REQUEST, 0212 PAY_PER_REQUEST",
      "02-12": "0210 PAY_PER_REQUEST, 0211 PAY_PER_REQUEST, 0212 PAY_PER_REQUEST, 0213 PAY_PER_REQUEST",
      "02-13": "0211 PAY_PER_REQUEST, 0212 PAY_PER_REQUEST, 0213 PAY_PER_REQUEST, 0214 PAY_PER_REQUEST",
      "02-14": "0212 PAY_PER_REQUEST, 0213 PAY_PER_REQUEST, 0214 PROVISIONED, 0215 PAY_PER_REQUEST",
      "02-15": "0213 PAY_PER_REQUEST, 0214 PROVISIONED, 0215 PROVISIONED, 0216 PAY_PER_REQUEST",
      "02-16": "0214 PROVISIONED, 0215 PROVISIONED, 0216 PROVISIONED, 0217 PAY_PER_REQUEST",
      "02-17": "0215 PROVISIONED, 0216 PAY_PER_REQUEST, 0217 PAY_PER_REQUEST, 0218 PAY_PER_REQUEST",
    }
  `);
  expect(throttled / demanded).toBeLessThan(0.005);
  expect(paid).toBeLessThan(onDemand);
});
