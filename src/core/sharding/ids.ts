/** What the leases and the records of a shard are called. */

/** The only job that is cut into shards. It runs every minute, and the rate of its changes is not what limits it. */
export const SHARDED = 'scale';

/** The lease of a shard, and its record of runs and of open holds. */
export const shardId = (shard: number): string => `${SHARDED}/${shard}`;

const SHARD_ID = /^scale\/(\d+)$/;

/** The number of a shard by its id; undefined if it is not one of a shard. */
export function shardFrom(id: string): number | undefined {
  const [, shard] = SHARD_ID.exec(id) ?? [];
  return shard === undefined ? undefined : Number(shard);
}

/** A record of the whole fleet, such as `(sightings)`, as a shard has it. */
export const ofShard = (record: string, shard: number | ''): string => `${record} ${shard}`;
