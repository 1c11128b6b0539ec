/** The first signal lets what is under way finish, and its leases be given back; a second ends at once. */
export function stopOnSignal(): { readonly stop: AbortSignal; readonly ignore: () => void } {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const ignore = (): void => {
    for (const signal of signals) process.removeListener(signal, halt);
  };
  const halt = (): void => {
    ignore();
    console.error('Stopping: what is under way is finished, nothing else begins. Once more ends it at once.');
    controller.abort();
  };
  for (const signal of signals) process.on(signal, halt);
  return { stop: controller.signal, ignore };
}
