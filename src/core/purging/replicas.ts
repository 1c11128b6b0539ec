/** What purge does about replicas: it removes those that the spec names, one after another, and deletes the table after them. */
import { ask } from '../ask.ts';
import { iso, sayInstant } from '../calendar/instant.ts';
import type { Replica, TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { disowned, KEEP_TAG } from '../guards/ownership.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, allOf, combined, holding, type Outcome } from '../outcome.ts';
import type { ActionBody, Objection } from '../plan.ts';
import { namesOwnRegion, replicaHere, SOURCE_MS, unnamedReplicas } from '../replicas.ts';
import { protects } from '../spec.ts';
import { uncapitalized, withoutFinalDot } from '../text.ts';
import { deletionReason, type Permit, sayDue } from './schedule.ts';

/** Why purge deletes no table in a Region that its spec names: the table is a replica, or might be one. */
export function ownRegionObjection({ spec }: Table, state: TableState, ended: string): Objection | undefined {
  const message = replicaHere(spec, state) ?? namesOwnRegion(spec, state.arn);
  return message === undefined ? undefined : { reason: 'is-replica', message: `${ended}. ${message}` };
}

/** Why a due table with replicas is not deleted: the spec does not name all of them. Their items might be needed. */
export function unnamedObjection(table: Table, state: TableState, ended: string): Objection | undefined {
  const [unnamed] = unnamedReplicas(table.spec, state);
  return (
    unnamed && {
      reason: 'replica-unmanaged',
      message: `${ended}, but the table has a replica in ${unnamed.region}, which Replicas of the spec does not name. Delete the replica by hand, or add it to Replicas.`,
    }
  );
}

/** A due table, and its replicas. */
interface Due {
  readonly observed: Observed;
  readonly table: Table;
  readonly state: TableState;
  readonly permit: Permit | undefined;
}

/** Why a due table may not be deleted because of a replica; undefined if all of them may be removed. Reads each replica. */
export function replicaObjection(due: Due): Answer<Objection | undefined> {
  const copies = copiesOf(due);
  if ('pending' in copies) return copies;
  return { value: copies.value.map((copy) => copyObjection(due, copy)).find(Boolean) };
}

/**
 * The step between the end of the waiting period and the deletion of a table with replicas; undefined if it has none. DynamoDB
 * deletes one replica at a time, and a later run deletes the table. Times are epoch milliseconds.
 */
export function replicaRemoval(due: Due, scheduledAt: number, now: number): Outcome | undefined {
  const { replicas = [] } = due.state;
  if (replicas.length === 0) return undefined;
  const copies = copiesOf(due);
  if ('pending' in copies) return copies.pending;
  const newest = Math.max(...copies.value.map(({ state }) => state.createdAt));
  if (now < newest + SOURCE_MS) return tooEarly(newest);
  const remaining = replicas.map(({ region }) => region).join(', ');
  const message = `The table is deleted after its replicas are gone: ${remaining}.`;
  return combined(
    acting(...copies.value.map((copy) => removal(due, copy, scheduledAt))),
    holding({ kind: 'delete', reason: 'replica-pending', message }),
  );
}

/** Those that are ACTIVE. Others hold the deletion anyway. */
const copiesOf = ({ observed, table, state: { replicas = [] } }: Due): Answer<readonly Copy[]> =>
  allOf(
    replicas.filter(({ status }) => status === 'ACTIVE').map((replica) => copyOf(observed, table, replica)),
  );

/** A replica, as its own region describes it. */
interface Copy {
  readonly region: string;
  readonly state: TableState;
  readonly tags: Readonly<Record<string, string>>;
}

function copyOf(observed: Observed, table: Table, { region }: Replica): Answer<Copy> {
  const described = ask(observed, table, 'description', region);
  if ('pending' in described) return described;
  if (!described.value) {
    const message = `The table has a replica in ${region}, but the Region does not describe it, so nothing is deleted.`;
    return { pending: holding({ kind: 'delete', reason: 'replica-pending', message }) };
  }
  const tags = ask(observed, table, 'tags', region);
  if ('pending' in tags) return tags;
  return { value: { region, state: described.value, tags: tags.value } };
}

/** Why a replica may not be removed: the same tags and protection count as those of a table. */
function copyObjection({ table, permit }: Due, { region, state, tags }: Copy): Objection | undefined {
  const { spec, period, name } = table;
  const ended = sayDue(table, permit?.closing);
  const disowning = disowned(spec, period, name, tags);
  if (disowning) {
    const why = uncapitalized(withoutFinalDot(disowning.message));
    return {
      reason: 'replica-unmanaged',
      message: `${ended}, but Turntable does not manage the replica in ${region}: ${why}. Delete the replica by hand, or give it the tags of the table.`,
    };
  }
  if (tags[KEEP_TAG] !== undefined) {
    return {
      reason: 'keep-tag',
      message: `${ended}, but the tag ${KEEP_TAG} retains the replica in ${region}.`,
    };
  }
  if (state.deletionProtected && !protects(spec)) {
    const message = `${ended}, but deletion protection of the replica in ${region} is on although the spec turns it off. To let purge remove the replica, turn its deletion protection off.`;
    return { reason: 'deletion-protected', message };
  }
  return undefined;
}

/** DynamoDB refuses it anyway. Until the end of this time, every replica stays. */
function tooEarly(newest: number): Outcome {
  const message = `The newest replica was added at ${sayInstant(newest)}. DynamoDB deletes the source of a replica 24 hours later at the earliest, so the replicas and the table stay until ${sayInstant(newest + SOURCE_MS)}.`;
  return holding({ kind: 'delete', reason: 'replica-source', message });
}

function removal(
  { table, state, permit }: Due,
  { region, state: copy }: Copy,
  scheduledAt: number,
): ActionBody {
  const closing = permit?.closing;
  return {
    kind: 'remove-replica',
    reason: deletionReason(table, closing),
    message: `${sayDue(table, closing)}. The deletion was scheduled at ${sayInstant(scheduledAt)} and the waiting period has ended. The replica in ${region} is removed before the table is deleted.`,
    region,
    createdAt: iso(state.createdAt),
    scheduledAt: iso(scheduledAt),
    replicaCreatedAt: iso(copy.createdAt),
    ...(copy.deletionProtected && { unprotect: true }),
    ...(closing && { closedAt: iso(closing.since) }),
  };
}
