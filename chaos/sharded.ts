/** Scale in shards, on a simulated queue: workers die, run twice, and come late. */
import { MINUTE_MS, SECOND_MS } from '../src/core/calendar/period.ts';
import { planScale } from '../src/core/scaling/scale.ts';
import type { Config } from '../src/core/spec.ts';
import { FifoQueue, type Received } from '../src/embedded/fifo-queue.ts';
import { coordinate } from '../src/jobs/coordinate.ts';
import { ListedNames } from '../src/jobs/listed-names.ts';
import type { RunOptions, Summary } from '../src/jobs/run.ts';
import { runShard } from '../src/jobs/run-shard.ts';
import type { Ports, Tick } from '../src/ports.ts';
import type { Random } from './random.ts';
import { asBuilt, type JobRunner } from './simulated.ts';

/** Those of serverless.yml. */
const VISIBILITY_MS = MINUTE_MS;
const TIMEOUT_MS = 55 * SECOND_MS;
const MAX_RECEIVE_COUNT = 3;

/** What happens to the worker that gets a tick. `late`: it gets the tick after the next ones were sent. */
export type Fate = 'runs' | 'dies' | 'doubled' | 'late';

const fates: Readonly<Record<Fate, number>> = { runs: 6, dies: 2, doubled: 1, late: 1 };
/** A worker dies within so many calls, or after its run. */
const MOST_CALLS = 40;

/** The queue of ticks, and its workers. */
export class Workers {
  readonly deadLetters = new FifoQueue();
  readonly queue = new FifoQueue({
    visibilityMs: VISIBILITY_MS,
    maxReceiveCount: MAX_RECEIVE_COUNT,
    deadLetters: this.deadLetters,
  });
  /** What has happened, and how often. */
  readonly met: Record<Fate | 'dropped', number> = { runs: 0, dies: 0, doubled: 0, late: 0, dropped: 0 };
  /** What the function of the coordinator has listed last. A new one has listed nothing. */
  listed = new ListedNames();
  #runs = 0;

  /** Cuts the fleet, and sends a tick to each shard. */
  coordinate(config: Config, ports: Ports, now: number, shards: number) {
    const send = async (ticks: readonly Tick[]): Promise<void> => {
      for (const tick of ticks)
        this.queue.send(
          {
            body: JSON.stringify(tick),
            group: String(tick.shard),
            deduplicationId: `${Math.floor(tick.at / MINUTE_MS)} ${tick.shard}`,
          },
          ports.clock.now(),
        );
    };
    return coordinate(config, { ...ports, ticks: { send } }, now, { shards, listed: this.listed });
  }

  /** Lets a worker have each tick that the queue gives out. */
  async work(
    config: Config,
    ports: Ports,
    options: RunOptions,
    fateOf: (received: Received) => Fate,
    callsUntilDeath: () => number,
  ): Promise<Summary[]> {
    const received = this.queue.receive(Infinity, ports.clock.now());
    const all = received.map(async (one): Promise<readonly Summary[]> => {
      const fate = fateOf(one);
      this.met[fate] += 1;
      const carryOut = (own: Ports) => this.#run(one, config, own, options);
      if (fate === 'late') return [];
      if (fate === 'dies') {
        const dead = Promise.withResolvers<void>();
        const run = carryOut(mortal(ports, callsUntilDeath(), dead.resolve)).catch(() => undefined);
        // Whether it has ended or died, it removes no message.
        await Promise.race([run, dead.promise]);
        return [];
      }
      const summaries = await Promise.all((fate === 'doubled' ? [1, 2] : [1]).map(() => carryOut(ports)));
      this.#remove(one, ports.clock.now());
      return summaries;
    });
    const ended = await Promise.allSettled(all);
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
    return ended.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  async #run(received: Received, config: Config, ports: Ports, options: RunOptions): Promise<Summary> {
    this.#runs += 1;
    const tick = { ...(JSON.parse(received.body) as Tick), sentAt: received.sentAt };
    const end = ports.clock.now() + TIMEOUT_MS;
    const owner = `${options.owner}-worker-${this.#runs}`;
    const summary = await runShard({ job: 'scale', plan: planScale }, config, ports, tick, {
      ...options,
      owner,
      end,
    });
    if (summary.message.startsWith('The tick is ')) this.met.dropped += 1;
    return summary;
  }

  /** The message of a worker that took too long is another worker's meanwhile. */
  #remove({ receipt }: Received, now: number): void {
    try {
      this.queue.remove(receipt, now);
    } catch {
      // As SQS does, Lambda ignores it.
    }
  }
}

/** Ports of a process that dies at a call. Then nothing that it awaits settles. */
function mortal(ports: Ports, calls: number, onDeath: () => void): Ports {
  let left = calls;
  const wrap = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, property) => {
        const method = Reflect.get(target, property);
        if (typeof method !== 'function') return method;
        return async (...args: readonly unknown[]) => {
          left -= 1;
          if (left > 0) return method.apply(target, args);
          onDeath();
          return new Promise(() => {});
        };
      },
    });
  return { ...ports, tables: wrap(ports.tables), state: wrap(ports.state), metrics: wrap(ports.metrics) };
}

/** What happens to a fleet in shards. */
export interface ShardChaos {
  readonly random: Random;
  readonly workers: Workers;
  /** From then on, every worker does its work, and the number of shards stays. Epoch milliseconds. */
  readonly calmFrom: number;
}

/** How many shards a fleet has. Now and then, an operator deploys another number. */
const mostlyThree = [3, 3, 3, 3, 3, 3, 3, 2, 4, 5] as const;

/** Runs scale in shards, whose workers have random fates, and the other jobs as they are. */
export function shardedRunner({ random, workers, calmFrom }: ShardChaos): JobRunner {
  return async (run, ports, options) => {
    const { job, config, eventTime } = run;
    if (job !== 'scale' || run.byOperator) return asBuilt(run, ports, options);
    const isCalm = run.began >= calmFrom;
    const shards = isCalm ? 3 : random.pick(mostlyThree);
    const sent = await workers.coordinate(config, ports, eventTime, shards);
    const fateOf = (): Fate => (isCalm ? 'runs' : random.weighted(fates));
    const calls = (): number => random.between(1, MOST_CALLS);
    const summaries = await workers.work(config, ports, options, fateOf, calls);
    const failed = summaries.filter(({ outcome }) => outcome === 'failed');
    return {
      job,
      environment: config.environment,
      at: sent.at,
      outcome: failed.length > 0 ? 'failed' : 'done',
      message: [sent.message, ...failed.map(({ message }) => message)].join(' '),
      results: summaries.flatMap(({ results }) => results),
      holds: summaries.flatMap(({ holds }) => holds),
    };
  };
}
