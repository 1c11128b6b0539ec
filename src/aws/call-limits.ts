/** How long calls to AWS may take. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ServiceError } from '../core/failure.ts';

/** Limits of one call, in milliseconds. */
export interface CallLimits {
  readonly connectMs: number;
  /** The SDK's request timeout ends with the headers, so this also limits silence within a response. */
  readonly silenceMs: number;
  /** All tries and pauses together, also if a response trickles. */
  readonly callMs: number;
}

export const usualLimits: CallLimits = { connectMs: 3_000, silenceMs: 8_000, callMs: 30_000 };

/** Work that does not end after its calls have ended is given up after this part of its time. */
const SETTLING_SHARE = 1 / 4;
const LONGEST_SETTLING_MS = 1_000;

/** The signal that ends the calls of the current asynchronous scope. */
const scope = new AsyncLocalStorage<AbortSignal>();

const inSeconds = (durationMs: number): string => `${Number((durationMs / 1000).toFixed(1))} seconds`;

/** Ends after a time unless it is cleared. `signal.reason` is the error. */
function endingAfter(durationMs: number, message: string) {
  const controller = new AbortController();
  const end = () => controller.abort(new ServiceError('unavailable', message));
  const timer = setTimeout(end, durationMs);
  const outer = scope.getStore();
  const signal = outer ? AbortSignal.any([outer, controller.signal]) : controller.signal;
  return { signal, clear: () => clearTimeout(timer) };
}

/**
 * Runs `work`. Every call to AWS that it still has in progress after this time fails as `unavailable`, and no new call
 * starts. Scopes can be nested: the one that ends first counts.
 * @throws ServiceError `unavailable` if `work` itself does not end soon afterwards
 */
export async function within<T>(durationMs: number, work: () => Promise<T>): Promise<T> {
  const message = `The run reached its limit of ${inSeconds(durationMs)}, so its calls to AWS were ended.`;
  const { signal, clear } = endingAfter(durationMs, message);
  let giveUp: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    const settlingMs = Math.min(LONGEST_SETTLING_MS, durationMs * SETTLING_SHARE);
    giveUp = setTimeout(
      () => reject(signal.reason ?? new ServiceError('unavailable', message)),
      durationMs + settlingMs,
    );
  });
  try {
    return await Promise.race([scope.run(signal, work), overdue]);
  } finally {
    clear();
    clearTimeout(giveUp);
  }
}

/** Resolves after a time, or as soon as the calls of the scope end. */
export function pause(durationMs: number): Promise<void> {
  const { signal, clear } = endingAfter(durationMs, '');
  return new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  }).finally(clear);
}

type Send = (command: never, options?: { abortSignal?: AbortSignal }) => Promise<unknown>;

/** A client whose calls end after `callMs`, and with the scope that they are made in. Changes the client. */
export function limitCalls<C extends { send: unknown }>(client: C, { callMs }: CallLimits): C {
  const send = (client.send as Send).bind(client);
  const limited: Send = async (command, options) => {
    const message = `AWS did not answer within ${inSeconds(callMs)}.`;
    const { signal, clear } = endingAfter(callMs, message);
    try {
      return await send(command, { ...options, abortSignal: signal });
    } catch (error) {
      throw signal.aborted && (error as Error).name === 'AbortError' ? signal.reason : error;
    } finally {
      clear();
    }
  };
  return Object.assign(client, { send: limited });
}
