/** Requests that stay throttled although capacity is raised, and a rising demand that raises follow. */
import { describe, expect, it } from 'vitest';
import type { MethodName, Spec } from '../../src/core/spec.ts';
import type { Summary } from '../../src/jobs/run.ts';
import { World } from '../support/sim/world.ts';
import { at, configOf, MINUTE, specOf, units } from '../support/specs.ts';
import { currentTable, run } from '../support/worlds.ts';

const FROM = at('2026-11-21T06:00');
const METHODS: readonly MethodName[] = ['predictive', 'step', 'reactive', 'target-tracking'];
/** Minutes of ordinary demand before the story. */
const BEFORE = 70;

interface Minute {
  readonly served: number;
  readonly throttled: number;
}

interface Lived {
  readonly runs: readonly Summary[];
  /** Capacity of writes after each run. */
  readonly capacity: readonly number[];
}

/** Lives some minutes of writes, units per second, that may depend on the capacity. Metrics of a minute are known one minute later. */
async function lived(
  method: MethodName,
  minutes: number,
  writes: (minute: number, capacity: number) => Minute,
): Promise<Lived> {
  const bounds = { min: 1, max: 1000 };
  const spec: Spec = specOf({
    full: units(50, 50),
    scaling: { method },
    bounds: { read: bounds, write: bounds },
  });
  const config = configOf([spec]);
  const world = new World(FROM);
  await run('rotate', config, world, FROM);
  const table = currentTable(world, spec, FROM)!;
  const unitsNow = () => world.table(table).describe(world.clock.now()).capacities[0]!.write;
  const live = (at: number, { served, throttled }: Minute): void => {
    world.metrics.add({ metric: 'ConsumedReadCapacityUnits', table }, at, 20 * 60);
    world.metrics.add({ metric: 'ConsumedWriteCapacityUnits', table }, at, served * 60);
    if (throttled > 0) world.metrics.add({ metric: 'WriteThrottleEvents', table }, at, throttled * 60);
  };
  for (let minute = 0; minute < BEFORE; minute += 1) live(FROM + minute * MINUTE, writes(-1, 50));
  const runs: Summary[] = [];
  const capacity: number[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const now = FROM + (BEFORE + minute) * MINUTE;
    world.clock.moveTo(now);
    runs.push(await run('scale', config, world, now));
    capacity.push(unitsNow());
    world.clock.moveTo(now + MINUTE - 1);
    live(now, writes(minute, unitsNow()));
  }
  return { runs, capacity };
}

const failed = ({ runs }: Lived): number[] =>
  runs.flatMap(({ outcome }, minute) => (outcome === 'failed' ? [minute] : []));

/** The runs that lowered writes, from a minute on. */
const lowered = ({ runs }: Lived, from: number): string[] =>
  runs
    .slice(from)
    .flatMap(({ results }) =>
      results.flatMap(({ action }) =>
        'changes' in action && action.changes.some(({ from, to }) => to.write < from.write)
          ? [action.message]
          : [],
      ),
    );

const said = (runs: readonly Summary[]): string =>
  runs.flatMap(({ holds }) => holds.map(({ kind, message }) => `${kind}: ${message}`)).join('\n');

describe.each(METHODS)('Writes that throttle far below their capacity, with the method %s', (method) => {
  it('are not lowered, and fail the runs with figures, whether they are raised or not', async () => {
    const one = await lived(method, 20, (minute) => ({ served: 20, throttled: minute < 2 ? 0 : 120 }));
    expect(lowered(one, 4)).toEqual([]);
    const [first = 20] = failed(one);
    expect(first).toBeGreaterThanOrEqual(8);
    expect(first).toBeLessThanOrEqual(10);
    expect(failed(one)).toEqual([...one.runs.keys()].slice(first));
    expect(said([one.runs[first]!])).toMatch(
      /raise: Writes are throttled.* Consumption is only 20\/s of \d+ provisioned, so a hot partition or short bursts are the likely cause\. DynamoDB throttled \d+ write requests \(86% of the demand\) in \d minutes since 2026-11-21 07:12 UTC\./,
    );
    expect(one.runs[first]!.message).toContain('1 table cannot serve what is asked of it.');
  });

  it('are not lowered although consumption falls while they throttle', async () => {
    const one = await lived(method, 40, (minute) =>
      minute < 0 ? { served: 40, throttled: 0 } : { served: 4, throttled: 20 },
    );
    expect(lowered(one, 2)).toEqual([]);
    if (method === 'target-tracking')
      expect(said(one.runs)).toMatch(
        /lower: Writes can be lowered to \d+ \(4\/s is \d+% of \d+, target 70%\) after 5 minutes without throttled requests\. DynamoDB throttled \d+ write requests/,
      );
  });
});

const rising: readonly [string, (minute: number) => number][] = [
  ['rises by 30/s each minute', (minute) => Math.min(150, 40 + Math.max(0, minute) * 30)],
  ['jumps from 40/s to 150/s', (minute) => (minute < 0 ? 40 : 150)],
  ['doubles every ten minutes', (minute) => Math.min(200, 40 * 2 ** (Math.max(0, minute) / 10))],
];

describe.each(METHODS)('A demand that raises of the method %s follow fails no run', (method) => {
  it.each(rising)('if it %s', async (_, demandAt) => {
    const one = await lived(method, 30, (minute, capacity) => ({
      served: Math.min(demandAt(minute), capacity),
      throttled: Math.max(0, demandAt(minute) - capacity),
    }));
    expect(failed(one)).toEqual([]);
    expect(one.capacity.at(-1)).toBeGreaterThanOrEqual(demandAt(29));
  });
});

it('A demand that stays beyond the capacity for 15 minutes of raises fails the runs', async () => {
  const one = await lived('step', 25, (minute, capacity) =>
    minute < 0 ? { served: 40, throttled: 0 } : { served: capacity, throttled: 10 },
  );
  const [first] = failed(one);
  expect(first).toBeGreaterThanOrEqual(17);
  expect(first).toBeLessThanOrEqual(22);
  expect(said([one.runs[first!]!])).toMatch(
    /^raise: Writes are throttled, and raises to \d+ have not ended that\. Consumption is [\d.]+\/s of \d+ provisioned\. DynamoDB throttled/m,
  );
});
