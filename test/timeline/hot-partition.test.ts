/**
 * One key has more demand than its partition serves. This is reported, and no method raises capacity, because that
 * would not help.
 */
import { describe, expect, it } from 'vitest';
import type { MethodName } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { run } from '../support/worlds.ts';

const NOON = at('2026-11-21T12:00');
const TABLE = 'production.Events.20261121';
const PARTITION = 1000;

const withoutFigures = (message: string): string => message.replace(/ DynamoDB throttled .*/, '');

/** Three hours of writes, units per second. In the last two hours, `hot` of them are to one key. */
async function lived(method: MethodName, total: number, hot: number, index?: string) {
  const full = units(100, 2000);
  const indexes = { byUser: { full, outdated: units(5, 5) } };
  // A hot partition fails a run, unless its throttled requests are accepted.
  const settings = { acceptThrottling: ['write', 'write byUser'] };
  const config = configOf([specOf({ full, outdated: units(5, 5), indexes, scaling: { method }, settings })]);
  const world = new World(NOON - MINUTE);
  await run('rotate', config, world);
  const writes = () => world.table(TABLE).describe(world.clock.now()).capacities;
  const said = new Set<string>();
  let before = 0;
  for (let minute = 0; minute < 180; minute++) {
    world.clock.moveTo(Math.max(world.clock.now(), NOON + minute * MINUTE));
    const begun = minute >= 60;
    for (const each of [undefined, 'byUser']) {
      const here = begun && each === index;
      world.demand(TABLE, 'write', here ? total : 1200, each, here ? hot : 0);
    }
    const summary = await run('scale', config, world, NOON + minute * MINUTE);
    expect(summary.outcome).toBe('done');
    if (!begun) before = writes().find((one) => one.index === index)!.write;
    else
      for (const hold of summary.holds)
        if (hold.reason === 'hot-partition') said.add(withoutFigures(hold.message));
  }
  return { before, after: writes().find((one) => one.index === index)!.write, said: [...said] };
}

describe.each<MethodName>(['predictive', 'reactive', 'step', 'target-tracking'])('under %s', (method) => {
  it('raises nothing for requests that only a hot partition throttled, and reports them', async () => {
    const cold = 200;
    const { before, after, said } = await lived(method, PARTITION + 400 + cold, PARTITION + 400);
    expect(after).toBeLessThanOrEqual(before);
    expect(said).toEqual([
      'A hot partition throttled 24000 write requests in one minute. More capacity does not help.',
    ]);
  });

  it('raises capacity for other throttled requests', async () => {
    const cold = 2000;
    const { after, said } = await lived(method, PARTITION + 400 + cold, PARTITION + 400);
    expect(after).toBeGreaterThanOrEqual(PARTITION + cold);
    expect(after).toBeLessThan((PARTITION + cold) * 1.6);
    expect(said).toHaveLength(1);
  });
});

it('reports a hot partition of an index with the name of the index', async () => {
  const { said } = await lived('predictive', PARTITION + 40, PARTITION + 40, 'byUser');
  expect(said).toEqual([
    'A hot partition of index byUser throttled 2400 write requests in one minute. More capacity does not help.',
  ]);
});
