/** The settings of a replica that DynamoDB does not copy from its table: tags, deletion protection and point-in-time recovery. */
import { ask, askObjection } from '../ask.ts';
import { iso } from '../calendar/instant.ts';
import { HOUR_MS } from '../calendar/period.ts';
import { spread } from '../calendar/spread.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { CREATED_AT_TAG, ownershipTags, tagsFor } from '../guards/ownership.ts';
import { isReplicaSeen } from '../guards/seen-ownership.ts';
import type { Observed } from '../observed.ts';
import { type Answer, acting, combined, holding, needing, nothing, type Outcome } from '../outcome.ts';
import { protects, type ReplicaSpec } from '../spec.ts';
import type { Replicated } from './replicas.ts';
import { isListed, recoveryChange } from './table-settings.ts';

/** In one hour of the day, rotate reads the replicas of a table whose period has ended. Those of other tables, it reads in every run. */
const HOURS = 24;

const isTurn = ({ name }: Table, now: number): boolean =>
  Math.floor(now / HOUR_MS) % HOURS === spread(name, HOURS);

/**
 * Sets what is missing in each replica that the spec names, as the spec says for the table. `inUse`: applications might still write to
 * the table.
 */
export function replicaSettings(replicated: Replicated, inUse: boolean): Outcome {
  const { table, state, now } = replicated;
  if (!inUse && !isTurn(table, now)) return nothing;
  const active = table.spec.replicas.filter(({ region }) =>
    state.replicas?.some((one) => one.region === region && one.status === 'ACTIVE'),
  );
  return combined(...active.map((replica) => settingsOf(replicated, replica, inUse)));
}

function settingsOf(replicated: Replicated, replica: ReplicaSpec, inUse: boolean): Outcome {
  const { observed, table } = replicated;
  const described = ask(observed, table, 'description', replica.region);
  if ('pending' in described) return described.pending;
  const copy = described.value;
  if (copy?.status !== 'ACTIVE' && copy?.status !== 'UPDATING') return nothing;
  const wanted = wantedOf(replicated, replica, copy, inUse);
  // Only a change needs the tags of the table itself.
  if (wanted.actions.length === 0) return wanted;
  const objection = askObjection(observed, table);
  if ('pending' in objection) return objection.pending;
  return objection.value ? nothing : wanted;
}

function wantedOf(replicated: Replicated, replica: ReplicaSpec, copy: TableState, inUse: boolean): Outcome {
  const { observed, table, now } = replicated;
  const { region } = replica;
  // Also of a table that is due, because purge removes no replica without its tags.
  const tags = tagsChange(observed, table, region, copy);
  const tagging = 'pending' in tags ? tags.pending : nothing;
  if (table.phase === 'expired') return tagging;
  const listed = isListed(observed, table, now);
  if ('pending' in listed) return listed.pending;
  if (listed.value) return tagging;
  const { PointInTimeRecoverySpecification: pitr } = table.spec.properties;
  return combined(
    'pending' in tags ? tags.pending : protection(table, region, copy),
    pitr && inUse ? recoveryChange(observed, table, pitr, region) : nothing,
    inUse ? differences(replicated, replica) : nothing,
  );
}

/**
 * Whether a replica has its tags, which are read about once a day. If not, what to do: CreateReplica accepts none. Its protection follows in a later run, because
 * permissions of the roles depend on the tags, and AWS shows them late.
 */
function tagsChange(observed: Observed, table: Table, region: string, copy: TableState): Answer<'tagged'> {
  const { spec, period } = table;
  if (!observed.get('tags', table.name, region)) {
    const seen = isReplicaSeen(observed, spec, region, copy);
    if (seen === undefined) return { pending: needing({ fact: 'ownership' }) };
    if (seen) return { value: 'tagged' };
  }
  const tags = ask(observed, table, 'tags', region);
  if ('pending' in tags) return tags;
  const expected = tagsFor(spec, period);
  const wrong = Object.values(ownershipTags).find(
    (key) => tags.value[key] !== undefined && tags.value[key] !== expected[key],
  );
  if (wrong) {
    const message = `The tag ${wrong} of the replica in ${region} is "${tags.value[wrong]}" instead of "${expected[wrong]}", so Turntable leaves the replica alone, and purge does not delete the table. Correct the tag, or delete the replica by hand.`;
    return { pending: holding({ kind: 'tag-replica', reason: 'replica-unmanaged', message }) };
  }
  if (Object.keys(expected).every((key) => tags.value[key] !== undefined)) return { value: 'tagged' };
  const own = (spec.properties.Tags ?? []).map(({ Key, Value }) => [Key, Value] as const);
  const message = `The replica in ${region} does not have the tags of the spec.`;
  return {
    pending: acting({
      kind: 'tag-replica',
      reason: 'settings-differ',
      message,
      region,
      tags: { ...Object.fromEntries(own), ...expected, [CREATED_AT_TAG]: iso(copy.createdAt) },
    }),
  };
}

function protection({ spec }: Table, region: string, { deletionProtected }: TableState): Outcome {
  if (deletionProtected || !protects(spec)) return nothing;
  const message = `The spec enables deletion protection, also of the replica in ${region}. Purge disables it when it removes the replica.`;
  return acting({ kind: 'protection', reason: 'settings-differ', message, region });
}

/** The class of a replica that differs from its spec. A later change of the class of the table replaces it. */
function differences({ table, state }: Replicated, { region, input }: ReplicaSpec): Outcome {
  const wanted = input.TableClassOverride;
  const found = state.replicas?.find((one) => one.region === region)?.tableClass ?? state.tableClass;
  if (wanted === undefined || found === wanted || table.phase === 'draining') return nothing;
  const message = `The replica in ${region} has the table class ${found}, but the spec says ${wanted}. Turntable does not change the class of a replica that exists. Change it by hand.`;
  return holding({ kind: 'add-replica', reason: 'settings-differ', message });
}
