import type { About } from './action-log.ts';
import type { RunFigures } from './core/metrics/of-run.ts';
import type { Job } from './core/plan.ts';
import type { Planner } from './core/planners.ts';
import type { Config } from './core/spec.ts';
import { currentConfig, figuresWith, noted } from './current-config.ts';
import { writeMetrics } from './emf.ts';
import {
  correlationOf,
  environmentOf,
  type Invocation,
  instantOf,
  isSilent,
  logLine,
  type TimedEvent,
} from './invocation.ts';
import { Descriptions } from './jobs/descriptions.ts';
import { JobFailed, type RunOptions, runPlanner, type Summary } from './jobs/running.ts';
import type { Ports } from './ports.ts';
import { awsPorts, configFolder, leaseOwner, wallClock } from './runtime.ts';

/** The ports that only some jobs have. */
export type OwnPorts = Pick<Ports, 'notices' | 'mappings' | 'archive'>;

/**
 * A Lambda handler for the job of a planner. `ownPorts` returns the ports that only some jobs have. The time of the run is the event's own, so that a late, repeated or replayed event has the same meaning. Returns the
 * summary. Unless TURNTABLE_LOG is `silent`, logs each action, the metrics, and the summary, each as one line of JSON.
 * @throws JobFailed if anything was left undone, ConfigError if the configuration is invalid
 */
export function handlerOf(planner: Planner, ownPorts: () => OwnPorts = () => ({})) {
  const { job } = planner;
  return async (event?: TimedEvent | null, context?: Invocation): Promise<Summary> => {
    const invoked = {
      job,
      at: () => instantOf(event),
      correlationId: correlationOf(event, context),
      context,
    };
    return handled(invoked, ownPorts(), (config, ports, now, options) =>
      runPlanner(planner, config, ports, now, options),
    );
  };
}

/** An invocation of a function that runs a job. */
export interface Invoked {
  readonly job: Job;
  /** The instant of the run, epoch milliseconds. Throws if the event has an invalid one. */
  readonly at: () => number;
  readonly correlationId: string | undefined;
  readonly context: Invocation | undefined;
  /** How many functions share the account's quotas. Default: 1. */
  readonly workers?: number;
}

/** How a job is run, such as `runPlanner`. */
type Run = (config: Config, ports: Ports, now: number, options: RunOptions) => Promise<Summary>;

/**
 * Runs a job on Lambda, and logs it. Returns the summary.
 * @throws JobFailed if anything was left undone, ConfigError if the configuration is invalid
 */
export async function handled(invoked: Invoked, own: OwnPorts, run: Run): Promise<Summary> {
  const { job } = invoked;
  try {
    const done = await handle(invoked, own, run);
    const { summary } = done;
    await log(invoked, done);
    if (summary.outcome === 'failed') throw new JobFailed(summary);
    return summary;
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof JobFailed)) logLine({ job, outcome: 'failed', message });
    throw error;
  }
}

/** A run, and what it reported. */
interface Handled {
  readonly summary: Summary;
  readonly config: Config;
  readonly figures: RunFigures | undefined;
}

async function handle({ job, at, context, workers = 1 }: Invoked, own: OwnPorts, run: Run): Promise<Handled> {
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const now = at();
  const remainingMs = context?.getRemainingTimeInMillis?.();
  const ports = {
    ...awsPorts(environment, { workers }),
    ...own,
    ...(job === 'scale' && { descriptions: recentDescriptions() }),
  };
  const loaded = await currentConfig(configFolder(), { job, environment, state: ports.state, now });
  const { config, note } = loaded;
  let figures: RunFigures | undefined;
  const ran = await run(config, ports, now, {
    owner: context?.awsRequestId ?? leaseOwner(job),
    ...(remainingMs === undefined ? {} : { end: wallClock.now() + remainingMs }),
    report: (reported) => {
      figures = reported;
    },
  });
  const summary = noted(ran, note);
  return { summary, config, figures: figuresWith(job, figures, loaded) };
}

const descriptions = new Map<string, Descriptions>();

/**
 * What earlier invocations in this process have seen of the tables that it works with now. Other credentials can be of another account,
 * and another embedded account can have the port of one that was closed.
 */
export function recentDescriptions(environment = process.env): Descriptions {
  const { AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID } = environment;
  const place = `${AWS_REGION} ${AWS_ENDPOINT_URL} ${AWS_ACCESS_KEY_ID}`;
  const known = descriptions.get(place) ?? new Descriptions();
  descriptions.set(place, known);
  return known;
}

/** Logs a run: a line for each action, the metrics, and the summary. */
async function log({ correlationId }: Invoked, { summary, config, figures }: Handled): Promise<void> {
  if (isSilent()) return;
  const { job, environment, results } = summary;
  const about: About = { job, environment, correlationId };
  if (results.length > 0) (await import('./action-log.ts')).logActions(results, about);
  if (figures) logMetrics(figures, config, { job, correlationId });
  logLine({ ...summary, ...(correlationId && { correlation_id: correlationId }) });
}

/** Writes metrics to the log, unless TURNTABLE_LOG is `silent`. */
export function logMetrics(
  figures: RunFigures,
  config: Config,
  { job, correlationId }: Pick<Invoked, 'job' | 'correlationId'>,
): void {
  if (!isSilent()) writeMetrics(figures, config, { job, correlation_id: correlationId });
}
