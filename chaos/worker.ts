/** A worker thread. It receives the number of a history, and sends its result. */
import { parentPort, workerData } from 'node:worker_threads';
import { endPlaying, play } from './play.ts';

// Histories throw many errors on purpose, and only their messages are used.
Error.stackTraceLimit = 1;

const { seed } = workerData as { seed: number };

parentPort!.on('message', async (history: number | 'end') => {
  if (history !== 'end') return parentPort!.postMessage({ history, ...(await play(seed, history)) });
  await endPlaying();
  parentPort!.close();
});
