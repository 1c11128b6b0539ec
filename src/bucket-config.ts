/** The configuration that a job on Lambda uses if its files are in S3. */
import type { Chosen } from './aws/clients.ts';
import { configBucket } from './aws/config-bucket.ts';
import { loadConfigLate } from './config/late.ts';
import { ConfigError } from './config/problem.ts';
import { problemOfFile } from './config/read.ts';
import { CONFIG_FILES } from './config/source.ts';
import { sayInstant } from './core/calendar/instant.ts';
import { messageOf } from './core/failure.ts';
import type { Config } from './core/spec.ts';
import { sameVersions, type ValidConfig } from './core/valid-config.ts';
import { type BucketAddress, bucketAddress, type Fetched, fetchConfig } from './fetched-config.ts';
import type { ConfigBucket, StateStore } from './ports.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Whether it is an older one, because the newest is invalid. undefined if it is not in a bucket. */
  readonly isOlder?: boolean;
  /** Why it is not the newest, or why the newest was not recorded. A run with a note fails, after it has acted. */
  readonly note?: string;
}

/** What this process has read of each bucket. The next run reads only what has changed. */
const readers = new Map<string, ConfigBucket>();

/** The reader of a bucket, always the same one. */
export function readerOf(bucket: string, chosen: Chosen = {}): ConfigBucket {
  const reader = readers.get(bucket) ?? configBucket(bucket, undefined, undefined, chosen);
  readers.set(bucket, reader);
  return reader;
}

interface Recording {
  /** Whether this job records it. */
  readonly records: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The files at `place`, for a command, in the region and with the profile that the user chose. */
export const fetchPlace = (place: string, chosen: Chosen): Promise<Fetched> => {
  const address = addressOf(place);
  return fetchConfig(address, configBucket(address.bucket, undefined, undefined, chosen));
};

/** @throws ConfigError */
function addressOf(place: string): BucketAddress {
  const address = bucketAddress(place);
  if ('problem' in address) throw new ConfigError([problemOfFile(place, address.problem)]);
  return address;
}

/** The configuration in S3 at `place`, such as `s3://bucket/prefix`. Otherwise like `loadFromBucket`. */
export function loadConfigOf(
  place: string,
  environment: string,
  state: Records,
  recording: Recording,
  chosen?: Chosen,
) {
  const address = addressOf(place);
  return loadFromBucket(address, environment, readerOf(address.bucket, chosen), state, recording);
}

type Records = Pick<StateStore, 'validConfig' | 'recordValidConfig'>;

/**
 * The newest configuration. While that is invalid, the newest valid one that rotate has recorded, in a bucket that keeps versions.
 * @throws ConfigError if neither is valid, ServiceError if S3 cannot be read
 */
export async function loadFromBucket(
  address: BucketAddress,
  environment: string,
  reader: ConfigBucket,
  state: Records,
  { records, now }: Recording,
): Promise<LoadedConfig> {
  const newest = await fetchConfig(address, reader);
  try {
    const config = await loadConfigLate(newest, environment);
    await rejectDeleted(newest, state);
    const note = records ? await recorded(newest, state, now) : undefined;
    return { config, isOlder: false, ...(note !== undefined && { note }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return lastValid(newest, error, address, environment, reader, state);
  }
}

/**
 * A valid configuration without a file that the recorded one has. Its defaults would replace what the file said, such as that purge
 * is disabled, and a file is deleted more easily than it is emptied. @throws ConfigError
 */
async function rejectDeleted({ name, files }: Fetched, state: Records): Promise<void> {
  if (CONFIG_FILES.every((file) => files.has(file))) return;
  const known = await state.validConfig().catch(() => undefined);
  const deleted = known?.place === name ? Object.keys(known.versions).filter((file) => !files.has(file)) : [];
  if (deleted.length === 0) return;
  throw new ConfigError(
    deleted.map((file) =>
      problemOfFile(
        `${name}/${file}`,
        'was deleted. Restore it, or upload a file that contains {} to use the defaults.',
      ),
    ),
  );
}

/**
 * Records the versions of a valid configuration, or that there is nothing to go back to, because a file has none. An earlier record
 * would be older than the one before. Returns why it could not.
 */
async function recorded({ name, files, versions }: Fetched, state: Records, now: number) {
  const complete = Object.keys(versions).length < files.size ? {} : versions;
  try {
    const known = await state.validConfig();
    if (sameVersions(known?.versions ?? {}, complete) && (known?.place ?? name) === name) return undefined;
    await state.recordValidConfig({ place: name, versions: complete, since: now });
    return undefined;
  } catch (error) {
    return `The versions of the configuration could not be recorded: ${messageOf(error)}`;
  }
}

/** The recorded configuration, and what is wrong with the newest. @throws ConfigError if no version is usable */
async function lastValid(
  newest: Fetched,
  invalid: ConfigError,
  address: BucketAddress,
  environment: string,
  reader: ConfigBucket,
  state: Records,
): Promise<LoadedConfig> {
  try {
    const known = await state.validConfig();
    if (known?.place !== newest.name) throw invalid;
    const files = await fetchConfig(address, reader, known.versions);
    if (files.files.size < Object.keys(known.versions).length)
      throw new Error('A recorded version no longer exists.');
    const config = await loadConfigLate(files, environment);
    return { config, isOlder: true, note: sayInvalid(newest.name, known, invalid) };
  } catch (error) {
    if (error === invalid) throw invalid;
    const why = `cannot be replaced by the last valid configuration: ${messageOf(error).replaceAll('\n', ' ')}`;
    throw new ConfigError([...invalid.problems, problemOfFile(newest.name, why)]);
  }
}

const sayInvalid = (name: string, { since }: ValidConfig, { message }: ConfigError): string =>
  `The configuration in ${name} is invalid, so this run used the one before, which was valid from ${sayInstant(since)}. ${message.replaceAll('\n', ' ')}`;
