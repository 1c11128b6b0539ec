/** The scratch tables of drills: the only tables that a drill changes or deletes. */
import { type Archive, exportId } from '../core/archives.ts';
import { scratchPrefix } from '../core/drilling/name.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { DRILL_TAG, KEEP_TAG, ownershipTags } from '../core/guards/ownership.ts';
import type { Ports } from '../ports.ts';

type Tags = Readonly<Record<string, string>>;

/** Adds the tags by which a later run, and the role of the drill, know the table. */
export async function tagScratch(
  scratch: TableState,
  { environment, group }: { readonly environment: string; readonly group: string },
  { tables }: Pick<Ports, 'tables'>,
): Promise<void> {
  if (isScratch(await tables.tags(scratch.arn), environment)) return;
  await tables.tag(scratch.arn, { [ownershipTags.environment]: environment, [DRILL_TAG]: group });
}

/** The value of the tag on a table that is created for an export. */
export const markOf = (group: string, archive: Archive): string => `${group}@${exportId(archive)}`;

const isMark = (value = ''): boolean => /@\d+-[\da-f]+$/.test(value);

const isScratch = (tags: Tags, environment: string): boolean =>
  tags[ownershipTags.environment] === environment && tags[DRILL_TAG] !== undefined;

/**
 * Deletes a scratch table, and nothing else: it has a reserved name, was restored from a backup, and has the tags. Returns why it was
 * not deleted; undefined if it was, or if the next run can.
 * @throws ServiceError
 */
export async function removeScratch(
  scratch: TableState,
  environment: string,
  { tables }: Pick<Ports, 'tables'>,
): Promise<string | undefined> {
  const { name, arn, restoredFrom, deletionProtected } = scratch;
  if (!name.startsWith(scratchPrefix(environment)))
    throw new ServiceError('refused', `${name} is no scratch table of a restore drill.`);
  const left = `The scratch table ${name} was not deleted`;
  const tags = await tables.tags(arn);
  // A table for an export has its mark from its creation on.
  if (restoredFrom === undefined && !isMark(tags[DRILL_TAG]))
    return `${left}: no drill restored it. Delete it by hand.`;
  if (KEEP_TAG in tags) return `${left}: it has the tag ${KEEP_TAG}. Remove the tag to have it deleted.`;
  if (!isScratch(tags, environment)) return `${left}: it has no tag ${DRILL_TAG}. Delete it by hand.`;
  if (deletionProtected) return `${left}: its deletion protection is on. Turn it off.`;
  try {
    await tables.remove(name);
  } catch (error) {
    if (!isFailure(error, 'in-use') && !isFailure(error, 'not-found')) throw error;
  }
  return undefined;
}

/** Deletes the scratch tables that no drill remembers. Returns why any was left. @throws ServiceError */
export async function removeLeftovers(
  environment: string,
  remembered: ReadonlySet<string>,
  ports: Pick<Ports, 'tables'>,
): Promise<string[]> {
  const names = (await ports.tables.list()).filter(
    (name) => name.startsWith(scratchPrefix(environment)) && !remembered.has(name),
  );
  const left: string[] = [];
  for (const name of names) {
    const state = await ports.tables.describe(name);
    if (!state || state.status === 'DELETING' || state.status === 'CREATING') continue;
    const why = await removeScratch(state, environment, ports);
    if (why !== undefined) left.push(why);
  }
  return left;
}
