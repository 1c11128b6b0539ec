import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation } from './lambda-process.ts';
import { FaultProxy, type Passage } from './proxy.ts';
import type { Outcome } from './run.ts';
import type { Slept } from './virtual-time.ts';

/** A warm Lambda: one process of handlers, whose AWS is behind a proxy of its own. */
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

  /** Plays one invocation; where the process is killed on the way, a new one is started for the next. */
  async invoke(invocation: Omit<Invocation, 'requestId'>, passage: Omit<Passage, 'crash'>): Promise<Outcome> {
    const child = await this.#process;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const gone = (): void => resolve({ kind: 'crashed' });
    const told = (message: Outcome | Slept): void => {
      if ('sleptMs' in message) passage.run.sleptMs += message.sleptMs;
      else resolve(message);
    };
    child.on('message', told);
    child.once('exit', gone);
    const crash = async (): Promise<void> => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    this.#proxy.begin({ ...passage, crash });
    const env = { ...invocation.env, AWS_ENDPOINT_URL: this.#proxy.endpoint };
    child.send({ ...invocation, env, requestId: passage.run.id } satisfies Invocation);
    const outcome = await promise;
    await this.#proxy.end();
    child.off('message', told).off('exit', gone);
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
  const child = fork(join(import.meta.dirname, 'lambda-process.ts'), {
    env: {
      ...process.env,
      TURNTABLE_LOG: 'silent',
      NODE_COMPILE_CACHE: join(tmpdir(), 'turntable-compiled'),
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}
