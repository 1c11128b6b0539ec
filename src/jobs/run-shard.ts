/** Carries out the tick of a shard. */
import { iso } from '../core/calendar/instant.ts';
import { SECOND_MS } from '../core/calendar/period.ts';
import type { Planner } from '../core/planners.ts';
import { shardId } from '../core/sharding/ids.ts';
import { layoutOf } from '../core/sharding/layout.ts';
import type { Config } from '../core/spec.ts';
import type { Ports, Tick } from '../ports.ts';
import { type RunOptions, runPlanner, type Summary } from './running.ts';
import { shardState } from './shard-state.ts';

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
    tables: { ...ports.tables, list: async () => [...names] },
    state: shardState(ports.state, tick, groups),
    share: { workers: shards, elsewhere },
  };
  const part: Config = { ...config, specs, changesPerSecond: config.changesPerSecond / shards };
  const summary = await runPlanner(planner, part, own, at, options);
  return { ...summary, message: `${shardId(shard)}: ${summary.message}` };
}
