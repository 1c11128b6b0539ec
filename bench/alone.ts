/** The coordinator and the planner of a shard without AWS: what their own code takes for a fleet. */
import { bodyOf } from '../src/aws/tick-message.ts';
import { tableName } from '../src/core/calendar/naming.ts';
import { periodAt } from '../src/core/calendar/period.ts';
import { planScale } from '../src/core/scaling/scale.ts';
import { layoutOf } from '../src/core/sharding/layout.ts';
import type { Spec } from '../src/core/spec.ts';
import { coordinate } from '../src/jobs/coordinate.ts';
import { World } from '../test/support/sim/world.ts';
import { at, configOf, DAY, MINUTE, specOf, units } from '../test/support/specs.ts';
import { type Known, observedOf } from '../test/support/worlds.ts';

const SHARDS = 64;
const TABLES_A_GROUP = 10;
const NOON = at('2026-11-21T12:00');
const LEARNED_MINUTES = 20;

/** Processor time of some work, milliseconds. */
async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const namesOf = (spec: Spec): string[] =>
  Array.from({ length: TABLES_A_GROUP }, (_, i) => tableName(spec, periodAt('daily', NOON - (i - 1) * DAY)));

/** A row: tables, the coordinator's first minute and its later ones, its largest message, and the planner of one shard. */
export async function measureAlone(tables: number): Promise<string[]> {
  const specs = Array.from({ length: tables / TABLES_A_GROUP }, (_, i) =>
    specOf({ name: `Group${i}`, keep: TABLES_A_GROUP - 1, full: units(5, 5), outdated: units(1, 1) }),
  );
  const config = configOf(specs);
  const names = specs.flatMap(namesOf);
  const world = new World(NOON);
  const ports = world.ports();
  let largest = 0;
  const send = async (ticks: Parameters<typeof bodyOf>[0][]): Promise<void> => {
    largest = Math.max(...ticks.map((tick) => bodyOf(tick).length));
  };
  const minute = (now: number) =>
    coordinate(
      config,
      { ...ports, tables: { ...ports.tables, list: async () => names }, ticks: { send: send as never } },
      now,
      { shards: SHARDS },
    );
  const first = await cpuOf(() => minute(NOON));
  const later: number[] = [];
  for (let i = 1; i <= 5; i += 1) {
    world.clock.moveTo(NOON + i * MINUTE);
    later.push(await cpuOf(() => minute(NOON + i * MINUTE)));
  }
  const own = layoutOf(config, SHARDS).specs[0]!;
  const observed = observedOf(own.flatMap(knownOf));
  const planner = await cpuOf(() => planScale(configOf(own), observed, NOON));
  const median = later.sort((a, b) => a - b)[2]!;
  return [
    String(tables),
    first.toFixed(0),
    median.toFixed(0),
    (largest / 1024).toFixed(1),
    planner.toFixed(0),
  ];
}

/** What a shard knows of a group, with even demand. */
function knownOf(spec: Spec): Known[] {
  return Array.from({ length: TABLES_A_GROUP }, (_, place): Known => {
    const age = place - 1;
    const period = periodAt('daily', NOON - age * DAY);
    const minutes = Array.from({ length: LEARNED_MINUTES }, (__, i) => ({
      at: NOON - (LEARNED_MINUTES - i) * MINUTE,
      consumed: age === 0 ? 3 : 0,
      throttled: 0,
    }));
    return {
      spec,
      name: tableName(spec, period),
      state: { createdAt: period.start - DAY },
      table: age === 0 || age === -1 ? units(5, 5) : units(1, 1),
      demand: [{ read: minutes, write: minutes }],
    };
  });
}
