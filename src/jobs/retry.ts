import { type FailureCode, ServiceError } from '../core/failure.ts';
import type { Clock } from '../ports.ts';

const passing: ReadonlySet<FailureCode> = new Set(['throttled', 'limit-exceeded', 'in-use', 'unavailable']);

/** Whether another try can succeed. Everything else fails immediately. */
export const passes = (error: unknown): boolean => error instanceof ServiceError && passing.has(error.code);

/** How often a failed call is repeated, and how long the pauses are. */
export interface Backoff {
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** AWS allows a few control-plane calls per second in the whole account, and a new table takes up to a minute. */
export const defaultBackoff: Backoff = { retries: 9, firstDelayMs: 300, longestDelayMs: 20_000 };

/** The pause before a round, where round 1 is the first repetition. Jitter spreads concurrent runs. */
export function pauseBefore(round: number, { firstDelayMs, longestDelayMs }: Backoff): number {
  const longest = Math.min(firstDelayMs * 2 ** (round - 1), longestDelayMs);
  return Math.ceil(longest * (0.5 + Math.random() / 2));
}

/** Repeats `work` until it succeeds, fails for good, or has been repeated often enough. @throws its last error */
export async function retrying<T>(
  work: () => Promise<T>,
  clock: Clock,
  backoff: Backoff = defaultBackoff,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || round > backoff.retries) throw error;
      await clock.sleep(pauseBefore(round, backoff));
    }
  }
}
