import { type LoadedConfig, loadConfigOf } from './bucket-config.ts';
import { loadConfigLate } from './config/late.ts';
import { ConfigError } from './config/problem.ts';
import { problemOfFile } from './config/read.ts';
import { measured } from './core/metrics/measurement.ts';
import type { RunFigures } from './core/metrics/of-run.ts';
import type { Job } from './core/plan.ts';
import { isInBucket } from './fetched-config.ts';
import type { Summary } from './jobs/running.ts';
import type { Ports } from './ports.ts';
import type { Chosen } from './runtime.ts';

/** A run that needs its configuration. */
interface ConfiguredRun {
  /** `report` and `drill` read it too, and are no jobs. */
  readonly job: Job | 'report' | 'drill';
  readonly environment: string;
  readonly state: Ports['state'];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly chosen?: Chosen;
}

/**
 * The configuration of a folder, or of S3. The client of S3 is loaded only there, and `npm run package` leaves it out of the
 * bundles unless deployment.json has a ConfigBucket.
 * @throws ConfigError, and ServiceError if S3 cannot be read
 */
export async function currentConfig(
  place: string,
  { job, environment, state, now, chosen }: ConfiguredRun,
): Promise<LoadedConfig> {
  if (!isInBucket(place)) return { config: await loadConfigLate(place, environment) };
  // esbuild leaves out what a constant condition excludes, but not what follows a throw.
  if (process.env.TURNTABLE_WITHOUT_S3 !== 'yes')
    return loadConfigOf(place, environment, state, { records: job === 'rotate', now }, chosen);
  throw withoutClient(place);
}

const withoutClient = (place: string): ConfigError =>
  new ConfigError([
    problemOfFile(
      place,
      'cannot be read, because this package has no client of S3. Set ConfigBucket in config/deployment.json and deploy again.',
    ),
  ]);

/** The figures of a run of scale, with whether it used an older configuration of a bucket. Other places have no older one. */
export const figuresWith = (
  job: Job,
  figures: RunFigures | undefined,
  { isOlder }: Pick<LoadedConfig, 'isOlder'>,
): RunFigures | undefined =>
  figures && isOlder !== undefined && job === 'scale'
    ? { ...figures, measurements: [...figures.measurements, ...measured('ConfigInvalid', isOlder ? 1 : 0)] }
    : figures;

/** A run that used an older configuration fails, although it has done its work. */
export const noted = (summary: Summary, note: string | undefined): Summary =>
  note === undefined ? summary : { ...summary, outcome: 'failed', message: `${summary.message} ${note}` };
