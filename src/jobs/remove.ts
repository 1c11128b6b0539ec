import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError } from '../core/failure.ts';
import { KEEP_TAG } from '../core/guards/ownership.ts';
import type { Action } from '../core/plan.ts';
import { archiveObjection } from '../core/purging/archive.ts';
import type { Ports } from '../ports.ts';
import { withManifest } from './archives.ts';
import { mustBeClosed } from './closed.ts';
import { isSource, tooEarly } from './replicas.ts';
import { scheduledTable } from './scheduled-table.ts';

type Delete = Extract<Action, { kind: 'delete' }>;

/**
 * Deletes exactly the table whose deletion was scheduled, and no later one of the same name. First turns off the
 * deletion protection if the plan knew about it. The final backup and the export must exist, the table must not have the keep tag,
 * and an environment that was closed must still be. A table that has replicas stays.
 * @throws ServiceError, and Superseded if DynamoDB does not delete it today
 */
export async function remove(action: Delete, ports: Ports): Promise<void> {
  const existing = await scheduledTable(action, ports);
  if (existing && existing.status !== 'DELETING') {
    if (existing.status === 'UPDATING')
      throw new ServiceError('in-use', `${action.table} is still UPDATING.`);
    mustHaveNoReplicas(existing);
    await mustNotHaveKeepTag(existing, ports.tables);
    if (action.backup !== undefined) await mustBeAvailable(action.backup, existing, ports);
    if (action.archive !== undefined) await mustBeArchived(action.archive, existing, ports);
    if (action.closedAt !== undefined) await mustBeClosed(action.closedAt, existing, ports);
    await drop(action, existing, ports.tables);
  }
  await ports.state.cancelDeletion(action.table);
}

/** A replica would become a table of its own, which belongs to no one. */
function mustHaveNoReplicas({ name, replicas = [] }: TableState): void {
  if (replicas.length === 0) return;
  const regions = replicas.map(({ region }) => region).join(', ');
  throw new ServiceError('refused', `${name} got a replica in ${regions} after planning.`);
}

/** An operator might have added the tag after planning. */
async function mustNotHaveKeepTag({ arn }: TableState, tables: Ports['tables']): Promise<void> {
  if (KEEP_TAG in (await tables.tags(arn)))
    throw new ServiceError('refused', `The table got the tag ${KEEP_TAG} after planning.`);
}

async function mustBeAvailable(arn: string, { id }: TableState, { backups }: Ports): Promise<void> {
  const backup = await backups.describe(arn);
  if (backup?.status === 'AVAILABLE' && backup.tableId === id) return;
  throw new ServiceError('refused', `The final backup ${arn} is no longer AVAILABLE.`);
}

async function mustBeArchived(arn: string, existing: TableState, ports: Ports): Promise<void> {
  const found = await ports.exports.describe(arn);
  const archived = found?.status === 'COMPLETED' ? await withManifest(found, ports) : undefined;
  if (archived?.tableId !== existing.id)
    throw new ServiceError('refused', `The export ${arn} is no longer COMPLETED.`);
  const objection = archiveObjection(archived, existing, ports.clock.now());
  if (objection) throw new ServiceError('refused', objection.message);
}

async function drop(
  { table, unprotect }: Delete,
  existing: TableState,
  tables: Ports['tables'],
): Promise<void> {
  const inProgress = (cause?: unknown) =>
    new ServiceError('in-use', 'Deletion protection is being turned off.', { cause });
  if (!existing.deletionProtected) {
    return tables.remove(table).catch((error: unknown) => {
      if (isSource(error)) throw tooEarly(error);
      // DynamoDB still treats the table as protected until the change has reached all of its parts.
      throw unprotect && isFailure(error, 'refused') ? inProgress(error) : error;
    });
  }
  if (!unprotect) throw new ServiceError('refused', 'Deletion protection was turned on after planning.');
  await tables.protect(table, false);
  throw inProgress();
}
