/** Random histories of two functions of scale that know tables from their earlier runs, while each other, other jobs and operators change them. */
import { expect, test } from 'vitest';
import { playHistory } from '../../chaos/play-history.ts';
import { Random } from '../../chaos/random.ts';
import { asBuilt, type JobRunner, simulatedSystem } from '../../chaos/simulated.ts';
import { Descriptions } from '../../src/jobs/descriptions.ts';
import type { SeenTables } from '../../src/ports.ts';

const SEED = 20261130;
/** `HISTORIES=500 npx vitest run test/chaos/warm.test.ts` plays more. */
const HISTORIES = Number(process.env.HISTORIES ?? 10);
const DAYS = 15;
/** Runs of a history are minutes to hours apart, so what its functions know is good for so many times as long as it really is. */
const LONGER = 24;

class OldDescriptions implements SeenTables {
  readonly #known = new Descriptions();
  /** How often a run has used what an earlier one has seen. */
  readonly used = { descriptions: 0, names: 0 };

  of(table: string, now: number, as: Parameters<SeenTables['of']>[2]) {
    const period = as && { start: as.period.start / LONGER, end: as.period.end / LONGER };
    const state = this.#known.of(table, now / LONGER, as && { ...as, period: period! });
    if (state) this.used.descriptions += 1;
    return state;
  }
  keep = (...[table, state, at]: Parameters<SeenTables['keep']>) =>
    this.#known.keep(table, state, at / LONGER);
  forget = (table: string) => this.#known.forget(table);
  names(now: number) {
    const names = this.#known.names(now / LONGER);
    if (names) this.used.names += 1;
    return names;
  }
  keepNames = (names: ReadonlySet<string>, at: number) => this.#known.keepNames(names, at / LONGER);
}

async function play(history: number) {
  const random = new Random(SEED, history, 'warm');
  const warm = [new OldDescriptions(), new OldDescriptions()];
  const runner: JobRunner = (run, ports, options) => {
    const isFunction = run.job === 'scale' && !run.byOperator;
    return asBuilt(run, { ...ports, ...(isFunction && { descriptions: random.pick(warm) }) }, options);
  };
  const played = await playHistory({
    seed: SEED,
    history,
    days: DAYS,
    groups: 6,
    open: async (start, ledger, hasTopic) => simulatedSystem(start, ledger, runner, hasTopic),
  });
  return { ...played, used: warm.map(({ used }) => used) };
}

test('breaks no promise if functions of scale act by what they have seen long ago', async () => {
  const played: Awaited<ReturnType<typeof play>>[] = [];
  for (let history = 1; history <= HISTORIES; history += 1) played.push(await play(history));
  expect(played.flatMap(({ violations }) => violations)).toEqual([]);
  const used = played.flatMap((one) => one.used);
  expect(used.reduce((sum, { descriptions }) => sum + descriptions, 0)).toBeGreaterThan(180);
  expect(used.reduce((sum, { names }) => sum + names, 0)).toBeGreaterThan(30);
  expect(played.reduce((sum, { checks }) => sum + checks, 0)).toBeGreaterThan(18_000);
});
