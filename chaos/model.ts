import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Violation } from './ledger.ts';
import { jobs, type Setup, SmallWorld, type State } from './small-world.ts';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** The maximum number of tables deleted on one path. */
  readonly deleted: number;
  readonly violations: readonly (Violation & { readonly path: readonly string[] })[];
}

export interface Exploration extends Setup {
  readonly days: number;
  /** How many events can happen in a day. */
  readonly slots: number;
  /** On how many days before, each job runs once, to its end. Default: none. */
  readonly calmDays?: number;
}

const SLOT_MS = 20 * MINUTE_MS;
/** The start of the first slot after midnight, in milliseconds. */
const MORNING_MS = HOUR_MS;

/**
 * Explores every order of runs, crashes and retries in a small world. In each slot, a job runs to its end, or dies after any
 * of its changes, or a complete run of either job happens before any of its changes, or nothing happens. Worlds with the
 * same fingerprint are one state. From each state, the next runs without faults must recover everything. The planners,
 * apply, the leases and the scheduled deletions are the real ones.
 */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { days, slots, calmDays = 0 } = exploration;
  const start = exploration.start + calmDays * DAY_MS;
  const violations: (Violation & { path: readonly string[] })[] = [];
  let deleted = 0;
  let states = 1;
  let transitions = 0;
  let layer: State[] = [{ steps: [], path: [] }];

  async function follow(
    from: State,
    instant: number,
    what: string,
    play: (world: SmallWorld) => Promise<unknown>,
  ) {
    const world = await SmallWorld.at(from, exploration, instant);
    await play(world);
    transitions += 1;
    deleted = Math.max(deleted, world.ledger.counts.deleted);
    const path = [...from.path, what];
    violations.push(...world.ledger.violations.map((violation) => ({ ...violation, path })));
    return { world, state: { steps: world.steps, path } };
  }

  async function successors(from: State, instant: number): Promise<Map<string, State>> {
    const next = new Map<string, State>();
    const add = async (what: string, play: (world: SmallWorld) => Promise<unknown>): Promise<SmallWorld> => {
      const { world, state } = await follow(from, instant, what, play);
      next.set(await world.fingerprint(), state);
      return world;
    };
    await add('nothing', async () => {});
    for (const job of jobs) {
      const { changesAt } = await add(job, (world) => world.run(job));
      for (const atCall of changesAt) {
        await add(`${job} dies after call ${atCall}`, (world) => world.run(job, { atCall, performed: true }));
        // A second run of the same job never gets the lease.
        for (const other of atCall === changesAt.at(-1) ? jobs : jobs.filter((each) => each !== job))
          await add(`${other} before call ${atCall} of ${job}`, (world) =>
            world.superseded(job, atCall, other),
          );
      }
    }
    return next;
  }

  for (let day = 0; day < calmDays; day += 1) {
    const [state] = layer;
    const instant = exploration.start + day * DAY_MS + MORNING_MS;
    const { state: next } = await follow(state!, instant, 'calm', async (world) => {
      for (const job of jobs) await world.run(job);
    });
    layer = [next];
  }
  for (let day = 0; day < days; day += 1) {
    for (let slot = 0; slot < slots; slot += 1) {
      const instant = start + day * DAY_MS + MORNING_MS + slot * SLOT_MS;
      const next = new Map<string, State>();
      for (const state of layer) {
        for (const [fingerprint, successor] of await successors(state, instant)) {
          if (!next.has(fingerprint)) next.set(fingerprint, successor);
        }
      }
      layer = [...next.values()];
      states += layer.length;
      for (const state of layer)
        await follow(state, instant + SLOT_MS, 'recovery', (world) => world.recover());
      if (violations.length > 0) return { states, transitions, deleted, violations };
    }
  }
  return { states, transitions, deleted, violations };
}
