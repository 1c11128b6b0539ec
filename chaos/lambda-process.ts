/** A process that runs the deployed handlers, one event per message, until it is killed. */
import { setClock } from './virtual-time.ts';

export interface Invocation {
  readonly job: 'rotate' | 'purge' | 'scale';
  readonly event: { readonly time: string };
  readonly requestId: string;
  /** The wall clock of the process, in epoch milliseconds. */
  readonly clock: number;
  readonly env: Readonly<Record<string, string>>;
}

const { JobFailed } = await import('../src/jobs/run.ts');
const handlers = {
  rotate: (await import('../handlers/rotate.ts')).handler,
  purge: (await import('../handlers/purge.ts')).handler,
  scale: (await import('../handlers/scale.ts')).handler,
};

process.on('message', async ({ job, event, requestId, clock, env }: Invocation) => {
  Object.assign(process.env, env);
  setClock(clock);
  const handler = handlers[job] as (event: object, context: object) => Promise<unknown>;
  try {
    process.send?.({ kind: 'summary', summary: await handler(event, { awsRequestId: requestId }) });
  } catch (error) {
    const { name, message } = error as Error;
    const failed = error instanceof JobFailed;
    process.send?.(failed ? { kind: 'summary', summary: error.summary } : { kind: 'error', name, message });
  }
});
process.send?.('ready');
