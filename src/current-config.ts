import type { LoadedConfig } from './bucket-config.ts';
import { loadConfig } from './config/index.ts';
import type { Job } from './core/plan.ts';
import type { Summary } from './jobs/run.ts';
import type { Ports } from './ports.ts';
import type { Chosen } from './runtime.ts';

/** A run that needs its configuration. */
interface ConfiguredRun {
  readonly job: Job;
  readonly environment: string;
  readonly state: Ports['state'];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly chosen?: Chosen;
}

/**
 * The configuration of a folder, or of S3. The client of S3 is loaded only there, and `npm run package` leaves it out of the
 * bundles.
 * @throws ConfigError, and ServiceError if S3 cannot be read
 */
export async function currentConfig(
  place: string,
  { job, environment, state, now, chosen }: ConfiguredRun,
): Promise<LoadedConfig> {
  if (process.env.TURNTABLE_WITHOUT_S3 !== 'yes' && place.startsWith('s3://')) {
    const { loadConfigOf } = await import('./bucket-config.ts');
    return loadConfigOf(place, environment, state, { records: job === 'rotate', now }, chosen);
  }
  return { config: loadConfig(place, environment) };
}

/** A run that used an older configuration fails, although it has done its work. */
export const noted = (summary: Summary, note: string | undefined): Summary =>
  note === undefined ? summary : { ...summary, outcome: 'failed', message: `${summary.message} ${note}` };
