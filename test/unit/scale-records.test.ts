/** What runs of scale have stored, when the fleet is cut into other shards: an interruption at any write loses nothing. */
import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../src/core/sharding/layout.ts';
import { storableSightings } from '../../src/core/sightings.ts';
import type { Config } from '../../src/core/spec.ts';
import { recut, takeBack } from '../../src/jobs/scale-records.ts';
import type { StateStore } from '../../src/ports.ts';
import { simState } from '../support/sim/state.ts';
import { at, configOf, specOf } from '../support/specs.ts';

const NOW = at('2026-11-21T12:00');
const SINCE = NOW - 60_000;
const groups = Array.from({ length: 12 }, (_, i) => `Group${i}`);
const fleet = (names: readonly string[]): Config => configOf(names.map((name) => specOf({ name })));
const tableOf = (group: string): string => `production.${group}.20261121`;
const idOf = (shard: number): string => `(sightings) ${shard}`;

/** A state table in which each shard has seen all tables of its groups, which are not ACTIVE. */
async function seen(config: Config, shards: number): Promise<StateStore> {
  const state = simState();
  for (const [shard, specs] of layoutOf(config, shards).specs.entries()) {
    const sightings = specs.map(({ name }) => [tableOf(name), { status: 'UPDATING', since: SINCE }] as const);
    await state.remember(idOf(shard), storableSightings(new Map(sightings)));
    await state.recordRun(`scale/${shard}`, {
      succeededAt: SINCE,
      holds: [],
      shard: { tick: SINCE, short: false },
    });
  }
  return state;
}

/** The tables by shard, as the next runs find them. */
async function found(state: StateStore, shards: number): Promise<string[][]> {
  const ids = Array.from({ length: shards }, (_, shard) => idOf(shard));
  const stored = await state.memories(ids);
  return ids.map((id) => Object.keys(JSON.parse(stored.get(id) ?? '{}') as object).sort());
}

/** The state table, whose function dies after so many writes. */
function dyingAfter(state: StateStore, writes: number): StateStore {
  let left = writes;
  const counted =
    <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      if (left === 0) throw new Error('died');
      left -= 1;
      await write(...args);
    };
  return {
    ...state,
    remember: counted(state.remember),
    recordHistory: counted(state.recordHistory),
    recordRun: counted(state.recordRun),
  };
}

describe('records that move to other shards', () => {
  test.each([
    ['more shards', 4, 8, groups],
    ['fewer shards', 8, 3, groups],
    ['the same number with another group', 4, 4, [...groups, 'Another']],
    ['the same number without a group', 4, 4, groups.slice(1)],
  ])('are complete after an interruption at any write, and a repetition: %s', async (_, from, to, names) => {
    const [before, after] = [fleet(groups), fleet(names)];
    const layout = layoutOf(after, to);
    const expected = layout.specs.map((specs) =>
      specs.flatMap(({ name }) => (groups.includes(name) ? tableOf(name) : [])).sort(),
    );
    for (let writes = 0; ; writes += 1) {
      const state = await seen(before, from);
      const died = await recut(dyingAfter(state, writes), from, layout, NOW).then(
        () => false,
        () => true,
      );
      await recut(state, from, layout, NOW);
      expect(await found(state, to), `died after ${writes} writes`).toEqual(expected);
      if (!died) return;
    }
  });

  test.each([
    ['that run', 4, undefined, false],
    ['that become fewer', 8, 2, false],
    ['that have become fewer, but do not run yet', 8, 2, true],
    ['that become more', 2, 8, false],
    ['that have become more, but do not run yet', 2, 8, true],
  ])('all come back to the whole fleet from shards %s', async (_, from, next, moved) => {
    const config = fleet(groups);
    const state = await seen(config, from);
    if (next !== undefined && moved) await recut(state, from, layoutOf(config, next), NOW);
    const layout = { shards: next ?? from, stamp: 'any', at: NOW, ...(next !== undefined && { from }) };
    await takeBack(state, layout, config, NOW);
    const whole = (await state.memories(['(sightings)'])).get('(sightings)');
    expect(Object.keys(JSON.parse(whole!) as object).sort()).toEqual(groups.map(tableOf).sort());
    expect([...(await state.runs())].filter(([, { shard }]) => shard)).toEqual([]);
  });
});
