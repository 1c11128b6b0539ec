import { messageOf } from './core/failure.ts';
import { currentConfig } from './current-config.ts';
import { writeMetrics } from './emf.ts';
import {
  correlationOf,
  environmentOf,
  type Invocation,
  isSilent,
  logLine,
  type TimedEvent,
} from './invocation.ts';
import { type DrillPorts, type DrillSummary, runDrills } from './jobs/drill.ts';
import type { Ports } from './ports.ts';
import { awsPorts, configFolder, leaseOwner, wallClock } from './runtime.ts';

/** The ports that other functions do not have. */
type OwnPorts = Pick<DrillPorts, 'items'> & Pick<Ports, 'notices' | 'archive' | 'loads'>;

/** A run that could not do all it had to. */
class DrillRunFailed extends Error {
  override name = 'DrillRunFailed';
}

/**
 * A Lambda handler that begins the restore drills of the month and continues those that are not over. It returns the summary and logs
 * it, with the metrics, as lines of JSON. A drill that fails makes an alarm by its metric, and not by an error of the function.
 * @throws ConfigError, ServiceError, and DrillRunFailed if something was left undone
 */
export function drillHandlerOf(own: () => OwnPorts) {
  return async (event?: TimedEvent | null, context?: Invocation): Promise<DrillSummary> => {
    try {
      const summary = await run(event, context, { ...own() });
      if (summary.outcome === 'failed') throw new DrillRunFailed(summary.message);
      return summary;
    } catch (error) {
      if (!(error instanceof DrillRunFailed))
        logLine({ job: 'drill', outcome: 'failed', message: messageOf(error) });
      throw error;
    }
  };
}

async function run(
  event: TimedEvent | null | undefined,
  context: Invocation | undefined,
  own: OwnPorts,
): Promise<DrillSummary> {
  const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
  const ports = { ...awsPorts(environment), ...own };
  const now = wallClock.now();
  const remainingMs = context?.getRemainingTimeInMillis?.();
  const { config, note } = await currentConfig(configFolder(), {
    job: 'drill',
    environment,
    state: ports.state,
    now,
  });
  const correlationId = correlationOf(event, context);
  const summary = await runDrills(config, ports, {
    owner: context?.awsRequestId ?? leaseOwner('drill'),
    ...(remainingMs !== undefined && { end: now + remainingMs }),
    report: (measurements) => {
      if (!isSilent())
        writeMetrics({ measurements, fields: {} }, config, { job: 'drill', correlation_id: correlationId });
    },
  });
  const noted = note === undefined ? summary : { ...summary, message: `${summary.message} ${note}` };
  logLine({ ...noted, ...(correlationId && { correlation_id: correlationId }) });
  return noted;
}
