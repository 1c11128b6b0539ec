/** The configuration that a job on Lambda uses if its files are in S3. */
import type { Chosen } from './aws/clients.ts';
import { configBucket } from './aws/config-bucket.ts';
import { ConfigError, loadConfig } from './config/index.ts';
import { problemOfFile } from './config/read.ts';
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
    const config = loadConfig(newest, environment);
    const note = records ? await recorded(newest, state, now) : undefined;
    return { config, isOlder: false, ...(note !== undefined && { note }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return (await lastValid(newest, error, address, environment, reader, state)) ?? Promise.reject(error);
  }
}

/** Records the versions of a valid configuration. Returns why it could not. */
async function recorded({ name, files, versions }: Fetched, state: Records, now: number) {
  // Without versions of all files, there is nothing to go back to.
  if (Object.keys(versions).length < files.size) return undefined;
  try {
    const known = await state.validConfig();
    if (known?.place === name && sameVersions(known.versions, versions)) return undefined;
    await state.recordValidConfig({ place: name, versions, since: now });
    return undefined;
  } catch (error) {
    return `The versions of the configuration could not be recorded: ${messageOf(error)}`;
  }
}

/** The recorded configuration, and what is wrong with the newest; undefined if nothing is recorded. */
async function lastValid(
  newest: Fetched,
  invalid: ConfigError,
  address: BucketAddress,
  environment: string,
  reader: ConfigBucket,
  state: Records,
): Promise<LoadedConfig | undefined> {
  const known = await state.validConfig().catch(() => undefined);
  if (known?.place !== newest.name) return undefined;
  const files = await fetchConfig(address, reader, known.versions);
  if (files.files.size < Object.keys(known.versions).length) return undefined;
  const config = loadConfig(files, environment);
  return { config, isOlder: true, note: sayInvalid(newest.name, known, invalid) };
}

const sayInvalid = (name: string, { since }: ValidConfig, { message }: ConfigError): string =>
  `The configuration in ${name} is invalid, so this run used the one before, which was valid from ${sayInstant(since)}. ${message.replaceAll('\n', ' ')}`;
