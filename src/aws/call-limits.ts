/** How long calls to AWS may take. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ServiceError } from '../core/failure.ts';
import { closeIdleConnections } from './connections.ts';
import { failureFrom } from './error-words.ts';
import { translate } from './errors.ts';

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

/** A limit that has passed. `what`: whose. */
class TimeLimit extends ServiceError {
  readonly durationMs: number;
  constructor(durationMs: number, what = 'The calls to AWS') {
    super('unavailable', `${what} did not succeed within the time limit of ${inSeconds(durationMs)}.`);
    this.durationMs = durationMs;
  }
}

/** Ends after a time unless it is cleared. `signal.reason` is the error. */
function endingAfter(durationMs: number) {
  const controller = new AbortController();
  const end = () => controller.abort(new TimeLimit(durationMs));
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
  const { signal, clear } = endingAfter(durationMs);
  let giveUp: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    const settlingMs = Math.min(LONGEST_SETTLING_MS, durationMs * SETTLING_SHARE);
    giveUp = setTimeout(() => reject(signal.reason ?? new TimeLimit(durationMs)), durationMs + settlingMs);
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
  const { signal, clear } = endingAfter(durationMs);
  return new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  }).finally(clear);
}

/** The part of a command of the SDK that this file uses. */
interface Command {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'finalizeRequest'; priority: 'low'; name: string }): void;
  };
}

type Send = (command: Command, options?: { abortSignal?: AbortSignal }) => Promise<unknown>;

/** A client whose calls end after `callMs`, and with the scope that they are made in. Changes the client. */
export function limitCalls<C extends { send: unknown }>(client: C, { callMs }: CallLimits): C {
  const send = (client.send as Send).bind(client);
  const limited: Send = async (command, options) => {
    const { signal, clear } = endingAfter(callMs);
    const lastFailure = notingTries(command);
    try {
      return await send(command, { ...options, abortSignal: signal });
    } catch (error) {
      throw signal.aborted && isAbort(error) ? timedOut(signal.reason, error, lastFailure()) : error;
    } finally {
      clear();
    }
  };
  return Object.assign(client, { send: limited });
}

const isAbort = (error: unknown): boolean => (error as Error).name === 'AbortError';

/** Notes why the tries of a command fail, because the SDK tells only of the last one of all. */
function notingTries({ middlewareStack }: Command): () => unknown {
  let last: unknown;
  const middleware = (go: (args: unknown) => Promise<unknown>) => (args: unknown) =>
    go(args).catch((error: unknown) => {
      if (!isAbort(error)) last = error;
      if (failureFrom(error).status === undefined) closeIdleConnections();
      throw error;
    });
  middlewareStack.add(middleware as never, { step: 'finalizeRequest', priority: 'low', name: 'notingTries' });
  return () => last;
}

/** Which call a limit ended, and why it had not succeeded by then. */
function timedOut({ durationMs }: TimeLimit, ended: unknown, last: unknown): ServiceError {
  const limit = new TimeLimit(durationMs, failureFrom(ended).operation);
  if (last === undefined) return limit;
  const { code, message } = translate(last);
  return new ServiceError(code, `${limit.message} The last try failed: ${message}`, { cause: last });
}
