import { type About, logActions } from './action-log.ts';
import type { RunFigures } from './core/metrics/of-run.ts';
import type { Job } from './core/plan.ts';
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
import { JobFailed, runJob, type Summary } from './jobs/run.ts';
import type { Ports } from './ports.ts';
import { awsPorts, configFolder, leaseOwner, wallClock } from './runtime.ts';

/** The ports that only some jobs have. */
type OwnPorts = Pick<Ports, 'notices' | 'mappings'>;

/**
 * A Lambda handler for one job. `ownPorts` returns the ports that only some jobs have, so that the others do not contain their
 * clients. The time of the run is the event's own, so that a late, repeated or replayed event has the same meaning. Returns the
 * summary. Unless TURNTABLE_LOG is `silent`, logs each action, the metrics, and the summary, each as one line of JSON.
 * @throws JobFailed if anything was left undone, ConfigError if the configuration is invalid
 */
export function handlerOf(job: Job, ownPorts: () => OwnPorts = () => ({})) {
  return async (event?: TimedEvent | null, context?: Invocation): Promise<Summary> => {
    try {
      const handled = await handle(job, event, context, ownPorts());
      const { summary } = handled;
      log(event, context, handled);
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
  job: Job,
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
  own: OwnPorts,
): Promise<Handled> {
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const now = instantOf(event);
  const remainingMs = context?.getRemainingTimeInMillis?.();
  const ports = { ...awsPorts(environment), ...own };
  const loaded = await currentConfig(configFolder(), { job, environment, state: ports.state, now });
  const { config, note } = loaded;
  let figures: RunFigures | undefined;
  const ran = await runJob(job, config, ports, now, {
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
function log(
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
  { summary, config, figures }: Handled,
): void {
  if (isSilent()) return;
  const { job, environment, results } = summary;
  const about: About = { job, environment, correlationId: correlationOf(event, context) };
  logActions(results, about);
  if (figures) writeMetrics(figures, config, { job, correlation_id: about.correlationId });
  logLine({ ...summary, ...(about.correlationId && { correlation_id: about.correlationId }) });
}
