import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Told } from './history.ts';

export type Played = Told & { readonly history: number };

export interface Drive {
  readonly seed: number;
  /** Numbers of the histories to play. */
  readonly histories: readonly number[];
  readonly onPlayed: (played: Played) => void;
}

/** Plays histories on all processors; each by itself, in any order. */
export async function drive({ seed, histories, onPlayed }: Drive): Promise<void> {
  const left = [...histories];
  const threads = Math.min(availableParallelism(), left.length);
  await Promise.all(
    Array.from({ length: threads }, () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { seed } });
      const next = (): void => worker.postMessage(left.shift() ?? 'end');
      worker.on('message', (played: Played) => {
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
