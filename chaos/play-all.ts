import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { HistoryResult } from './history.ts';

export type PlayedHistory = HistoryResult & { readonly history: number };

export interface Batch {
  readonly seed: number;
  /** The numbers of the histories to play. */
  readonly histories: readonly number[];
  readonly onPlayed: (played: PlayedHistory) => void;
}

/** Plays histories on all processors, each independently and in any order. */
export async function playAll({ seed, histories, onPlayed }: Batch): Promise<void> {
  const left = [...histories];
  const threads = Math.min(availableParallelism(), left.length);
  await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { seed } });
      const next = (): void => worker.postMessage(left.shift() ?? 'end');
      worker.on('message', (played: PlayedHistory) => {
        onPlayed(played);
        next();
      });
      next();
      return new Promise<void>((resolve, reject) => {
        worker.on('error', reject);
        worker.on('exit', () => resolve());
      });
    }),
  );
}
