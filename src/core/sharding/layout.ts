/** How a fleet is cut into shards: which groups belong together, by a stable hash of their names. */
import { hash, spread } from '../calendar/spread.ts';
import { OUTDATED_SERIES_EVERY_MINUTES } from '../capacity/handover.ts';
import type { ShardLayout } from '../facts.ts';
import { groupedBy } from '../grouped.ts';
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
 * Cuts the groups into shards of as many groups. The slowest worker decides how long a minute takes, so each shard also has about as many
 * of the groups that scale looks at in the same minute. Among those, the hash of the name decides, so that groups that are neighbors by name,
 * which are often busy together, are apart. A new group moves few others.
 */
export function layoutOf(config: Config, shards: number): Layout {
  const earlier = known.get(config);
  if (earlier?.shards === shards) return earlier.layout;
  const layout = cut(config, shards);
  known.set(config, { shards, layout });
  return layout;
}

function cut({ specs: all }: Config, shards: number): Layout {
  const sorted = inTurns(all);
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

interface Placed {
  readonly spec: Spec;
  readonly hash: number;
}

const byHash = (a: Placed, b: Placed): number => a.hash - b.hash || (a.spec.name < b.spec.name ? -1 : 1);

/**
 * The groups in an order of which each part has about as many of each minute: those of one minute are spread evenly over the whole. Where
 * a group is depends on its rank among those of its minute, so that another group hardly changes it.
 */
function inTurns(all: readonly Spec[]): Spec[] {
  const placed = all.map((spec): Placed => ({ spec, hash: mixed(hash(spec.name)) }));
  const byTurn = groupedBy(placed, ({ spec }) => spread(spec.name, OUTDATED_SERIES_EVERY_MINUTES.read));
  return [...byTurn.values()]
    .flatMap((some) => some.sort(byHash).map((one, rank) => ({ ...one, part: (rank + 0.5) / some.length })))
    .sort((a, b) => a.part - b.part || byHash(a, b))
    .map(({ spec }) => spec);
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
