/** The first signal lets the current action finish and release its lease. The second signal exits immediately. */
export function stopOnSignal(): { readonly stop: AbortSignal; readonly ignore: () => void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const ignore = (): void => {
    for (const signal of signals) process.removeListener(signal, halt);
  };
  const halt = (): void => {
    ignore();
    console.error('Stopping after the current action. Press Ctrl-C again to exit immediately.');
    controller.abort();
  };
  for (const signal of signals) process.on(signal, halt);
  return { stop: controller.signal, ignore };
}
