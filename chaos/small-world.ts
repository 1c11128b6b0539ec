import { MINUTE_MS } from '../src/core/calendar/period.ts';
import { requiredTables } from '../src/core/fleet.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../test/support/sim/world.ts';
import { faultyPorts } from './faulty-ports.ts';
import { Ledger } from './ledger.ts';
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
export interface State {
  readonly steps: readonly Step[];
  readonly way: readonly string[];
}

/** What all worlds of an exploration have in common. */
export interface Setting {
  readonly config: Config;
  readonly start: number;
  /** What carries out a job, where it is not as built. */
  readonly perform?: JobRunner;
}

const changing = /^(create|resize|remove|protect|set|acquire|release|scheduleDeletion|cancelDeletion)/;
export const jobs: readonly Job[] = ['rotate', 'purge'];

/** A world that has been led to a state, and goes on from there. */
export class SmallWorld {
  readonly ledger: Ledger;
  readonly steps: Step[] = [];
  /** The calls, by number, with which the last run changed something. */
  changesAt: number[] = [];
  readonly #config: Config;
  readonly #world: World;
  readonly #ports: Ports;
  #runs = 0;

  readonly #perform: JobRunner;

  private constructor({ config, start, perform = asBuilt }: Setting) {
    this.#config = config;
    this.#perform = perform;
    this.#world = new World(start);
    this.#ports = this.#world.ports();
    this.ledger = new Ledger(() => this.#world.clock.now());
  }

  static async at({ steps }: State, setting: Setting, instant: number): Promise<SmallWorld> {
    const stage = new SmallWorld(setting);
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

  async superseded(job: Job, atCall: number, other: Job): Promise<void> {
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
    const scheduledDeletions = await this.#ports.state.scheduledDeletions();
    const tables = this.#world.names().map((name) => {
      const { status, capacities, createdAt, deletionProtected } = this.#world.table(name).describe(now);
      const scheduled = scheduledDeletions.find(({ table }) => table === name);
      const condemned = scheduled && [scheduled.createdAt === createdAt, scheduled.scheduledAt];
      const throughput = capacities.map(({ read, write }) => `${read}/${write}`).join();
      return [name, status, throughput, deletionProtected, condemned];
    });
    const lost = scheduledDeletions.filter(({ table }) => tables.every(([name]) => name !== table));
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
      sleptMs: 0,
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
