/** How a fleet is cut into shards: which groups belong together, by a stable hash of their names. */
import { hash } from '../calendar/spread.ts';
import type { ShardLayout } from '../facts.ts';
import type { Config, Spec } from '../spec.ts';

/** The groups of each shard. */
export interface Layout extends Pick<ShardLayout, 'shards' | 'stamp'> {
  /** By shard. */
  readonly specs: readonly (readonly Spec[])[];
  /** The shards of the groups that can have a table of this name: one, or none, or two if a name is also the beginning of another. */
  shardsOf(table: string): readonly number[];
  /** The shard of a group; undefined if the configuration does not have it. */
  shardOfGroup(group: string): number | undefined;
}

interface Known {
  readonly shards: number;
  readonly layout: Layout;
}

/** The latest layout of a configuration, which a function keeps from run to run. */
const known = new WeakMap<Config, Known>();

/**
 * Sorts the groups by the hash of their names, and cuts them into shards of as many groups. So shards differ by one group at
 * most, a new group moves at most one other group from each shard to the next, and groups that are neighbors by name, which are
 * often busy together, are apart.
 */
export function layoutOf(config: Config, shards: number): Layout {
  const earlier = known.get(config);
  if (earlier?.shards === shards) return earlier.layout;
  const layout = cut(config, shards);
  known.set(config, { shards, layout });
  return layout;
}

function cut({ specs: all }: Config, shards: number): Layout {
  const sorted = all
    .map((spec) => ({ spec, place: mixed(hash(spec.name)) }))
    .sort((a, b) => a.place - b.place || (a.spec.name < b.spec.name ? -1 : 1))
    .map(({ spec }) => spec);
  const shardAt = (rank: number): number => Math.floor((rank * shards) / sorted.length);
  const byGroup = new Map(sorted.map((spec, rank) => [spec.name, shardAt(rank)]));
  const byName = new Map(sorted.map((spec, rank) => [`${spec.environment}.${spec.name}`, shardAt(rank)]));
  return {
    shards,
    stamp: stampOf(sorted, shards),
    specs: Array.from({ length: shards }, (_, shard) =>
      sorted.filter((_spec, rank) => shardAt(rank) === shard),
    ),
    shardsOf: (table) => {
      const own = byName.get(table);
      const dated = byName.get(table.slice(0, Math.max(0, table.lastIndexOf('.'))));
      if (own === undefined || dated === undefined) return [own ?? dated].filter((one) => one !== undefined);
      return own === dated ? [own] : [own, dated];
    },
    shardOfGroup: (group) => byGroup.get(group),
  };
}

/** The last steps of MurmurHash3. Without them, the hashes of names that differ in their last letter alone are close to each other. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The same for the same groups in as many shards. */
const stampOf = (sorted: readonly Spec[], shards: number): string =>
  `${shards}-${hash(sorted.map(({ name }) => name).join(' ')).toString(36)}`;

/** The table names of each shard. Names that no group can have belong to none. */
export function namesByShard(layout: Layout, names: Iterable<string>): string[][] {
  const byShard = Array.from({ length: layout.shards }, (): string[] => []);
  for (const name of names) for (const shard of layout.shardsOf(name)) byShard[shard]!.push(name);
  return byShard;
}
