/** How many shards a stack has. */
import { windowTables } from '../core/fleet.ts';
import type { Config } from '../core/spec.ts';

/** So many fit into a function with 512 MB, also at the end of a period: docs/deployment.md has the figures. */
export const TABLES_PER_SHARD = 2_500;
/** The most that the schema accepts. */
const MOST = 64;

/** The number of shards for `auto`, by the tables that should exist at `now`, epoch milliseconds. */
export function shardsFor({ specs }: Config, now: number): number {
  const tables = specs.reduce((sum, spec) => sum + windowTables(spec, now).length, 0);
  return Math.min(MOST, Math.max(1, Math.ceil(tables / TABLES_PER_SHARD)), Math.max(1, specs.length));
}
