import type { Lambdas } from './embedded.ts';
import { isEmbedded } from './embedded-histories.ts';
import type { HistoryResult } from './history.ts';
import { playHistory } from './play-history.ts';
import { simulatedSystem } from './simulated.ts';

let lambdas: Promise<Lambdas> | undefined;

/** Plays one history of a seed. The first one has the number 1. */
export async function play(seed: number, history: number): Promise<HistoryResult> {
  if (!isEmbedded(history))
    return playHistory({
      seed,
      history,
      days: 15,
      groups: 3,
      open: async (start, ledger, hasTopic) => simulatedSystem(start, ledger, undefined, hasTopic),
    });
  // Most threads play no such history, and then need neither the SDK nor the embedded AWS.
  const { embeddedSystem, openLambdas } = await import('./embedded.ts');
  lambdas ??= openLambdas();
  const own = await lambdas;
  return playHistory({
    seed,
    history,
    days: 15,
    groups: 1,
    open: (start, ledger) => embeddedSystem(start, ledger, own),
  });
}

/** Ends the processes that the histories of this thread used. */
export async function endPlaying(): Promise<void> {
  for (const lambda of (await lambdas) ?? []) await lambda.close();
}
