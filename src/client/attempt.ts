/**
 * Calls the SDK. An aborted call is rejected with the reason of the signal, not with an error of the SDK. It does not wait
 * for the SDK either, which finishes its own back-off before it notices an abort.
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

/** The promise, but rejected with the reason of the signal as soon as that is aborted. */
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

/** DynamoDB throws the same error for a table that never existed, that was deleted, or that is still CREATING. */
export const isMissingTable = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';
