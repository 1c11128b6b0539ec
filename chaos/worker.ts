/** A thread of the driver: a history's number in, what became of it out. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Lambdas, openLambdas } from './embedded.ts';
import { play } from './play.ts';

const { seed } = workerData as { seed: number };
let lambdas: Promise<Lambdas> | undefined;

parentPort!.on('message', async (history: number | 'end') => {
  if (history !== 'end') {
    const played = await play(seed, history, () => (lambdas ??= openLambdas()));
    return parentPort!.postMessage({ history, ...played });
  }
  for (const lambda of (await lambdas) ?? []) await lambda.close();
  parentPort!.close();
});
