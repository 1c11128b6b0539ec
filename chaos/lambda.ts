import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { lambdaBundle } from './lambda-bundle.ts';
import type { Invocation } from './lambda-process.ts';
import { FaultProxy, type ProxiedRun } from './proxy.ts';
import type { Outcome } from './run.ts';
import type { Slept } from './virtual-time.ts';

/** A warm Lambda: a process with the handlers, which reaches AWS through its own proxy. */
export class Lambda {
  readonly #proxy: FaultProxy;
  #process: Promise<ChildProcess>;

  private constructor(proxy: FaultProxy) {
    this.#proxy = proxy;
    this.#process = start();
  }

  static async open(): Promise<Lambda> {
    return new Lambda(await new FaultProxy().open());
  }

  /** Runs one invocation. If its process is killed, a new one starts for the next invocation. */
  async invoke(invocation: Omit<Invocation, 'requestId'>, run: Omit<ProxiedRun, 'crash'>): Promise<Outcome> {
    const child = await this.#process;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const onExit = (): void => resolve({ kind: 'crashed' });
    const onMessage = (message: Outcome | Slept): void => {
      if ('sleptMs' in message) run.run.sleptMs += message.sleptMs;
      else resolve(message);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    const crash = async (): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    this.#proxy.begin({ ...run, crash });
    const env = { ...invocation.env, AWS_ENDPOINT_URL: this.#proxy.endpoint };
    child.send({ ...invocation, env, requestId: run.run.id } satisfies Invocation);
    const outcome = await promise;
    await this.#proxy.end();
    child.off('message', onMessage).off('exit', onExit);
    if (outcome.kind === 'crashed') this.#process = start();
    return outcome;
  }

  async close(): Promise<void> {
    const child = await this.#process;
    child.kill();
    await this.#proxy.close();
  }
}

async function start(): Promise<ChildProcess> {
  const child = fork(await lambdaBundle(), {
    env: { ...process.env, TURNTABLE_LOG: 'silent' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}
