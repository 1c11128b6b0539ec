import { pause } from './call-limits.ts';

/** The part of the SDK's middleware that this file uses. */
interface Paced {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'finalizeRequest'; priority: 'low'; name: string }): void;
  };
}

/**
 * Makes a client's tries one by one, at a steady rate, once AWS has throttled one of them. The SDK's adaptive mode would
 * slow every call further with each throttled try, also if AWS throttles only the calls for one table.
 */
export function pacing<C extends Paced>(
  client: C,
  perSecond: number,
  isThrottled: (error: unknown) => boolean,
): C {
  let next: number | undefined;
  const turn = async (): Promise<void> => {
    if (next === undefined) return;
    const now = performance.now();
    const own = Math.max(now, next);
    next = own + 1000 / perSecond;
    if (own > now) await pause(own - now);
  };
  const middleware = (go: (args: unknown) => Promise<unknown>) => async (args: unknown) => {
    await turn();
    return go(args).catch((error: unknown) => {
      if (isThrottled(error)) next ??= performance.now();
      throw error;
    });
  };
  client.middlewareStack.add(middleware as never, {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'pacing',
  });
  return client;
}
