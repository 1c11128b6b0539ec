/** Calls the SDK; what was aborted is rejected with the signal's own reason, whatever the SDK makes of it. */
export async function attempt<Output>(
  signal: AbortSignal | undefined,
  call: (options: { abortSignal?: AbortSignal }) => Promise<Output>,
): Promise<Output> {
  signal?.throwIfAborted();
  try {
    return await call(signal ? { abortSignal: signal } : {});
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error;
  }
}

/** DynamoDB says the same of a table that was never made, that was deleted, and that is still being made. */
export const saysMissing = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ResourceNotFoundException';
