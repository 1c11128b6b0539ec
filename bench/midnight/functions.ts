/** The functions of a checkout, which run in virtual time, each in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PackagedFunction } from '../packaged.ts';

/** What ended an invocation. `killed`: the time of the function was over. */
export interface Ended {
  readonly type: 'done' | 'killed';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly outcome?: string;
  readonly message?: string;
  /** Processor time, milliseconds. */
  readonly cpuMs?: number;
  readonly rssMb?: number;
}

type Said = Ended | { readonly type: 'waiting'; readonly until: number };

export interface Invocation {
  readonly at: number;
  readonly limitMs: number;
  /** The share of a processor that the function has. Infinity: processor time does not count. */
  readonly share: number;
  /** What the handler gets. Default: a scheduled event. */
  readonly event?: object;
}

/** What Node's code needs besides its heap, MB. */
const OUTSIDE_HEAP_MB = 80;

/** Until when one function may go on before others have, milliseconds. Calls of that time can come in another order. */
const SLACK_MS = 50;

/** A function of Lambda with one instance. */
export class LambdaFunction {
  readonly #packaged: PackagedFunction;
  readonly #env: Readonly<Record<string, string>>;
  readonly #memoryMb: number;
  #process: ChildProcess | undefined;
  /** Until when it waits, if it is between two steps of an invocation. */
  waitsUntil: number | undefined;

  constructor(packaged: PackagedFunction, env: Readonly<Record<string, string>>, memoryMb: number) {
    this.#packaged = packaged;
    this.#env = { ...env, LAMBDA_TASK_ROOT: packaged.taskRoot };
    this.#memoryMb = memoryMb;
  }

  async #open(): Promise<ChildProcess> {
    if (this.#process?.connected) return this.#process;
    const heapMb = this.#memoryMb - OUTSIDE_HEAP_MB;
    const child = fork(join(import.meta.dirname, 'process.mjs'), [this.#packaged.handler], {
      env: this.#env,
      execArgv: [`--max-old-space-size=${heapMb}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced', // JSON has no Infinity
    });
    this.#process = child;
    await once(child, 'message');
    return child;
  }

  /** Starts an invocation, and lets it run until `horizon`. Resolves if it has ended. */
  async invoke(invocation: Invocation, horizon: number): Promise<Ended | undefined> {
    await this.#open();
    const { event = { time: new Date(invocation.at).toISOString() } } = invocation;
    return this.#say({ type: 'invoke', ...invocation, event, horizon: horizon + SLACK_MS });
  }

  /** Lets an invocation that waits run until `horizon`. Resolves if it has ended. */
  resume(horizon: number): Promise<Ended | undefined> {
    return this.#say({ type: 'resume', horizon: horizon + SLACK_MS });
  }

  async #say(message: object): Promise<Ended | undefined> {
    const child = this.#process!;
    this.waitsUntil = undefined;
    const said = new Promise<Said>((resolve) => {
      const exited = () => resolve({ type: 'killed', at: Number.NaN });
      child.once('exit', exited);
      child.once('message', (answer) => {
        child.off('exit', exited);
        resolve(answer as Said);
      });
    });
    child.send(message);
    const answer = await said;
    if (answer.type === 'waiting') {
      this.waitsUntil = answer.until;
      return undefined;
    }
    if (answer.type === 'killed') {
      child.kill();
      this.#process = undefined;
    }
    return answer;
  }

  close(): void {
    this.#process?.kill();
  }
}
