import type { About } from './action-log.ts';
import type { RunFigures } from './core/metrics/of-run.ts';
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
import { JobFailed, runPlanner, type Summary } from './jobs/running.ts';
import type { Ports } from './ports.ts';
import { awsPorts, configFolder, leaseOwner, wallClock } from './runtime.ts';

/** The ports that only some jobs have. */
type OwnPorts = Pick<Ports, 'notices' | 'mappings' | 'archive'>;

/**
 * A Lambda handler for the job of a planner. `ownPorts` returns the ports that only some jobs have. The time of the run is the event's own, so that a late, repeated or replayed event has the same meaning. Returns the
 * summary. Unless TURNTABLE_LOG is `silent`, logs each action, the metrics, and the summary, each as one line of JSON.
 * @throws JobFailed if anything was left undone, ConfigError if the configuration is invalid
 */
export function handlerOf(planner: Planner, ownPorts: () => OwnPorts = () => ({})) {
  const { job } = planner;
  return async (event?: TimedEvent | null, context?: Invocation): Promise<Summary> => {
    try {
      const handled = await handle(planner, event, context, ownPorts());
      const { summary } = handled;
      await log(event, context, handled);
      if (summary.outcome === 'failed') throw new JobFailed(summary);
      return summary;
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof JobFailed)) logLine({ job, outcome: 'failed', message });
      throw error;
    }
  };
}

/** A run, and what it reported. */
interface Handled {
  readonly summary: Summary;
  readonly config: Config;
  readonly figures: RunFigures | undefined;
}

async function handle(
  planner: Planner,
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
  own: OwnPorts,
): Promise<Handled> {
  const { job } = planner;
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const now = instantOf(event);
  const remainingMs = context?.getRemainingTimeInMillis?.();
  const ports = { ...awsPorts(environment), ...own };
  const loaded = await currentConfig(configFolder(), { job, environment, state: ports.state, now });
  const { config, note } = loaded;
  let figures: RunFigures | undefined;
  const ran = await runPlanner(planner, config, ports, now, {
    owner: context?.awsRequestId ?? leaseOwner(job),
    ...(remainingMs === undefined ? {} : { end: wallClock.now() + remainingMs }),
    report: (reported) => {
      figures = reported;
    },
  });
  const summary = noted(ran, note);
  return { summary, config, figures: figuresWith(job, figures, loaded) };
}

/** Logs a run: a line for each action, the metrics, and the summary. */
async function log(
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
  { summary, config, figures }: Handled,
): Promise<void> {
  if (isSilent()) return;
  const { job, environment, results } = summary;
  const about: About = { job, environment, correlationId: correlationOf(event, context) };
  if (results.length > 0) (await import('./action-log.ts')).logActions(results, about);
  if (figures) writeMetrics(figures, config, { job, correlation_id: about.correlationId });
  logLine({ ...summary, ...(about.correlationId && { correlation_id: about.correlationId }) });
}
