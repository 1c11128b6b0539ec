import { requiredTables } from '../src/core/fleet.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/core/period.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../src/sim/world.ts';
import { faultyPorts } from './faulty-ports.ts';
import { Ledger, type Violation } from './ledger.ts';
import type { Crash, Outcome, Run, Witness } from './run.ts';
import { asBuilt, type JobRunner } from './simulated.ts';
import { Weather } from './weather.ts';
import { witnessedPorts } from './witnessed-ports.ts';

/** A change that has been made to the world: made again, it leads to the same world. */
type Step =
  | {
      readonly at: number;
      readonly port: 'tables' | 'state';
      readonly method: string;
      readonly args: readonly unknown[];
    }
  | { readonly at: number; readonly told: Parameters<Witness['done']> };

/** A world, as the way that leads to it. */
interface State {
  readonly steps: readonly Step[];
  readonly way: readonly string[];
}

export interface Explored {
  readonly states: number;
  readonly transitions: number;
  /** The most tables that were deleted on one way. */
  readonly deleted: number;
  readonly violations: readonly (Violation & { readonly way: readonly string[] })[];
}

export interface Exploration {
  readonly config: Config;
  readonly start: number;
  readonly days: number;
  /** How many things may happen in a day. */
  readonly slots: number;
  /** What carries out a job, where it is not as built. */
  readonly perform?: JobRunner;
}

