/** A worker thread. It receives the number of a history, and sends its result. */
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
