import { embeddedStage, type Lambdas } from './embedded.ts';
import type { Told } from './history.ts';
import { simulatedStage } from './simulated.ts';
import { tell } from './tell.ts';

/**
 * One history in so many is played by the deployed handlers on the embedded AWS, which takes about a minute; the others
 * by the simulator. The first one comes early, for short runs to have one too.
 */
const EMBEDDED_EVERY = 400;
const FIRST_EMBEDDED = 50;
export const isEmbedded = (history: number): boolean => history % EMBEDDED_EVERY === FIRST_EMBEDDED;

/** Plays the history of a seed that has this number, 1 being the first. */
export async function play(seed: number, history: number, lambdas: () => Promise<Lambdas>): Promise<Told> {
  if (!isEmbedded(history))
    return tell({
      seed,
      history,
      days: 15,
      groups: 3,
      open: async (start, ledger) => simulatedStage(start, ledger),
    });
  const own = await lambdas();
  return tell({
    seed,
    history,
    days: 15,
    groups: 1,
    open: (start, ledger) => embeddedStage(start, ledger, own),
  });
}
