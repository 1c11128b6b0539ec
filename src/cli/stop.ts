import { exitCodeOf, type StopSignal } from './failure.ts';

export interface Stopping {
  /** Aborted by the first signal. */
  readonly stop: AbortSignal;
  /** The signal, once one has arrived. */
  readonly signal: () => StopSignal | undefined;
  readonly ignore: () => void;
}

/** The first signal lets the current action finish and release its lease. The second signal exits immediately. */
export function stopOnSignal(): Stopping {
  const controller = new AbortController();
  const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM'];
  let received: StopSignal | undefined;
  const ignore = (): void => {
    for (const signal of signals) process.removeListener(signal, halt);
  };
  const halt = (signal: StopSignal): void => {
    ignore();
    received = signal;
    console.error('Stopping after the current action. Press Ctrl-C again to exit immediately.');
    controller.abort();
  };
  for (const signal of signals) process.on(signal, halt);
  return { stop: controller.signal, signal: () => received, ignore };
}

/** Says that a command was interrupted, if a signal has left work undone, and sets the exit code. */
export function reportInterruption({ signal }: Stopping, undone: boolean): void {
  const received = signal();
  if (received === undefined || !undone) return;
  console.error('Interrupted.');
  process.exitCode = exitCodeOf(received);
}
