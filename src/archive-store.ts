import { awsArchiveStore } from './aws/archive-store.ts';
import type { Ports } from './ports.ts';

/**
 * The objects of exports, which only purge with Purge.Archive reads. The client of S3 is loaded with the first read, and
 * `npm run package` leaves it out of the bundle unless settings.json has an Archive.
 */
export const archiveStore = (): Pick<Ports, 'archive'> =>
  process.env.TURNTABLE_WITHOUT_ARCHIVE === 'yes'
    ? {}
    : { archive: awsArchiveStore(async () => (await import('./aws/s3-archive.ts')).archiveSdk) };
