/** Worlds whose tables have consumers of their changes. */
import type { Hold } from '../../src/core/plan.ts';
import type { Config } from '../../src/core/spec.ts';
import type { Properties } from '../../src/generated/tables.ts';
import { makePlan } from '../../src/jobs/plan.ts';
import type { Ports } from '../../src/ports.ts';
import { World } from './sim/world.ts';
import { at, configOf, MINUTE, type SpecOptions, specOf } from './specs.ts';
import { run } from './worlds.ts';

export const NOON = at('2026-11-21T12:00');
export const TODAY = 'production.Events.20261121';
export const TOMORROW = 'production.Events.20261122';

const properties: Partial<Properties> = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

/** A daily group whose changes the function `visits` gets. */
export const withConsumers = (options: SpecOptions = {}): Config =>
  configOf([specOf({ properties, consumers: ['visits'], ...options })]);

/** A world five minutes after `now`, when rotate has created the tables and attached the consumers. */
export async function rotated(config: Config, now = NOON): Promise<World> {
  const world = new World(now);
  await run('rotate', config, world);
  world.clock.moveTo(now + 5 * MINUTE);
  return world;
}

/** The same world with other ports. */
export const withPorts = (world: World, change: (ports: Ports) => Ports): World =>
  Object.assign(Object.create(world) as World, { ports: () => change(world.ports()) });

/** The event source mapping of a table's stream. */
export function mappingOf(world: World, table: string, consumer = 'visits') {
  const { stream } = world.table(table).describe(world.clock.now());
  return world.lambda.all(consumer).find(({ source }) => source === stream);
}

/** `kind table reason`, with `!` if urgent. */
export const sayHolds = (holds: readonly Hold[]): string[] =>
  holds.map(({ kind, table, reason, urgent }) => `${kind} ${table} ${reason}${urgent ? '!' : ''}`);

/** What rotate holds at the clock's time. */
export async function holdsOf(world: World, config: Config): Promise<readonly Hold[]> {
  const { plan } = await makePlan(['rotate'], config, world.ports(), world.clock.now());
  return plan.holds;
}
