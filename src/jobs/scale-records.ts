/** Reads and writes what runs of scale leave for the next ones, of the whole fleet or of its shards. */
import { ATTEMPTS, attemptsFrom, storableAttempts } from '../core/attempts.ts';
import type { RunRecord, ShardLayout } from '../core/facts.ts';
import { openFrom, storableOpen } from '../core/history/open-holds.ts';
import { ofShard, SHARDED, shardId } from '../core/sharding/ids.ts';
import { type Layout, layoutOf } from '../core/sharding/layout.ts';
import { joined, partOf, type ScaleRecords } from '../core/sharding/recut.ts';
import { SIGHTINGS, sightingsFrom, storableSightings } from '../core/sightings.ts';
import type { Config } from '../core/spec.ts';
import type { StateStore } from '../ports.ts';

/** The records that each shard has of its own. */
export const OWN_MEMORIES = [SIGHTINGS, ATTEMPTS] as const;

/** The names of the records of one shard, or of the whole fleet. */
const namesOf = (shard: number | undefined) =>
  shard === undefined
    ? { job: SHARDED, sightings: SIGHTINGS, attempts: ATTEMPTS }
    : { job: shardId(shard), sightings: ofShard(SIGHTINGS, shard), attempts: ofShard(ATTEMPTS, shard) };

/** Those of a fleet that is whole have no number. */
const placesOf = (shards: number): readonly (number | undefined)[] =>
  shards === 1 ? [undefined] : Array.from({ length: shards }, (_, shard) => shard);

/** The most shards that can have stored something since the last change that is complete. */
export const mostShards = (before: ShardLayout | undefined): number =>
  Math.max(before?.from ?? 1, before?.shards ?? 1);

const nothing: ScaleRecords = {
  sightings: new Map(),
  attempts: new Map(),
  open: { holds: [], told: {} },
  run: undefined,
};

/**
 * Moves what runs of scale have left from one layout to another, so that no time starts again: since when a table cannot be used, since
 * when a raise has had no effect, which holds are open. No run of scale may be in progress. If it is repeated after it was
 * interrupted, the result is the same. `from`: the most shards that there were since it was complete. @throws ServiceError
 */
export async function recut(state: StateStore, from: number, to: Layout, now: number): Promise<void> {
  const places = [...new Set([...placesOf(Math.max(from, to.shards)), undefined])];
  const runs = await state.runs();
  const memories = await state.memories(
    places.flatMap((place) => [namesOf(place).sightings, namesOf(place).attempts]),
  );
  const read = async (place: number | undefined): Promise<ScaleRecords> => {
    const { job, sightings, attempts } = namesOf(place);
    return {
      sightings: sightingsFrom(memories.get(sightings), now),
      attempts: attemptsFrom(memories.get(attempts), now),
      open: openFrom(await state.openHolds(job)),
      run: runs.get(job),
    };
  };
  const all = joined(await Promise.all(places.map(read)));
  const kept = placesOf(to.shards);
  const [first, ...others] = kept;
  // The first place has everything until all others have their part, so that an interruption loses nothing.
  if (others.length > 0) await write(state, first, all, now);
  for (const place of others) await write(state, place, partFor(all, to, place), now);
  for (const place of places) if (!kept.includes(place)) await write(state, place, nothing);
  await write(state, first, partFor(all, to, first), now);
}

/**
 * Makes a fleet whole again that was cut into shards, before a run of the whole fleet. The lease excludes the shards meanwhile, and
 * their ticks have another layout afterwards. @throws ServiceError
 */
export async function takeBack(
  state: StateStore,
  before: ShardLayout,
  config: Config,
  now: number,
): Promise<void> {
  const from = mostShards(before);
  if (from === 1) return;
  const whole = layoutOf(config, 1);
  await recut(state, from, whole, now);
  await state.recordLayout({ shards: 1, stamp: whole.stamp, at: now }, before);
}

function partFor(all: ScaleRecords, to: Layout, place: number | undefined): ScaleRecords {
  if (place === undefined) return all;
  return partOf(all, {
    hasGroup: (group) => to.shardOfGroup(group) === place,
    hasTable: (table) => to.shardsOf(table).includes(place),
  });
}

/** `inUseAt`: when the layout that has this place began, epoch milliseconds; undefined if it has not. */
async function write(
  state: StateStore,
  place: number | undefined,
  { sightings, attempts, open, run }: ScaleRecords,
  inUseAt?: number,
): Promise<void> {
  const { job, ...ids } = namesOf(place);
  await state.remember(ids.sightings, storableSightings(sightings));
  await state.remember(ids.attempts, storableAttempts(attempts));
  await state.recordHistory([{ job, open: storableOpen(open) }]);
  // Only the record of a shard in use has a report: a shard that never runs must not be overlooked.
  const isShard = place !== undefined && inUseAt !== undefined;
  const report = isShard ? { shard: { tick: inUseAt, short: false } } : {};
  await state.recordRun(job, { ...withoutReport(run), ...report });
}

const withoutReport = ({ succeededAt, watched, holds }: RunRecord = { holds: [] }): RunRecord => ({
  ...(succeededAt !== undefined && { succeededAt }),
  ...(watched && { watched }),
  holds,
});
