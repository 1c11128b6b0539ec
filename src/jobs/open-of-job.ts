import { SHARDED, shardFrom } from '../core/sharding/ids.ts';
import type { StateStore } from '../ports.ts';

/**
 * The open records of a job, and of its shards if it has some, as they were given to `recordHistory`. The records of runs say which
 * shards it has. @throws ServiceError
 */
export async function openOfJob(
  state: Pick<StateStore, 'openHolds' | 'runs'>,
  job: string,
): Promise<readonly string[]> {
  const runs = job === SHARDED ? await state.runs() : new Map();
  const shards = [...runs].flatMap(([id, { shard }]) => (shard && shardFrom(id) !== undefined ? [id] : []));
  const texts = await Promise.all([job, ...shards].map((id) => state.openHolds(id)));
  return texts.filter((text) => text !== undefined);
}
