/** What the records of shards say of the whole fleet, for metrics and commands. */
import type { RunRecord } from '../facts.ts';
import { SHARDED, shardFrom } from './ids.ts';

/**
 * The records of runs by job, with the shards as one job: it has succeeded when the last of them did, and it has the holds of all
 * of them. So a silent shard makes the whole job late. A fleet without shards has its own record.
 */
export function asWhole(records: ReadonlyMap<string, RunRecord>): ReadonlyMap<string, RunRecord> {
  const shards = [...records].flatMap(([id, record]) =>
    shardFrom(id) !== undefined && record.shard ? record : [],
  );
  const others = [...records].filter(([id]) => shardFrom(id) === undefined);
  return shards.length === 0 ? new Map(others) : new Map([...others, [SHARDED, runOfAll(shards)]]);
}

/** The record of several shards as one. */
export function runOfAll(shards: readonly RunRecord[]): RunRecord {
  const succeeded = shards.map(({ succeededAt }) => succeededAt);
  const watched = shards.flatMap((record) => record.watched ?? []);
  return {
    ...(succeeded.every((time) => time !== undefined) && { succeededAt: Math.min(...succeeded) }),
    ...(watched.length > 0 && {
      watched: {
        since: Math.min(...watched.map(({ since }) => since)),
        until: Math.max(...watched.map(({ until }) => until)),
      },
    }),
    holds: shards.flatMap(({ holds }) => holds),
  };
}
