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

/** Runs `call`, again after a growing pause while its failure is a passing one and `deadline` is ahead. */
export function retrying<T>(call: () => Promise<T>, backoff: Backoff, inTime: () => boolean): Promise<T> {
  return pRetry(call, {
    retries: backoff.retries,
    minTimeout: backoff.firstDelayMs,
    maxTimeout: backoff.longestDelayMs,
    randomize: true,
    shouldRetry: ({ error }) => error instanceof ServiceError && passing.has(error.code) && inTime(),
  });
}
