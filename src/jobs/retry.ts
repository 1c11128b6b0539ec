import { type FailureCode, ServiceError } from '../core/failure.ts';
import type { Clock } from '../ports.ts';

const passing: ReadonlySet<FailureCode> = new Set(['throttled', 'limit-exceeded', 'in-use', 'unavailable']);

/** Whether another try can cure it. Everything else fails at once. */
export const passes = (error: unknown): boolean => error instanceof ServiceError && passing.has(error.code);

/** How often what failed is tried again, and how long the pauses before that are. */
export interface Backoff {
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Control-plane calls are limited to a few a second for the whole account; a new table takes up to a minute. */
export const defaultBackoff: Backoff = { retries: 9, firstDelayMs: 300, longestDelayMs: 20_000 };

/** The pause before the given round, 1 being the first that tries again; the jitter keeps several runs apart. */
export function pauseBefore(round: number, { firstDelayMs, longestDelayMs }: Backoff): number {
  const longest = Math.min(firstDelayMs * 2 ** (round - 1), longestDelayMs);
  return Math.ceil(longest * (0.5 + Math.random() / 2));
}

/** Tries until it succeeds, until what fails is nothing that another try can cure, or until the tries are spent. */
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
