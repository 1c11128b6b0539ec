/** A worker thread. It receives the number of a history, and sends its result. */
import { parentPort, workerData } from 'node:worker_threads';
import { endPlaying, play } from './play.ts';

const { seed } = workerData as { seed: number };

parentPort!.on('message', async (history: number | 'end') => {
  if (history !== 'end') return parentPort!.postMessage({ history, ...(await play(seed, history)) });
  await endPlaying();
  parentPort!.close();
});
