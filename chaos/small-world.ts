import { MINUTE_MS } from '../src/core/calendar/period.ts';
import { requiredTables } from '../src/core/fleet.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import { tableOfStream } from '../src/core/streams.ts';
import type { Ports } from '../src/ports.ts';
import { World } from '../test/support/sim/world.ts';
import { FaultSchedule } from './faults.ts';
import { faultyPorts } from './faulty-ports.ts';
import { Ledger } from './ledger.ts';
import { observedPorts } from './observed-ports.ts';
import type { Crash, Observer, Outcome, Run } from './run.ts';
import { asBuilt, type JobRunner } from './simulated.ts';

/** A port whose changes are recorded. */
type Recorded = 'tables' | 'state' | 'mappings' | 'exports';

/** A recorded change of a world. Repeating all of them leads to the same world. */
type Step =
  | {
      readonly at: number;
      readonly port: Recorded;
      readonly method: string;
      readonly args: readonly unknown[];
      /** That of a replica, if the change was made there. */
      readonly region?: string | undefined;
    }
  | { readonly at: number; readonly effect: Parameters<Observer['done']> };

/** A world, described by the steps that lead to it. */
export interface State {
  readonly steps: readonly Step[];
  readonly path: readonly string[];
}

/** The common part of all worlds of an exploration. */
export interface Setup {
  readonly config: Config;
  readonly start: number;
  /** Runs a job, in place of the real one. */
  readonly perform?: JobRunner;
}

const changing =
  /^(add|tag$|create|enable|resize|remove|protect|set|acquire|release|scheduleDeletion|cancelDeletion|recordRetention|recordHistory|confirm|remember|start)/;
export const jobs: readonly Job[] = ['rotate', 'purge'];

/** A simulated world that continues from a state. */
export class SmallWorld {
  readonly ledger: Ledger;
  readonly steps: Step[] = [];
  /** The numbers of the calls by which the last run changed something. */
  changesAt: number[] = [];
  readonly #config: Config;
  readonly #world: World;
  readonly #ports: Ports;
  #runs = 0;

  readonly #perform: JobRunner;

  private constructor({ config, start, perform = asBuilt }: Setup) {
    this.#config = config;
    this.#perform = perform;
    this.#world = new World(start);
    this.#ports = this.#world.ports();
    this.ledger = new Ledger(() => this.#world.clock.now());
    this.ledger.archived = (table) => this.#world.isArchived(table);
  }

  static async at({ steps }: State, setup: Setup, instant: number): Promise<SmallWorld> {
    const small = new SmallWorld(setup);
    for (const spec of setup.config.specs) {
      const { name, scheme, keep } = spec;
      await small.#ports.state.recordRetention(name, { scheme, keep, since: 0 });
      small.ledger.confirmed(spec);
    }
    for (const step of steps) {
      small.#world.clock.moveTo(step.at);
      if ('effect' in step) small.ledger.done(...step.effect);
      else await Reflect.get(small.#portOf(step)!, step.method)(...step.args);
    }
    small.steps.push(...steps);
    small.#world.clock.moveTo(instant);
    return small;
  }

  #portOf({ port, region }: { readonly port: Recorded; readonly region?: string | undefined }) {
    return region === undefined ? this.#ports[port] : this.#ports.inRegion(region).tables;
  }

  /** Runs a job to its end or its crash. `before` happens before the change at its call number. */
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
    this.#checkReplicas();
    return run.outcome;
  }

  /** No table goes before its replicas, which would be tables of their own then. */
  #checkReplicas(): void {
    for (const region of this.#regions)
      for (const name of this.#world.names(region)) {
        const status = this.#world.find(name)?.status(this.#world.clock.now());
        const stands = status !== undefined && status !== 'DELETING';
        this.ledger.check(
          stands,
          'orphan',
          `${name} is ${status ?? 'gone'}, and its replica in ${region} is not`,
        );
      }
  }

