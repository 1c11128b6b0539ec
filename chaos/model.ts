import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/calendar/period.ts';
import type { Violation } from './ledger.ts';
import { jobs, type Setting, SmallWorld, type State } from './small-world.ts';

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** The most tables that were deleted on one way. */
  readonly deleted: number;
  readonly violations: readonly (Violation & { readonly way: readonly string[] })[];
}

export interface Exploration extends Setting {
  readonly days: number;
  /** How many things may happen in a day. */
  readonly slots: number;
}

const SLOT_MS = 20 * MINUTE_MS;
/** The first slot is this long after midnight. */
const MORNING_MS = HOUR_MS;

/**
 * Every order of runs, crashes and retries in a small world, to its end: in each slot a job runs to its end, or
 * dies after any of its changes, or is overtaken before any of them by a whole run of either job, or nothing
 * happens. Worlds that look the same are one state. From each, the next runs without a fault must bring everything
 * right. The planners, the apply, the leases and the sentences are the real ones.
 */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { start, days, slots } = exploration;
  const violations: (Violation & { way: readonly string[] })[] = [];
  let deleted = 0;
  let states = 1;
  let transitions = 0;
  let layer: State[] = [{ steps: [], way: [] }];

  async function follow(
    from: State,
    instant: number,
    what: string,
    play: (stage: SmallWorld) => Promise<unknown>,
  ) {
    const stage = await SmallWorld.at(from, exploration, instant);
    await play(stage);
    transitions += 1;
    deleted = Math.max(deleted, stage.ledger.counts.deleted);
    const way = [...from.way, what];
    violations.push(...stage.ledger.violations.map((violation) => ({ ...violation, way })));
    return { stage, state: { steps: stage.steps, way } };
  }

  async function successors(from: State, instant: number): Promise<Map<string, State>> {
    const next = new Map<string, State>();
    const add = async (what: string, play: (stage: SmallWorld) => Promise<unknown>): Promise<SmallWorld> => {
      const { stage, state } = await follow(from, instant, what, play);
      next.set(await stage.looks(), state);
      return stage;
    };
    await add('nothing', async () => {});
    for (const job of jobs) {
      const { changesAt } = await add(job, (stage) => stage.run(job));
      for (const atCall of changesAt) {
        await add(`${job} dies after call ${atCall}`, (stage) => stage.run(job, { atCall, performed: true }));
        // A second run of the same job gets no lease, whenever it comes.
        for (const other of atCall === changesAt.at(-1) ? jobs : jobs.filter((each) => each !== job))
          await add(`${other} while ${job} is before call ${atCall}`, (stage) =>
            stage.superseded(job, atCall, other),
          );
      }
    }
    return next;
  }

  for (let day = 0; day < days; day += 1) {
    for (let slot = 0; slot < slots; slot += 1) {
      const instant = start + day * DAY_MS + MORNING_MS + slot * SLOT_MS;
      const next = new Map<string, State>();
      for (const state of layer) {
        for (const [looks, successor] of await successors(state, instant)) {
          if (!next.has(looks)) next.set(looks, successor);
        }
      }
      layer = [...next.values()];
      states += layer.length;
      for (const state of layer) await follow(state, instant + SLOT_MS, 'calm', (stage) => stage.recover());
      if (violations.length > 0) return { states, transitions, deleted, violations };
    }
  }
  return { states, transitions, deleted, violations };
}
