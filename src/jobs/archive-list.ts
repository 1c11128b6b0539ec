import pMap from 'p-map';
import {
  type Archive,
  type ArchivePlace,
  archivePrefix,
  EXPORTS_FOLDER,
  SUMMARY_FILE,
} from '../core/archives.ts';
import { ServiceError } from '../core/failure.ts';
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
    const manifest = await readManifest(bucket, `${folder}${SUMMARY_FILE}`, ports);
    const id = folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1);
    const address = `s3://${bucket}/${folder}`;
    return { table, id, address, ...(manifest && { archive: { ...manifest, bucket, prefix } }) };
  };
  return pMap(exports, read, { concurrency: CONCURRENT_READS });
}

/** @throws ServiceError */
function placeOf({ name, settings }: Spec): ArchivePlace {
  if (settings.purge.archive) return settings.purge.archive;
  throw new ServiceError(
    'refused',
    `The settings of ${name} have no Purge.Archive with a Bucket, so it is unknown where its exports are.`,
  );
}

function storeOf({ archive }: Pick<Ports, 'archive'>) {
  if (!archive) throw new Error('The ports have no store of exports.');
  return archive;
}
