import { iso } from '../core/calendar/instant.ts';
import type { TableState } from '../core/facts.ts';
import { isFailure, ServiceError, Superseded } from '../core/failure.ts';
import { KEEP_TAG } from '../core/guards/ownership.ts';
import type { Action } from '../core/plan.ts';
import { unreachableReplica } from '../core/replicas.ts';
import { traitsOf } from '../core/table-status.ts';
import type { Ports, RegionPorts } from '../ports.ts';
import { mustBeActive } from './active.ts';
import { mustBeClosed } from './closed.ts';
import { scheduledTable } from './scheduled-table.ts';

type Add = Extract<Action, { kind: 'add-replica' }>;
type Tag = Extract<Action, { kind: 'tag-replica' }>;
type Remove = Extract<Action, { kind: 'remove-replica' }>;

/** What an action is about: the region of the tables, or that of a replica. */
export const placeOfAction = (
  { region }: { readonly region?: string | undefined },
  ports: Ports,
): RegionPorts => (region === undefined ? ports : ports.inRegion(region));

/**
 * Starts to add a replica, unless an earlier try without an answer, or another run, has.
 * @throws ServiceError, `in-use` if waiting helps
 */
export async function addReplica({ table, region, input }: Add, ports: Ports): Promise<void> {
  const existing = await ports.tables.describe(table);
  // The table is UPDATING while DynamoDB creates the replica.
  if (existing && isPresent(existing, region)) return;
  const { arn } = mustBeActive(table, existing);
  const why = unreachableReplica(region, arn);
  if (why !== undefined) throw new ServiceError('refused', why);
  try {
    await ports.tables.addReplica(table, input);
  } catch (error) {
    if (!isFailure(error, 'refused') && !isFailure(error, 'in-use')) throw error;
    const now = await ports.tables.describe(table);
    if (!now || !isPresent(now, region)) throw error;
  }
}

/** Whether a table has a replica in a region that DynamoDB creates, or has created. @throws ServiceError while it is deleted */
function isPresent({ name, replicas = [] }: TableState, region: string): boolean {
  const replica = replicas.find((one) => one.region === region);
  if (!replica) return false;
  if (replica.status === 'DELETING')
    throw new ServiceError('in-use', `The replica of ${name} in ${region} is still DELETING.`);
  if (traitsOf(replica.status).passes) return true;
  throw new ServiceError('refused', `The replica of ${name} in ${region} is ${replica.status}.`);
}

/** Sets the tags of a replica in its own region. @throws ServiceError */
export async function tagReplica({ table, region, tags }: Tag, ports: Ports): Promise<void> {
  const { tables } = ports.inRegion(region);
  const copy = await tables.describe(table);
  if (!copy) throw new ServiceError('not-found', `${table} has no replica in ${region}.`);
  await tables.tag(copy.arn, tags);
}

/**
 * Starts to remove exactly the planned replica of exactly the planned table. First turns off its deletion protection if the plan knew
 * about it. Neither may have the keep tag, and an environment that was closed must still be.
 * @throws ServiceError, `in-use` if waiting helps, and Superseded if DynamoDB does not delete it today
 */
export async function removeReplica(action: Remove, ports: Ports): Promise<void> {
  const { table, region } = action;
  const existing = await scheduledTable(action, ports);
  const replica = existing?.replicas?.find((one) => one.region === region);
  if (!existing || !replica || replica.status === 'DELETING') return;
  if (existing.status !== 'ACTIVE') throw new ServiceError('in-use', `${table} is still ${existing.status}.`);
  const { tables } = ports.inRegion(region);
  const copy = await tables.describe(table);
  if (!copy) throw new ServiceError('in-use', `The replica in ${region} is not described yet.`);
  if (iso(copy.createdAt) !== action.replicaCreatedAt)
    throw new ServiceError(
      'refused',
      `The replica in ${region} was created at ${iso(copy.createdAt)}, and not at ${action.replicaCreatedAt} as planned.`,
    );
  if (KEEP_TAG in (await ports.tables.tags(existing.arn)))
    throw new ServiceError('refused', `The table got the tag ${KEEP_TAG} after planning.`);
  if (KEEP_TAG in (await tables.tags(copy.arn)))
    throw new ServiceError('refused', `The replica in ${region} got the tag ${KEEP_TAG} after planning.`);
  if (action.closedAt !== undefined) await mustBeClosed(action.closedAt, existing, ports);
  await unprotected(action, copy, tables);
  await ports.tables.removeReplica(table, region).catch((error: unknown) => {
    if (isSource(error)) throw tooEarly(error);
    throw action.unprotect && isFailure(error, 'refused') ? turningOff(error) : error;
  });
}

/** @throws ServiceError `in-use` if it has just turned the protection off */
async function unprotected(
  { unprotect, table }: Remove,
  { deletionProtected, status }: TableState,
  tables: Ports['tables'],
): Promise<void> {
  if (!deletionProtected) {
    if (status === 'UPDATING') throw turningOff();
    return;
  }
  if (!unprotect) throw new ServiceError('refused', 'Deletion protection was turned on after planning.');
  await tables.protect(table, false);
  throw turningOff();
}

const turningOff = (cause?: unknown): ServiceError =>
  new ServiceError('in-use', 'Deletion protection of the replica is being turned off.', { cause });

/** AWS names no code for it. */
export const isSource = (error: unknown): error is ServiceError =>
  isFailure(error, 'refused') && /acted as a source region/i.test(error.message);

/** The replica was added by another tool, or removed again, so the plan could not know about it. */
export const tooEarly = (cause: ServiceError): Superseded =>
  new Superseded(
    'The table was the source of a new replica in the last 24 hours, and DynamoDB deletes it only after that. The next run tries again.',
    { cause },
  );
