import { Logger } from '@aws-lambda-powertools/logger';
import { visible } from './config/quote.ts';
import type { Result } from './jobs/apply.ts';

/** How a result is logged. */
const levels = {
  applied: 'info',
  superseded: 'info',
  postponed: 'info',
  skipped: 'warn',
  failed: 'error',
} as const satisfies Readonly<Record<Result['outcome'], 'info' | 'warn' | 'error'>>;

/** What every line of a run has. */
export interface About {
  readonly job: string;
  readonly environment: string;
  readonly correlationId: string | undefined;
}

/** Logs one line of JSON for each action of a run. */
export function logActions(results: readonly Result[], { job, environment, correlationId }: About): void {
  const logger = new Logger({
    serviceName: 'turntable',
    persistentKeys: { environment, job },
    // Names and answers of AWS must not move the cursor of a terminal.
    jsonReplacerFn: (_, value) => (typeof value === 'string' ? visible(value) : value),
  });
  if (correlationId !== undefined) logger.setCorrelationId(correlationId);
  for (const { action, outcome, error } of results) {
    const { kind, table, group, reason, message } = action;
    const why = error === undefined ? {} : { cause: error };
    logger[levels[outcome]](`${kind} ${table}: ${outcome}`, {
      ...{ kind, table, group, reason, outcome },
      detail: message,
      ...why,
    });
  }
}
