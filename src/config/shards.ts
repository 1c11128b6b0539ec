/** How many shards a stack has. */
import { windowTables } from '../core/fleet.ts';
import { AUTO_MB, type FunctionSize, servedBy } from '../core/function-size.ts';
import type { Config } from '../core/spec.ts';
import type { StackParameters } from './deployment.ts';

export const TABLES_PER_SHARD = servedBy(AUTO_MB);
/** The most that the schema accepts. */
const MOST = 64;

/** The number of shards for `auto`, by the tables that should exist at `now`, epoch milliseconds. */
export function shardsFor(config: Config, now: number): number {
  const wanted = Math.max(1, Math.ceil(tablesOf(config, now) / TABLES_PER_SHARD));
  return Math.min(MOST, wanted, Math.max(1, config.specs.length));
}

/** How many tables should exist. */
export const tablesOf = ({ specs }: Config, now: number): number =>
  specs.reduce((sum, spec) => sum + windowTables(spec, now).length, 0);

/** The functions of a stack that would be deployed at `now`. */
export const functionSize = (
  { MemorySize, Shards, ConfigBucket }: Pick<StackParameters, 'MemorySize' | 'Shards' | 'ConfigBucket'>,
  config: Config,
  now: number,
): FunctionSize => ({
  memoryMb: MemorySize,
  shards: Shards === 'auto' ? shardsFor(config, now) : Shards,
  isUncounted: ConfigBucket !== undefined,
});
