/** Random histories of a fleet in shards, whose workers die, run twice and come late. The promises are those of every history. */
import { expect, test } from 'vitest';
import { playHistory } from '../../chaos/play-history.ts';
import { Random } from '../../chaos/random.ts';
import { shardedRunner, Workers } from '../../chaos/sharded.ts';
import { simulatedSystem } from '../../chaos/simulated.ts';
import { ListedNames } from '../../src/jobs/listed-names.ts';
import { DAY, MINUTE } from '../support/specs.ts';

const SEED = 20261121;
const HISTORIES = 12;
const DAYS = 15;

/** Runs of a history are minutes apart, so its coordinator uses the names of a run for longer than a real one does. */
class OldNames extends ListedNames {
  /** How often ticks had the names of an earlier run. */
  used = 0;
  constructor() {
    super(10 * MINUTE);
  }
  override recent(...of: Parameters<ListedNames['recent']>): ReturnType<ListedNames['recent']> {
    const names = super.recent(...of);
    if (names) this.used += 1;
    return names;
  }
}

async function play(history: number) {
  const workers = new Workers();
  const names = new OldNames();
  workers.listed = names;
  const random = new Random(SEED, history, 'shards');
  const played = await playHistory({
    seed: SEED,
    history,
    days: DAYS,
    groups: 6,
    open: async (start, ledger, hasTopic) => {
      const runner = shardedRunner({ random, workers, calmFrom: start + DAYS * DAY });
      return simulatedSystem(start, ledger, runner, hasTopic);
    },
  });
  return { ...played, met: { ...workers.met, oldNames: names.used } };
}

test('breaks no promise in random histories of shards whose workers die, run twice and come late', async () => {
  const played: Awaited<ReturnType<typeof play>>[] = [];
  for (let history = 1; history <= HISTORIES; history += 1) played.push(await play(history));
  expect(played.flatMap(({ violations }) => violations)).toEqual([]);
  const sum = (of: (one: (typeof played)[number]) => number) =>
    played.reduce((total, one) => total + of(one), 0);
  expect(sum(({ checks }) => checks)).toBeGreaterThan(30_000);
  expect(sum(({ met }) => met.dies)).toBeGreaterThan(100);
  expect(sum(({ met }) => met.doubled)).toBeGreaterThan(50);
  expect(sum(({ met }) => met.late)).toBeGreaterThan(50);
  expect(sum(({ met }) => met.dropped)).toBeGreaterThan(100);
  expect(sum(({ met }) => met.oldNames)).toBeGreaterThan(100);
});