  get #regions(): ReadonlySet<string> {
    const { specs } = this.#config;
    return new Set(specs.flatMap(({ replicas }) => replicas.map(({ region }) => region)));
  }

  async superseded(job: Job, atCall: number, other: Job): Promise<void> {
    await this.run(job, undefined, { atCall, happens: () => this.run(other) });
  }

  /** Checks that rotate and purge succeed, that no table is missing, and that a second run of each does nothing. */
  async recover(): Promise<void> {
    /** Tables that purge exports in its next run, because this one turned point-in-time recovery on. */
    const exportable = new Set<string>();
    for (const job of jobs) {
      const outcome = await this.run(job);
      if (job === 'purge' && outcome.kind === 'summary')
        for (const { action } of outcome.summary.results)
          if (action.kind === 'recovery') exportable.add(action.table);
      const done = outcome.kind === 'summary' && outcome.summary.outcome === 'done';
      this.ledger.check(done, 'recovery', `${job} does not succeed: ${JSON.stringify(outcome)}`);
      await this.#world.clock.sleep(2 * MINUTE_MS);
    }
    await this.#settleReplicas();
    const names = this.#world.names();
    for (const spec of this.#config.specs) {
      for (const { name } of requiredTables(spec, this.#world.clock.now()))
        this.ledger.check(names.includes(name), 'lead time', `${name} is missing`);
    }
    for (const job of jobs) {
      const outcome = await this.run(job);
      const left =
        outcome.kind === 'summary'
          ? outcome.summary.results.filter(
              ({ action: { kind, table } }) => !(kind === 'archive' && exportable.has(table)),
            )
          : [outcome];
      this.ledger.check(
        left.length === 0,
        'second run',
        `a second run of ${job} has results: ${JSON.stringify(left)}`,
      );
    }
  }

  /** One run after another changes replicas, until none has anything left to do. */
  async #settleReplicas(): Promise<void> {
    if (this.#regions.size === 0) return;
    for (let i = 0; i < 6; i += 1)
      for (const job of jobs) {
        await this.run(job);
        await this.#world.clock.sleep(5 * MINUTE_MS);
      }
  }

  /** A text that differs between states. Creation times within a day do not matter. */
  async fingerprint(): Promise<string> {
    const now = this.#world.clock.now();
    const scheduledDeletions = await this.#ports.state.scheduledDeletions();
    const tables = this.#world.names().map((name) => {
      const { status, capacities, createdAt, deletionProtected } = this.#world.table(name).describe(now);
      const scheduled = scheduledDeletions.find(({ table }) => table === name);
      const deletion = scheduled && [scheduled.createdAt === createdAt, scheduled.scheduledAt];
      const throughput = capacities.map(({ read, write }) => `${read}/${write}`).join();
      const destinations = this.#world
        .table(name)
        .destinations.describe(now)
        .map(({ status }) => status);
      const replicas = [...this.#regions].map((region) => this.#replicaOf(name, region));
      return [name, status, throughput, deletionProtected, deletion, destinations, ...replicas];
    });
    const exports = this.#world.exports.tokens;
    const functions = new Set(this.#config.specs.flatMap(({ consumers }) => consumers));
    const mappings = [...functions].flatMap(({ function: name }) =>
      this.#world.lambda.all(name).map(({ source, state }) => {
        const table = tableOfStream(source)?.name ?? '';
        return [name, table, state, this.#world.find(table)?.describe(now).stream === source];
      }),
    );
    const lost = scheduledDeletions.filter(({ table }) => tables.every(([name]) => name !== table));
    return JSON.stringify([tables, lost, exports, mappings.map(String).sort()]);
  }

  #replicaOf(name: string, region: string): string {
    const now = this.#world.clock.now();
    const copy = this.#world.find(name, region);
    const listed = this.#world
      .table(name)
      .describe(now)
      .replicas?.find((one) => one.region === region);
    const tags = Object.keys(copy?.tags ?? {}).length;
    return `${listed?.status} ${copy?.status(now)} ${tags} ${copy?.describe(now).deletionProtected}`;
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
      faults: new FaultSchedule('', { rate: 0 }),
      ...(crash && { crash }),
      began: now,
      calls: 0,
      sleptMs: 0,
    };
  }

  /** Ports that record every successful change, and report it to the ledger. */
  #recorded(run: Run, before?: { atCall: number; happens: () => Promise<unknown> }): Ports {
    const { ledger, steps } = this;
    this.changesAt = [];
    const { changesAt } = this;
    const now = (): number => this.#world.clock.now();
    const observer: Observer = {
      requested: (effect) => ledger.requested(effect, run),
      rejected: (effect, _, message) => ledger.rejected(effect, run, message),
      done: (effect, _, instant) => {
        ledger.done(effect, run, instant);
        steps.push({ at: now(), effect: [effect, run, instant] });
      },
    };
    const recording = <P extends object>(port: Recorded, target: P, region?: string): P =>
      new Proxy(target, {
        get: (ports, method: string) => {
          const call = ports[method as keyof P] as (...args: readonly unknown[]) => Promise<unknown>;
          if (!changing.test(method)) return call;
          return async (...args: readonly unknown[]) => {
            if (run.calls === before?.atCall) await before.happens();
            const at = now();
            const answer = await call(...(args as []));
            steps.push({ at, port, method, args, region });
            changesAt.push(run.calls);
            return answer;
          };
        },
      });
    const base = this.#ports;
    const recorded = {
      ...base,
      tables: recording('tables', base.tables),
      inRegion: (region: string) => {
        const there = base.inRegion(region);
        return { ...there, tables: recording('tables', there.tables, region) };
      },
      state: recording('state', base.state),
      exports: recording('exports', base.exports),
      ...(base.mappings && { mappings: recording('mappings', base.mappings) }),
    };
    return observedPorts(recorded, run, observer);
  }
}
