/** Carries out the tick of a shard. */

import pMap from 'p-map';
import { iso } from '../core/calendar/instant.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import { missingTables, type Table } from '../core/fleet.ts';
import type { Planner } from '../core/planners.ts';
import { shardId } from '../core/sharding/ids.ts';
import { layoutOf } from '../core/sharding/layout.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports, Tick } from '../ports.ts';
import { attempt } from './attempt.ts';
import { READS_PER_SECOND, ReadRate } from './read-rate.ts';
import { type RunOptions, runPlanner, type Summary } from './running.ts';
import { shardState } from './shard-state.ts';
import { CONCURRENT_READS } from './table-reads.ts';

/** By then, the next tick has newer metrics. */
const OLDEST_TICK_MS = 60 * SECOND_MS;

/** A tick, and when the queue got it, epoch milliseconds. */
export interface SentTick extends Tick {
  readonly sentAt: number;
}

/** Why a tick is not carried out any more, in words; undefined if it is. */
function whyDropped(tick: SentTick, config: Config, now: number): string | undefined {
  const { sentAt, shards, stamp } = tick;
  const ageMs = now - sentAt;
  if (ageMs > OLDEST_TICK_MS)
    return `The tick is ${Math.round(ageMs / SECOND_MS)} seconds old, and the next one has newer metrics. A run of this shard took long, or its worker died.`;
  if (layoutOf(config, shards).stamp !== stamp)
    return 'The coordinator had other specs than this worker. The next tick comes within a minute.';
  return undefined;
}

/**
 * The tables of a shard: those of its tick, which can be two minutes old, and what its groups need and rotate has created since. A
 * table that was deleted since is still among them, until a planner asks for its description.
 */
async function presentOf(
  specs: readonly Spec[],
  names: readonly string[],
  { tables, clock }: Ports,
  { at, shards }: Tick,
): Promise<string[]> {
  const listed = new Set(names);
  const lacking = specs.flatMap((spec) => missingTables(spec, listed, at));
  const rate = new ReadRate(READS_PER_SECOND / shards, clock);
  const look = async ({ name }: Table): Promise<string[]> => {
    await rate.next();
    const described = await attempt(() => tables.describe(name));
    return 'value' in described && described.value ? [name] : [];
  };
  const found = await pMap(lacking, look, { concurrency: CONCURRENT_READS });
  return [...names, ...found.flat()];
}

/**
 * Runs the job of a planner for one shard: for its groups, with its tables, its part of the account's limits and its part of the quotas
 * of AWS's calls. @throws ServiceError as `runPlanner` does
 */
export async function runShard(
  planner: Planner,
  config: Config,
  ports: Ports,
  tick: SentTick,
  options: RunOptions,
): Promise<Summary> {
  const { shard, shards, at, names, elsewhere } = tick;
  const dropped = whyDropped(tick, config, ports.clock.now());
  if (dropped !== undefined) {
    const base = { job: planner.job, environment: config.environment, at: iso(at) };
    return { ...base, outcome: 'skipped', message: dropped, results: [], holds: [] };
  }
  const specs = layoutOf(config, shards).specs[shard] ?? [];
  const groups = specs.map(({ name }) => name);
  const own: Ports = {
    ...ports,
    tables: { ...ports.tables, list: () => presentOf(specs, names, ports, tick) },
    state: shardState(ports.state, tick, groups),
    share: { workers: shards, elsewhere },
  };
  const part: Config = { ...config, specs, changesPerSecond: config.changesPerSecond / shards };
  const summary = await runPlanner(planner, part, own, at, options);
  return { ...summary, message: `${shardId(shard)}: ${summary.message}` };
}
