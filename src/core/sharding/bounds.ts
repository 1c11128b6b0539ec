/**
 * The account's limits in shards. They are for all tables of a Region together, and a worker knows only the tables of its own shard.
 * So each worker gets a part of what is left, and all parts together are no more than that, whoever uses them and when.
 */
import type { AccountLimits, RunRecord, ShardLayout } from '../facts.ts';
import type { Units } from '../spec.ts';

const none: Units = { read: 0, write: 0 };
const dimensions = ['read', 'write'] as const;

/** What the coordinator knows of a shard before a tick. */
export interface ShardUse {
  /** Throughput of its tables, units per second; undefined if no run has reported it yet. */
  readonly throughput?: Units;
  /** Whether the account's limits held a raise in its last run. */
  readonly short: boolean;
}

/**
 * What a shard uses, by its own record. If it has not reported since the last tick, its worker might be dead or late and still be
 * raising, so it might use all that the last tick allowed.
 */
export function useOf(
  record: RunRecord | undefined,
  before: ShardLayout | undefined,
  shard: number,
): ShardUse {
  const { shard: report } = record ?? {};
  const bound = before?.bounds?.[shard];
  const isOpen = bound && (report?.tick ?? -Infinity) < before.at;
  const throughput = isOpen ? largest(report?.throughput, bound) : report?.throughput;
  return { ...(throughput && { throughput }), short: report?.short ?? false };
}

const largest = (one: Units = none, other: Units): Units => ({
  read: Math.max(one.read, other.read),
  write: Math.max(one.write, other.write),
});

/**
 * The throughput that each shard may have until the next tick, units per second: what it uses, and its part of what the account
 * has left. Half of that is for the shards that lacked some, if there are any, and the rest for all of them. Without limits,
 * what it uses.
 */
export function boundsOf(uses: readonly ShardUse[], limits: AccountLimits | undefined): Units[] {
  const parts = dimensions.map((dimension) => {
    const used = uses.map(({ throughput = none }) => throughput[dimension]);
    const left = (limits?.account[dimension] ?? Infinity) - sum(used);
    const room = Number.isFinite(left) ? Math.max(0, left) : 0;
    const short = uses.filter((use) => use.short).length;
    const forAll = short > 0 ? room / 2 : room;
    return uses.map((use, shard) => {
      const extra = forAll / uses.length + (use.short ? room / 2 / short : 0);
      return used[shard]! + Math.floor(extra);
    });
  });
  return uses.map((_, shard) => ({ read: parts[0]![shard]!, write: parts[1]![shard]! }));
}

/** What the other shards may have together: for a worker, the throughput of the tables that it does not know. */
export const elsewhereOf = (bounds: readonly Units[], shard: number): Units => ({
  read: sum(bounds.flatMap(({ read }, other) => (other === shard ? [] : read))),
  write: sum(bounds.flatMap(({ write }, other) => (other === shard ? [] : write))),
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
