import pMap from 'p-map';
import {
  type Archive,
  type ArchivePlace,
  archivePrefix,
  EXPORTS_FOLDER,
  type Manifest,
  SUMMARY_FILE,
} from '../core/archives.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { membersOf, type Table } from '../core/fleet.ts';
import type { Config, Spec } from '../core/spec.ts';
import type { Ports } from '../ports.ts';
import { readManifest } from './archives.ts';
import { CONCURRENT_READS } from './table-reads.ts';

/** An export of a table, by what S3 has of it. */
export interface FoundArchive {
  readonly table: Table;
  /** `01234567890123-a1b2c3d4`. */
  readonly id: string;
  /** `s3://bucket/prefix/table/AWSDynamoDB/id/`. */
  readonly address: string;
  /** undefined while the export is in progress, and if it failed. */
  readonly archive?: Archive;
  /** Why S3 does not give its manifest: a lifecycle rule has moved it to a storage class that has to be restored first. */
  readonly unread?: string;
}

/**
 * The exports of all tables of a group, oldest first. Reads S3 alone, because DynamoDB forgets exports after 90 days.
 * @throws ServiceError
 */
export async function archivesOfGroup(
  config: Config,
  spec: Spec,
  ports: Pick<Ports, 'archive'>,
  now: number,
): Promise<FoundArchive[]> {
  const place = placeOf(spec);
  const start = archivePrefix(place, `${spec.environment}.${spec.name}`);
  const folders = await storeOf(ports).folders(place.bucket, start);
  const names = folders.map((folder) => folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1));
  const tables = membersOf(config, new Set(names), now).get(spec) ?? [];
  const found = await pMap(tables, (table) => archivesOfTable(table, ports), { concurrency: 4 });
  return found.flat();
}

/** The exports of one table, oldest first. @throws ServiceError */
export async function archivesOfTable(table: Table, ports: Pick<Ports, 'archive'>): Promise<FoundArchive[]> {
  const place = placeOf(table.spec);
  const { bucket } = place;
  const prefix = archivePrefix(place, table.name);
  const exports = await storeOf(ports).folders(bucket, `${prefix}/${EXPORTS_FOLDER}/`);
  const read = async (folder: string): Promise<FoundArchive> => {
    const { manifest, unread } = await manifestOf(bucket, `${folder}${SUMMARY_FILE}`, ports);
    const id = folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1);
    const address = `s3://${bucket}/${folder}`;
    const archive = manifest && { ...manifest, bucket, prefix };
    return { table, id, address, ...(archive && { archive }), ...(unread !== undefined && { unread }) };
  };
  return pMap(exports, read, { concurrency: CONCURRENT_READS });
}

/** One manifest that S3 refuses to give hides no other. @throws ServiceError */
async function manifestOf(
  bucket: string,
  key: string,
  ports: Pick<Ports, 'archive'>,
): Promise<{ readonly manifest?: Manifest | undefined; readonly unread?: string }> {
  try {
    return { manifest: await readManifest(bucket, key, ports) };
  } catch (error) {
    if (!isFailure(error, 'refused')) throw error;
    return { unread: error.message };
  }
}

/** @throws ServiceError */
function placeOf({ name, settings }: Spec): ArchivePlace {
  if (settings.purge.archivedIn) return settings.purge.archivedIn;
  throw new ServiceError(
    'refused',
    `The settings of ${name} have no Purge.Archive with a Bucket, so it is unknown where its exports are.`,
  );
}

function storeOf({ archive }: Pick<Ports, 'archive'>) {
  if (!archive) throw new Error('The ports have no store of exports.');
  return archive;
}
