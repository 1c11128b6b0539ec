/** The state table as a run of one shard uses it. */
import type { StoredLease } from '../core/facts.ts';
import { LONGEST_LEASE_MS } from '../core/guards/lease.ts';
import { ofShard, SHARDED, shardFrom, shardId } from '../core/sharding/ids.ts';
import type { LeaseAnswer, StateStore, Tick } from '../ports.ts';
import { OWN_MEMORIES } from './scale-records.ts';

type Refusal = Extract<LeaseAnswer, { readonly granted: false }>;

/**
 * What a run of scale stores for the whole fleet, such as its lease and its open holds, a run of a shard stores for the shard. It reads
 * only the memories of its own groups. The lease is granted only for the newest layout, and while no run for the whole fleet is
 * in progress.
 */
export function shardState(
  state: StateStore,
  { shard, stamp }: Pick<Tick, 'shard' | 'stamp'>,
  groups: readonly string[],
): StateStore {
  const own = shardId(shard);
  const idOf = (job: string): string => (job === SHARDED ? own : job);
  const memories = new Map(OWN_MEMORIES.map((record) => [ofShard(record, shard), record as string]));
  const memoryOf = (id: string): string => OWN_MEMORIES.find((record) => record === id) ?? '';
  return {
    ...state,
    acquire: async (lease, now, expiresAt) => {
      const mine = { ...lease, job: idOf(lease.job) };
      const answer = await state.acquire(mine, now, expiresAt);
      if (!answer.granted || mine.job !== own) return answer;
      const rival = await rivalOf(state, stamp, now);
      if (rival) await state.release(mine);
      return rival ?? answer;
    },
    release: (lease) => state.release({ ...lease, job: idOf(lease.job) }),
    // Of the whole fleet, `acquire` knows.
    shards: async () => ({ layout: undefined, leases: [] }),
    memories: async () => {
      const stored = await state.memories([...groups, ...memories.keys()]);
      return new Map([...stored].map(([id, text]) => [memories.get(id) ?? id, text]));
    },
    remember: (id, text) => state.remember(memoryOf(id) === '' ? id : ofShard(id, shard), text),
    seen: (kind) => state.seen(kind, groups),
    openHolds: (job) => state.openHolds(idOf(job)),
    recordHistory: (records) =>
      state.recordHistory(
        records.map((record) => ('open' in record ? { ...record, job: idOf(record.job) } : record)),
      ),
    runs: async () => {
      const all = await state.runs();
      const others = [...all].filter(([id]) => id !== SHARDED && shardFrom(id) === undefined);
      const mine = all.get(own);
      return new Map([...others, ...(mine ? [[SHARDED, mine] as const] : [])]);
    },
    recordRun: (job, record) => state.recordRun(idOf(job), record),
  };
}

/** Why a shard may not run although it has its lease; undefined if it may. @throws ServiceError */
async function rivalOf(state: StateStore, stamp: string, now: number): Promise<Refusal | undefined> {
  const { layout, leases } = await state.shards();
  const refusal = (owner: string, expiresAt: number): Refusal => ({
    granted: false,
    ...{ owner, expiresAt, skippedSince: now, skips: 1 },
  });
  if (layout?.stamp !== stamp || !layout.bounds) return refusal('the coordinator, in other shards', now);
  const whole = leases.find(({ job, expiresAt }) => job === SHARDED && isInForce(expiresAt, now));
  return whole && refusal(whole.owner, whole.expiresAt);
}

const isInForce = (expiresAt: number, now: number): boolean =>
  expiresAt > now && expiresAt <= now + LONGEST_LEASE_MS;

/** A lease of a shard that is in force; undefined if no shard runs. A run for the whole fleet may not start then. */
export function runningShard(leases: readonly StoredLease[], now: number): Refusal | undefined {
  const one = leases.find(({ job, expiresAt }) => shardFrom(job) !== undefined && isInForce(expiresAt, now));
  return one && { granted: false, owner: one.owner, expiresAt: one.expiresAt, skippedSince: now, skips: 1 };
}
