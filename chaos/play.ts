import { embeddedSystem, type Lambdas } from './embedded.ts';
import type { HistoryResult } from './history.ts';
import { playHistory } from './play-history.ts';
import { simulatedSystem } from './simulated.ts';

/**
 * One history in this many runs the deployed handlers on the embedded AWS, which takes about a minute. The others run on
 * the simulator. The first one comes early, so that short runs also include one.
 */
const EMBEDDED_EVERY = 400;
const FIRST_EMBEDDED = 50;
export const isEmbedded = (history: number): boolean => history % EMBEDDED_EVERY === FIRST_EMBEDDED;

/** Plays one history of a seed. The first one has the number 1. */
export async function play(
  seed: number,
  history: number,
  lambdas: () => Promise<Lambdas>,
): Promise<HistoryResult> {
  if (!isEmbedded(history))
    return playHistory({
      seed,
      history,
      days: 15,
      groups: 3,
      open: async (start, ledger) => simulatedSystem(start, ledger),
    });
  const own = await lambdas();
  return playHistory({
    seed,
    history,
    days: 15,
    groups: 1,
    open: (start, ledger) => embeddedSystem(start, ledger, own),
  });
}
