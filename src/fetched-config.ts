/** A configuration in S3: where it is, its files, and the versions to go back to. */
import { CONFIG_FILES, type FetchedFiles } from './config/source.ts';
import type { ConfigBucket } from './ports.ts';

const SCHEME = 's3://';

/** A configuration in S3: a bucket, and what the names of its files begin with, without a slash at its end. */
export interface BucketAddress {
  readonly bucket: string;
  readonly prefix: string;
}

export const isInBucket = (place: string): boolean => place.startsWith(SCHEME);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** An address such as `s3://bucket/prefix`, or what is wrong with it. */
export function bucketAddress(place: string): BucketAddress | { readonly problem: string } {
  const [bucket = '', ...rest] = place.slice(SCHEME.length).split('/');
  if (!BUCKET.test(bucket)) return { problem: 'must name a bucket, in a form such as s3://bucket/prefix.' };
  return { bucket, prefix: rest.join('/').replace(/\/+$/, '') };
}

/** The files as they are now, and the version of each one that has one. */
export interface Fetched extends FetchedFiles {
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Reads the files of a configuration; `versions`: those versions of the files that they name, and no others.
 * @throws ServiceError if S3 cannot be read
 */
export async function fetchConfig(
  { bucket, prefix }: BucketAddress,
  reader: ConfigBucket,
  versions?: Readonly<Record<string, string>>,
): Promise<Fetched> {
  const name = [`${SCHEME}${bucket}`, prefix].filter((part) => part !== '').join('/');
  const wanted = CONFIG_FILES.filter((file) => !versions || versions[file] !== undefined);
  const read = await Promise.all(
    wanted.map(async (file) => {
      const key = [prefix, file].filter((part) => part !== '').join('/');
      return [file, await reader.read(key, versions?.[file])] as const;
    }),
  );
  const found = read.flatMap(([file, object]) => (object ? [{ file, ...object }] : []));
  return {
    name,
    files: new Map(found.map(({ file, bytes }) => [file, bytes])),
    versions: Object.fromEntries(
      found.flatMap(({ file, version }) => (version === undefined ? [] : [[file, version]])),
    ),
  };
}
