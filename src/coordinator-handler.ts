import type { RunFigures } from './core/metrics/of-run.ts';
import { SHARDED } from './core/sharding/ids.ts';
import { currentConfig } from './current-config.ts';
import { logMetrics } from './handler.ts';
import {
  correlationOf,
  environmentOf,
  type Invocation,
  instantOf,
  logLine,
  type TimedEvent,
} from './invocation.ts';
import { type Coordinated, coordinate } from './jobs/coordinate.ts';
import { ListedNames } from './jobs/listed-names.ts';
import { awsPorts, configFolder } from './runtime.ts';
import { queueOfTicks } from './ticks.ts';

/** What earlier invocations in this process have listed. */
const listed = new ListedNames();

/** The most shards that deployment.json accepts. */
const MOST_SHARDS = 64;

/**
 * The Lambda handler of the coordinator. It has the schedule of scale, and sends a tick to each of TURNTABLE_SHARDS shards.
 * @throws ServiceError, and ConfigError if the configuration is invalid
 */
export async function coordinator(event?: TimedEvent | null, context?: Invocation): Promise<Coordinated> {
  const job = SHARDED;
  try {
    const environment = environmentOf(process.env.TURNTABLE_ENVIRONMENT);
    const shards = shardsOf(process.env.TURNTABLE_SHARDS);
    const now = instantOf(event);
    const ports = { ...awsPorts(environment), ticks: queueOfTicks() };
    const { config } = await currentConfig(configFolder(), { job, environment, state: ports.state, now });
    let figures: RunFigures | undefined;
    const done = await coordinate(config, ports, now, {
      shards,
      listed,
      report: (reported) => {
        figures = reported;
      },
    });
    const correlationId = correlationOf(event, context);
    if (figures) logMetrics(figures, config, { job, correlationId });
    logLine({ ...done, ...(correlationId && { correlation_id: correlationId }) });
    return done;
  } catch (error) {
    logLine({ job, outcome: 'failed', message: (error as Error).message });
    throw error;
  }
}

function shardsOf(text: string | undefined): number {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 2 && shards <= MOST_SHARDS) return shards;
  throw new Error(
    `TURNTABLE_SHARDS must be an integer from 2 to ${MOST_SHARDS}. Set "Shards" in config/deployment.json.`,
  );
}
