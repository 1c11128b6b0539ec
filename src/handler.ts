import { loadConfig } from './config/index.ts';
import { cut, visibleJson } from './config/quote.ts';
import { parseRunInstant } from './core/calendar/instant.ts';
import type { Job } from './core/plan.ts';
import { JobFailed, runJob, type Summary } from './jobs/run.ts';
import { awsPorts, configFolder, leaseOwner, wallClock } from './runtime.ts';

/** What a handler reads of EventBridge's scheduled event. */
export interface TimedEvent {
  /** When the event was due, ISO 8601. The wall clock counts where there is none. */
  readonly time?: string;
}

/** What a handler reads of Lambda's context. */
export interface Invocation {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/** Time kept back for the last call, the lease and the answer. */
const RESERVE_MS = 10_000;

/**
 * A Lambda handler for one job. *Now* is the event's own time, so that a late, repeated or replayed event
 * means what it meant. Returns the summary and logs it as one line of JSON, unless TURNTABLE_LOG=silent.
 * @throws JobFailed when anything was left undone, ConfigError when the configuration is wrong
 */
export function handlerOf(job: Job) {
  return async (event?: TimedEvent | null, context?: Invocation): Promise<Summary> => {
    try {
      const summary = await handle(job, event, context);
      log(summary);
      return summary;
    } catch (error) {
      const { message } = error as Error;
      log(error instanceof JobFailed ? error.summary : { job, outcome: 'failed', message });
      throw error;
    }
  };
}

async function handle(
  job: Job,
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
): Promise<Summary> {
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const now = instantOf(event);
  const config = loadConfig(configFolder(), environment);
  const remainingMs = context?.getRemainingTimeInMillis?.();
  const summary = await runJob(job, config, awsPorts(environment), now, {
    owner: context?.awsRequestId ?? leaseOwner(job),
    ...(remainingMs === undefined ? {} : { deadline: wallClock.now() + remainingMs - RESERVE_MS }),
  });
  if (summary.outcome === 'failed') throw new JobFailed(summary);
  return summary;
}

function log(line: object): void {
  if (process.env.TURNTABLE_LOG !== 'silent') console.log(visibleJson(line));
}

function environmentOf(name: string | undefined): string {
  if (name) return name;
  throw new Error('TURNTABLE_ENVIRONMENT is not set: it names the environment, for instance production.');
}

function instantOf(event: unknown): number {
  if (event === undefined || event === null) return wallClock.now();
  if (typeof event !== 'object' || Array.isArray(event)) {
    throw new Error('The event is no object; EventBridge sends { "time": "2026-11-21T06:00:00Z", … }.');
  }
  const { time } = event as TimedEvent;
  if (time === undefined) return wallClock.now();
  const instant = typeof time === 'string' ? parseRunInstant(time) : undefined;
  if (instant !== undefined) return instant;
  throw new Error(
    `The event's time is ${cut(visibleJson(time))}; it must be ISO 8601, as in 2026-11-21T06:00:00Z, of the years 2000 to 8999.`,
  );
}