const SLOT_MS = 20 * MINUTE_MS;
/** The first slot is this long after midnight. */
const MORNING_MS = HOUR_MS;
const changing = /^(create|resize|remove|protect|set|acquire|release|condemn|pardon)/;
const jobs: readonly Job[] = ['rotate', 'purge'];

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
    play: (stage: Stage) => Promise<unknown>,
  ) {
    const stage = await Stage.at(from, exploration, instant);
    await play(stage);
    transitions += 1;
    deleted = Math.max(deleted, stage.ledger.counts.deleted);
    const way = [...from.way, what];
    violations.push(...stage.ledger.violations.map((violation) => ({ ...violation, way })));
    return { stage, state: { steps: stage.steps, way } };
  }

  async function successors(from: State, instant: number): Promise<Map<string, State>> {
    const next = new Map<string, State>();
    const add = async (what: string, play: (stage: Stage) => Promise<unknown>): Promise<Stage> => {
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
            stage.overtaken(job, atCall, other),
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

/** A world that has been led to a state, and goes on from there. */
class Stage {
  readonly ledger: Ledger;
  readonly steps: Step[] = [];
  /** The calls, by number, with which the last run changed something. */
  changesAt: number[] = [];
  readonly #config: Config;
  readonly #world: World;
  readonly #ports: Ports;
  #runs = 0;

  readonly #perform: JobRunner;

  private constructor({ config, start, perform = asBuilt }: Exploration) {
    this.#config = config;
    this.#perform = perform;
    this.#world = new World(start);
    this.#ports = this.#world.ports();
    this.ledger = new Ledger(() => this.#world.clock.now());
  }

  static async at({ steps }: State, exploration: Exploration, instant: number): Promise<Stage> {
    const stage = new Stage(exploration);
    for (const step of steps) {
      stage.#world.clock.moveTo(step.at);
      if ('told' in step) stage.ledger.done(...step.told);
      else await Reflect.get(stage.#ports[step.port], step.method)(...step.args);
    }
    stage.steps.push(...steps);
    stage.#world.clock.moveTo(instant);
    return stage;
  }

  /** One run, to its end or to its death; `before` is awaited before the call of that number. */
  async run(
    job: Job,
    crash?: Crash,
    before?: { atCall: number; happens: () => Promise<unknown> },
  ): Promise<Outcome> {
    const run = this.#newRun(job, crash);
    const { promise: crashed, resolve } = Promise.withResolvers<Outcome>();
    const recorded = this.#recorded(run, before);
    const ports = faultyPorts(recorded, run, () => resolve({ kind: 'crashed' }));
    const ended = this.#perform(run, ports, { owner: run.id }).then(
      (summary): Outcome => ({ kind: 'summary', summary }),
      ({ name, message }: Error): Outcome => ({ kind: 'error', name, message }),
    );
    run.outcome = await Promise.race([ended, crashed]);
    this.ledger.ended(run);
    return run.outcome;
  }

  async overtaken(job: Job, atCall: number, other: Job): Promise<void> {
    await this.run(job, undefined, { atCall, happens: () => this.run(other) });
  }

  /** Rotate and purge come through, leave nothing missing, and a second run of each does nothing. */
  async recover(): Promise<void> {
    for (const job of jobs) {
      const outcome = await this.run(job);
      const done = outcome.kind === 'summary' && outcome.summary.outcome === 'done';
      this.ledger.check(done, 'recovery', `${job} does not come through: ${JSON.stringify(outcome)}`);
      await this.#world.clock.sleep(2 * MINUTE_MS);
    }
    const names = this.#world.names();
    for (const spec of this.#config.specs) {
      for (const { name } of requiredTables(spec, this.#world.clock.now()))
        this.ledger.check(names.includes(name), 'lead time', `${name} is missing`);
    }
    for (const job of jobs) {
      const outcome = await this.run(job);
      const left = outcome.kind === 'summary' ? outcome.summary.results : [outcome];
      this.ledger.check(left.length === 0, 'fixed point', `${job} again: ${JSON.stringify(left)}`);
    }
  }

  /** What tells this state from others; when things were made within a day does not. */
  async looks(): Promise<string> {
    const now = this.#world.clock.now();
    const sentences = await this.#ports.state.sentences();
    const tables = this.#world.names().map((name) => {
      const { status, capacities, createdAt, deletionProtected } = this.#world.table(name).describe(now);
      const sentence = sentences.find(({ table }) => table === name);
      const condemned = sentence && [sentence.createdAt === createdAt, sentence.condemnedAt];
      const throughput = capacities.map(({ read, write }) => `${read}/${write}`).join();
      return [name, status, throughput, deletionProtected, condemned];
    });
    const lost = sentences.filter(({ table }) => tables.every(([name]) => name !== table));
    return JSON.stringify([tables, lost]);
  }

  #newRun(job: Job, crash?: Crash): Run {
    this.#runs += 1;
    const now = this.#world.clock.now();
    return {
      id: `${job}-${now}-${this.#runs}`,
      job,
      config: this.#config,
      eventTime: now,
      skewMs: 0,
      weather: new Weather('', { rate: 0 }),
      ...(crash && { crash }),
      began: now,
      calls: 0,
    };
  }

  /** Ports that note every change that succeeds, and tell the ledger. */
  #recorded(run: Run, before?: { atCall: number; happens: () => Promise<unknown> }): Ports {
    const { ledger, steps } = this;
    this.changesAt = [];
    const { changesAt } = this;
    const now = (): number => this.#world.clock.now();
    const witness: Witness = {
      wanted: (effect) => ledger.wanted(effect, run),
      refused: (effect, _, message) => ledger.refused(effect, run, message),
      done: (effect, _, instant) => {
        ledger.done(effect, run, instant);
        steps.push({ at: now(), told: [effect, run, instant] });
      },
    };
    const noting = <P extends object>(port: 'tables' | 'state', target: P): P =>
      new Proxy(target, {
        get: (ports, method: string) => {
          const call = ports[method as keyof P] as (...args: readonly unknown[]) => Promise<unknown>;
          if (!changing.test(method)) return call;
          return async (...args: readonly unknown[]) => {
            if (run.calls === before?.atCall) await before.happens();
            const at = now();
            const answer = await call(...(args as []));
            steps.push({ at, port, method, args });
            changesAt.push(run.calls);
            return answer;
          };
        },
      });
    const base = this.#ports;
    const noted = { ...base, tables: noting('tables', base.tables), state: noting('state', base.state) };
    return witnessedPorts(noted, run, witness);
  }
}
