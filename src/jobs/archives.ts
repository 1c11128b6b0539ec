import { type Export, type Manifest, manifestFrom, summaryKey } from '../core/archives.ts';
import type { ArchivedExport, TableState } from '../core/facts.ts';
import type { Ports } from '../ports.ts';
import { attempt } from './attempt.ts';

/** The exports of a table, each COMPLETED one of its TableId with its manifest. @throws ServiceError */
export async function exportsOf(
  { arn, id }: Pick<TableState, 'arn' | 'id'>,
  ports: Ports,
): Promise<ArchivedExport[]> {
  const all = await ports.exports.list(arn);
  return Promise.all(
    all.map((one) => (one.status === 'COMPLETED' && one.tableId === id ? withManifest(one, ports) : one)),
  );
}

/** An export with its manifest, or with the reason why it could not be read. */
export const withManifest = async (one: Export, ports: Pick<Ports, 'archive'>): Promise<ArchivedExport> => ({
  ...one,
  manifest: await attempt(() => readManifest(one.bucket, summaryKey(one), ports)),
});

/** undefined if S3 has no complete manifest at this key. @throws ServiceError */
export async function readManifest(
  bucket: string,
  key: string,
  { archive }: Pick<Ports, 'archive'>,
): Promise<Manifest | undefined> {
  if (!archive) throw new Error(WITHOUT_CLIENT);
  const text = await archive.read(bucket, key);
  return text === undefined ? undefined : manifestFrom(text);
}

const WITHOUT_CLIENT =
  'This package has no client of S3. Set Purge.Archive in config/settings.json and deploy again.';
