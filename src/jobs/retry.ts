import pRetry from 'p-retry';
import { type FailureCode, ServiceError } from '../core/failure.ts';

/** What another try can cure. Everything else fails at once. */
const passing: ReadonlySet<FailureCode> = new Set(['throttled', 'limit-exceeded', 'in-use', 'unavailable']);

/** How long and how often a call is tried again. */
export interface Backoff {
  readonly retries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Control-plane calls are limited to a few a second for the whole account, and tables are busy for minutes. */
export const defaultBackoff: Backoff = { retries: 7, firstDelayMs: 500, longestDelayMs: 20_000 };

/**
 * Runs `call`, again after a growing pause while its failure is a passing one. No try begins, and no pause
 * lasts, when no time is left.
 */
export async function retrying<T>(
  call: () => Promise<T>,
  backoff: Backoff,
  timeLeftMs: () => number,
): Promise<T> {
  let last: unknown;
  const attempt = async (): Promise<T> => {
    if (last !== undefined && timeLeftMs() <= 0) throw last;
    try {
      return await call();
    } catch (error) {
      last = error;
      throw error;
    }
  };
  return pRetry(attempt, {
    retries: backoff.retries,
    minTimeout: backoff.firstDelayMs,
    maxTimeout: backoff.longestDelayMs,
    maxRetryTime: Math.max(0, timeLeftMs()),
    randomize: true,
    shouldRetry: ({ error }) => error instanceof ServiceError && passing.has(error.code) && timeLeftMs() > 0,
  });
}
