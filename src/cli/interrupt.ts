import { visibleJson } from '../config/quote.ts';
import { printReport, reportOf } from './error-report.ts';
import { exitCodeOf, Interrupted, type StopSignal } from './failure.ts';

/**
 * Lets a signal end any command with the word for it, as JSON with `--json`. A command that has a listener of its own decides by
 * itself, until it removes it: a second signal ends it here.
 */
export function sayInterrupted(args: readonly string[]): void {
  const end = (signal: StopSignal): void => {
    if (process.listenerCount(signal) > 1) return;
    const error = new Interrupted('Interrupted.', signal);
    const report = reportOf(error);
    if (args.includes('--json')) console.error(visibleJson({ error: report }));
    else printReport(error, report, {});
    process.exit(exitCodeOf(signal));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
}
