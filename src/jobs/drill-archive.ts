/** Drills of exports to S3: into a table that is created with its tags, because ImportTable takes none. */
import { type Archive, errorsPrefix } from '../core/archives.ts';
import { parseTableName } from '../core/calendar/naming.ts';
import { availableBackups, sourceOfArchive } from '../core/drilling/choose.ts';
import type { Drill, Source } from '../core/drilling/record.ts';
import type { Verdict } from '../core/drilling/verdict.ts';
import type { TableState } from '../core/facts.ts';
import { ServiceError } from '../core/failure.ts';
import { tableOf } from '../core/fleet.ts';
import { DRILL_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { CreateTable } from '../core/plan.ts';
import { loadableInput, loadOf } from '../core/requests/restore-archive.ts';
import type { Config, Spec } from '../core/spec.ts';
import { plural } from '../core/text.ts';
import type { Ports } from '../ports.ts';
import { archivesOfGroup } from './archive-list.ts';
import type { DrillPorts } from './drill-compare.ts';
import { markOf } from './drill-scratch.ts';
import { settledTags } from './settled-tags.ts';

/** What groups can be restored from, and the groups whose exports could not be read, with the error. */
export interface Sources {
  readonly sources: readonly Source[];
  readonly unread: ReadonlyMap<Spec, unknown>;
}

/** The backups of all tables, and the complete exports of the groups. @throws ServiceError if backups cannot be listed */
export async function sourcesOf(
  specs: readonly Spec[],
  config: Config,
  ports: Pick<Ports, 'backups' | 'archive' | 'loads' | 'clock'>,
): Promise<Sources> {
  const sources = availableBackups(await ports.backups.listAll());
  const unread = new Map<Spec, unknown>();
  if (!ports.archive || !ports.loads) return { sources, unread };
  for (const spec of specs.filter(({ settings }) => settings.purge.archive))
    try {
      const found = await archivesOfGroup(config, spec, ports, ports.clock.now());
      const readable = found.flatMap(({ archive }) => archive ?? []);
      sources.push(...readable.map(sourceOfArchive));
      // Old exports can be in a storage class that cannot be read. Newer ones are drilled.
      const refused = found.find(({ unread }) => unread !== undefined)?.unread;
      if (readable.length === 0 && refused !== undefined)
        unread.set(spec, new ServiceError('refused', refused));
    } catch (error) {
      unread.set(spec, error);
    }
  return { sources, unread };
}

/**
 * The table of the name, as if it were restored from the export if the drill has created it.
 * @throws ServiceError, `in-use` if the tags of a new table are not shown yet
 */
export async function createdFor(
  { tableId, backup }: Drill,
  archive: Archive,
  group: string,
  scratch: TableState,
  ports: Ports,
): Promise<TableState> {
  const { restoredFrom: _, ...created } = scratch;
  const own = { ...created, restoredFrom: backup.arn };
  if (tableId !== undefined) return tableId === scratch.id ? own : created;
  const tags = await settledTags(scratch, ports);
  if (tags[DRILL_TAG] === markOf(group, archive)) return own;
  if (tags[DRILL_TAG] === undefined && ports.clock.now() - scratch.createdAt < NEW_MS)
    throw new ServiceError('in-use', `AWS does not show the tags of ${scratch.name} yet.`);
  return created;
}

const NEW_MS = 2 * 60_000;

/** CreateTable's input of the scratch table; undefined if the configuration no longer has the table of the export. */
export function scratchInput(
  name: string,
  archive: Archive,
  source: Source,
  spec: Spec | undefined,
  now: number,
): CreateTable | undefined {
  const period = spec && parseTableName(spec, source.table);
  if (!spec || !period) return undefined;
  const input = loadableInput(tableOf(spec, period, now), archive, now);
  const Tags = [
    { Key: ownershipTags.environment, Value: spec.environment },
    { Key: DRILL_TAG, Value: markOf(spec.name, archive) },
  ];
  return { ...input, TableName: name, DeletionProtectionEnabled: false, Tags };
}

/** How the load of an export goes: it is in progress, has ended well, or has failed. */
export type LoadStep = { readonly load: string } | 'loaded' | Verdict;

/** Starts the load of an export, or looks at it. A repeated start finds the one in progress. @throws ServiceError */
export async function loadOn(
  { load: known }: Drill,
  archive: Archive,
  scratch: TableState,
  { loads }: Pick<DrillPorts, 'loads'>,
): Promise<LoadStep> {
  if (!loads)
    throw new ServiceError('refused', 'This function has no permission to load exports. Deploy again.');
  const found = known === undefined ? undefined : await loads.describe(known);
  const load = found ?? (await loads.start(scratch.name, loadOf(archive, scratch, 1)));
  switch (load.status) {
    case 'IN_PROGRESS':
      return { load: load.arn };
    case 'COMPLETED':
      return 'loaded';
    case 'COMPLETED_WITH_ERRORS': {
      const report = `s3://${archive.bucket}/${errorsPrefix(archive)}/`;
      const message = `DynamoDB could not put ${load.failed} of ${plural(load.processed, 'item')}. Its report is in ${report}.`;
      return { outcome: 'failed', reason: 'items-missing', message };
    }
    case 'FAILED': {
      const message = `DynamoDB could not load the export: ${load.failure ?? 'it gives no reason'}`;
      return { outcome: 'failed', reason: 'restore-failed', message };
    }
  }
}
