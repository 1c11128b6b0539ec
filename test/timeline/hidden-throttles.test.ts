/** Requests that DynamoDB throttles although consumption stays well below capacity: bursts within a minute, withheld burst capacity. */
import { describe, expect, it } from 'vitest';
import type { MethodName } from '../../src/core/spec.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { currentTable, run } from '../support/worlds.ts';

const FROM = at('2026-11-21T06:00');
const CAPACITY = 100;
/** An hour, so that the history is known. Then minutes with throttles. */
const QUIET = 60;

interface Lived {
  /** Metrics asked for after the quiet time, and how many of them are not throttles. */
  readonly asked: number;
  readonly consumed: number;
  /** Minutes from the first throttled one until a hold or an action of writes. */
  readonly seenAfter: number | undefined;
  /** Minutes in which throttles of writes were read, of those after they were first seen. */
  readonly watched: number;
  readonly write: number;
  /** What was learned of writes: minutes, and demand, which includes what was throttled. */
  readonly learned: { readonly age: number; readonly demand: number };
}

/** Writes at 60% of the capacity. `throttled` requests per second are refused in some minutes after the quiet time. */
async function lived(
  method: MethodName,
  minutes: number,
  throttled: (minute: number) => number,
  outdated = 0,
): Promise<Lived> {
  const spec = specOf({
    keep: outdated + 1,
    backfill: outdated,
    full: units(CAPACITY, CAPACITY),
    scaling: { method },
    bounds: { read: { min: 100, max: 1000 }, write: { min: 100, max: 1000 } },
  });
  const config = configOf([spec]);
  const world = new World(FROM);
  await run('rotate', config, world, FROM);
  const read = world.metrics.read.bind(world.metrics);
  let asked = 0;
  let consumed = 0;
  let throttlesRead = 0;
  world.metrics.read = (queries, from, to) => {
    const own = queries.filter(({ table }) => !table.endsWith('.turntable'));
    asked += own.length;
    consumed += own.filter(({ metric }) => metric.startsWith('Consumed')).length;
    throttlesRead += own.filter(({ metric }) => metric === 'WriteThrottleEvents').length;
    return read(queries, from, to);
  };
  let seenAfter: number | undefined;
  let watched = 0;
  for (let minute = -QUIET; minute < minutes; minute += 1) {
    const now = FROM + (QUIET + minute + 2) * MINUTE;
    if (world.clock.now() < now) world.clock.moveTo(now);
    if (minute === 0) [asked, consumed] = [0, 0];
    throttlesRead = 0;
    const { results, holds } = await run('scale', config, world, now);
    if (seenAfter !== undefined && throttlesRead > 0) watched += 1;
    const seen = [...results.map(({ action }) => action), ...holds].some(
      ({ kind, reason }) => kind === 'raise' && reason !== 'cool-down',
    );
    if (seen && minute >= 0) seenAfter ??= minute;
    const name = currentTable(world, spec, now)!;
    world.demand(name, 'read', 60);
    world.demand(name, 'write', 60);
    const refused = minute >= 0 ? throttled(minute) : 0;
    if (refused > 0)
      world.metrics.add(
        { metric: 'WriteThrottleEvents', table: name },
        Math.floor(now / MINUTE) * MINUTE,
        refused * 60,
      );
  }
  const name = currentTable(world, spec, FROM)!;
  const { write } = world.table(name).describe(world.clock.now()).capacities[0]!;
  const memory = (await world.ports().state.memories()).get('Events');
  const { age, memory: own } = memory ? JSON.parse(memory).write : { age: 0, memory: undefined };
  const learned = { age, demand: own?.totals?.demand ?? 0 };
  return { asked, consumed, seenAfter, watched, write, learned };
}

describe('throttled requests at 60% of the capacity', () => {
  it.each<[MethodName, number, boolean]>([
    ['predictive', 28, true],
    ['reactive', 3, true],
    ['step', 5, true],
    // As Application Auto Scaling, it follows consumption alone. So a hold says that it does not raise.
    ['target-tracking', 5, false],
  ])('are seen by %s within %i minutes', async (method, most, raises) => {
    const { seenAfter, write } = await lived(method, 45, () => 120);
    expect(seenAfter).toBeLessThanOrEqual(most);
    expect(write > CAPACITY).toBe(raises);
  });

  it.each([
    [2, 18],
    [4, 13],
    [8, 8],
  ])(
    'are seen the earlier, the more outdated tables a group has: %i, within %i minutes',
    async (outdated, most) => {
      const { seenAfter } = await lived('predictive', 30, () => 120, outdated);
      expect(seenAfter).toBeLessThanOrEqual(most);
    },
  );

  it('are read in every minute once they were seen', async () => {
    const { seenAfter, watched } = await lived('predictive', 60, () => 10);
    expect(seenAfter).toBeLessThanOrEqual(28);
    expect(watched).toBeGreaterThanOrEqual(60 - seenAfter! - 2);
  });

  it('are learned although they ended before they were read, and each minute counts once', async () => {
    const { learned } = await lived('predictive', 60, (minute) => (minute === 3 ? 120 : 0));
    const quiet = (await lived('predictive', 60, () => 0)).learned;
    expect(learned.demand - quiet.demand).toBeCloseTo(120, 0);
    expect(learned.age).toBe(quiet.age);
  });

  it('cost at most 20% more metrics than before if nothing is throttled', async () => {
    const { asked, consumed } = await lived('predictive', 300, () => 0);
    // Until 0.2.0, one sample of 30 asked for the throttles of hot partitions.
    expect(asked / (consumed * (1 + 1 / 30))).toBeLessThanOrEqual(1.2);
  });

  it.each([1, 3, 8])(
    'cost at most a fifth more metrics than before in a group with %i outdated tables',
    async (outdated) => {
      const MINUTES = 150;
      const { asked, consumed } = await lived('predictive', MINUTES, () => 0, outdated);
      // Until 0.2.0, each outdated table was asked for what its reads consumed and throttled, every 30 minutes.
      const ended = (MINUTES / 30) * outdated;
      // Since 0.2.0, it is also asked once in three hours for what its writes consumed.
      const before = (consumed - ended - outdated) * (1 + 1 / 30) + 2 * ended;
      expect(asked / before).toBeLessThanOrEqual(1.2);
    },
  );
});
