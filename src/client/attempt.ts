/**
 * Calls the SDK; what was aborted is rejected with the signal's own reason, whatever the SDK makes of it. It does not
 * wait for the SDK either, which sleeps on between two tries of its own.
 */
export async function attempt<Output>(
  signal: AbortSignal | undefined,
  call: (options: { abortSignal?: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  if (!signal) return call({});
  signal.throwIfAborted();
  try {
    return await unlessAborted(signal, call({ abortSignal: signal }));
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** A promise, rejected with the signal's reason as soon as that is aborted. */
export async function unlessAborted<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** DynamoDB says the same of a table that was never made, that was deleted, and that is still being made. */
export const saysMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';
