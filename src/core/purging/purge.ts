import { ask, askClosing, askUnmanaged } from '../ask.ts';
import { sayInstant } from '../calendar/instant.ts';
import { periodOf } from '../calendar/rotation.ts';
import type { Closing, TableState } from '../facts.ts';
import { type Table, tableOf } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import {
  acting,
  allOf,
  combined,
  type HoldBody,
  holding,
  needing,
  nothing,
  type Outcome,
} from '../outcome.ts';
import { maintenance } from '../permits/maintenance.ts';
import type { Draft, Objection } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Prices } from '../prices.ts';
import { type Group, groupsOf, type Refusal } from '../scheme-change.ts';
import type { Config, Spec } from '../spec.ts';
import { archive, archiveObjection, archivesOf } from './archive.ts';
import { cancelObsolete } from './cancel.ts';
import { capped } from './caps.ts';
import { closedGroup, isListedIn, notInTeardown } from './closed.ts';
import { backUp, finalBackups } from './final-backup.ts';
import { shorterNotice, withNotices } from './notices.ts';
import { groupObjection, tableObjection } from './objection.ts';
import { replicaObjection, replicaRemoval } from './replicas.ts';
import { type RetentionObjection, retentionVerdicts } from './retention.ts';
import { retentionUpdates } from './retention-updates.ts';
import { deletion, type Permit, scheduleDeletion, validSince, waitingPeriodEnd } from './schedule.ts';
import { statusObjection } from './status-objection.ts';
import { endedMappings, withMappingsOfDeleted } from './streams.ts';
import { type Earlier, trafficObjection } from './traffic.ts';

/**
 * What retention requires at `now`. Purge deletes an expired table in two steps: it schedules the deletion, and a
 * run after the waiting period deletes the table if it is still due and, if configured, its final backup is AVAILABLE and its export to S3 COMPLETED.
 * Every objection holds the deletion. Purge never acts on a table whose spec, name and tags do not match. In a closed
 * environment, the tables that a person has confirmed are due too, the current and the last ones among them.
 */
export function planPurge(config: Config, observed: Observed, now: number): Draft {
  const builder = new PlanBuilder('purge', observed);
  const groups = groupsOf(config, observed, now, 'unmanaged');
  const closing = closingOf(builder, config, observed, now);
  const isListed = (table: Table): boolean =>
    closing !== undefined && isListedIn(closing, observed, table, now);
  const members = withoutUnsure(builder, groups, observed, isListed);
  const verdicts = retentionVerdicts(config, observed, members, now);
  for (const [spec, present] of members) {
    const { due, others, rest } = closing
      ? closedGroup(closing, present, observed, now)
      : { due: new Map<Table, Permit>(), others: present.filter(isExpired), rest: new Map<Table, Outcome>() };
    const verdict = verdicts.get(spec);
    const decided = (table: Table, permit?: Permit): Outcome => {
      const retention = verdict?.held.has(table) ? verdict.objection : undefined;
      return decide({ observed, table, retention, permit, prices: config.prices, now });
    };
    const outcomes = [...due].map(([table, permit]) => [table, decided(table, permit)] as const);
    for (const [table, outcome] of [...outcomes, ...rest]) builder.add(table, outcome);
    const going = new Set(
      outcomes.filter(([, { actions }]) => actions.some(deletes)).map(([table]) => table),
    );
    const open = { builder, observed, spec, present, going, now, closing };
    if (others.length > 0) decideOpen(open, others, decided);
  }
  const all = groups.flatMap(({ present }) => present);
  for (const { table, outcome } of cancelObsolete(observed, all, isListed)) builder.add(table, outcome);
  for (const spec of members.keys())
    for (const { table, outcome } of endedMappings(observed, spec, now, closing)) builder.add(table, outcome);
  if (builder.needs.length > 0) return builder;
  const notice: Parameters<typeof retentionUpdates>[2] = (spec, applied, due) =>
    shorterNotice(spec, applied, due, observed, config.settings.purge.maxShare);
  const retentions = retentionUpdates(verdicts, builder.holds, notice);
  addUnverified(builder, config, { observed, members, updated: retentions }, now);
  if (builder.needs.length > 0) return builder;
  const draft = withMappingsOfDeleted(capped(builder, config, observed, all, now), observed, members.keys());
  return { ...withNotices(draft, members, sinceWhen(retentions, observed), now), retentions };
}

/** The closing in force. Adds what has to be read before it is known. */
function closingOf(
  builder: PlanBuilder,
  { specs, environment, settings }: Config,
  observed: Observed,
  now: number,
): Closing | undefined {
  const [first] = specs;
  if (!first) return undefined;
  const answer = askClosing(observed, { environment, settings }, now);
  if ('value' in answer) return answer.value;
  builder.add({ name: first.name, spec: first }, answer.pending);
  return undefined;
}

/** What a run is about to do, by what it remembers too. */
interface Unverified {
  readonly observed: Observed;
  readonly members: ReadonlyMap<Spec, readonly Table[]>;
  /** By group. */
  readonly updated: Draft['retentions'];
}

/**
 * Adds the reads of tags that a run has spared, if it would do more than hold. So what is remembered never permits anything: a group in
 * which purge acts shows in its tags whether its scheme changed. A retention is stored only if all tags of its group are known,
 * and if no other group is counted by mistake for Purge.MaxShare.
 */
function addUnverified(
  builder: PlanBuilder,
  config: Config,
  { observed, members, updated }: Unverified,
  now: number,
): void {
  const acting = new Set(
    builder.actions.filter(({ kind }) => kind !== 'cancel-deletion').map(({ group }) => group),
  );
  if (acting.size + updated.size === 0) return;
  for (const { spec, verdict } of groupsOf(config, observed, now, 'fresh'))
    if ('pending' in verdict && (updated.size > 0 || acting.has(spec.name)))
      builder.add({ name: spec.name, spec }, verdict.pending);
  for (const [spec, present] of members)
    for (const table of updated.has(spec.name) ? present : []) {
      const unmanaged = askUnmanaged(observed, table, 'unmanaged');
      if ('value' in unmanaged && unmanaged.value)
        builder.add(table, needing({ fact: 'tags', table: table.name }));
    }
}

interface OpenGroup {
  readonly builder: PlanBuilder;
  readonly observed: Observed;
  readonly spec: Spec;
  /** All tables of the group that exist. */
  readonly present: readonly Table[];
  /** Those of them that this run deletes because of the closing. */
  readonly going: ReadonlySet<Table>;
  readonly now: number;
  readonly closing: Closing | undefined;
}

/** Decides on tables that no closing lists: the current table of the group guards them, and the last one stays. */
function decideOpen(
  { builder, observed, spec, present, going, now, closing }: OpenGroup,
  expired: readonly Table[],
  decided: (table: Table) => Outcome,
): void {
  const current = tableOf(spec, periodOf(spec, now), now);
  const staying = present.filter((table) => !going.has(table));
  const objection = groupObjection(current, staying, observed);
  if ('pending' in objection) return builder.add(current, objection.pending);
  // In a closed environment, rotate does not create the current table again.
  const goes = [...going].some(({ name }) => name === current.name);
  const guarding = closing && (objection.value ?? goes) ? notInTeardown(closing) : objection.value;
  for (const table of expired)
    builder.add(table, guarding ? held(observed, table, guarding) : decided(table));
}

const deletes = ({ kind }: { readonly kind: string }): boolean => kind === 'delete';

const isExpired = ({ phase }: Table): boolean => phase === 'expired';

/**
 * The groups and their tables, without those whose scheme changed or is not known. Nothing of these is deleted, and their
 * applied retention stays as it is, so that it is still known when the spec is corrected.
 */
function withoutUnsure(
  builder: PlanBuilder,
  groups: readonly Group[],
  observed: Observed,
  isListed: (table: Table) => boolean,
): ReadonlyMap<Spec, readonly Table[]> {
  const members = new Map<Spec, readonly Table[]>();
  for (const { spec, present, verdict } of groups) {
    if ('pending' in verdict) {
      builder.add({ name: spec.name, spec }, verdict.pending);
      continue;
    }
    const { refusal, unread } = verdict.value;
    for (const { name, outcome } of unread) builder.add({ name, spec }, outcome);
    if (!refusal && unread.length === 0) {
      members.set(spec, present);
      continue;
    }
    const unreadNames = new Set(unread.map(({ name }) => name));
    const isDue = (table: Table): boolean =>
      isExpired(table) || (isListed(table) && !unreadNames.has(table.name));
    for (const table of present.filter(isDue))
      builder.add(table, refusal ? held(observed, table, refusing(refusal)) : holding(unsure));
  }
  return members;
}

const refusing = ({ message }: Refusal): Objection => ({ reason: 'scheme-changed', message });

const unsure: HoldBody = {
  kind: 'delete',
  reason: 'unreadable',
  message:
    'Some tags that show the RotationScheme of the group could not be read. Deletions in this group wait.',
};

/** Since when the retention of a group is in force, by what is stored and what this run stores. */
const sinceWhen =
  (updates: Draft['retentions'], { retentions }: Observed) =>
  (group: string): number => {
    const update = updates.get(group);
    if (update && 'record' in update) return update.record.since;
    return 'error' in retentions ? Infinity : (retentions.get(group)?.since ?? Infinity);
  };

/** Holds the deletion and cancels it if it is scheduled: after the objection a new waiting period starts. */
function held(
  observed: Observed,
  table: Table,
  { reason, message, urgent }: Objection & Pick<RetentionObjection, 'urgent'>,
): Outcome {
  const hold = holding({ kind: 'delete', reason, message, ...(urgent && { urgent }) });
  const scheduled = observed.scheduledDeletions.get(table.name);
  if (!scheduled || scheduled.inFuture) return hold;
  return combined(hold, acting({ kind: 'cancel-deletion', reason: 'held', message }));
}

/** A due table, in a group whose tables may be deleted. */
interface Expired {
  readonly observed: Observed;
  readonly table: Table;
  /** Why the retention does not allow the deletion yet. */
  readonly retention: RetentionObjection | undefined;
  /** The closing that lists the table, if there is one. */
  readonly permit: Permit | undefined;
  readonly prices: Prices;
  /** Epoch milliseconds. */
  readonly now: number;
}

function decide(expired: Expired): Outcome {
  const { observed, table, retention, now, permit } = expired;
  const closing = permit?.closing;
  const described = ask(observed, table, 'description');
  if ('pending' in described) return described.pending;
  const state = described.value;
  if (!state || state.status === 'DELETING') return nothing;
  const unmanaged = askUnmanaged(observed, table, 'unmanaged');
  if ('pending' in unmanaged) return unmanaged.pending;
  if (unmanaged.value) return held(observed, table, unmanaged.value);
  const tags = ask(observed, table, 'tags');
  if ('pending' in tags) return tags.pending;
  const objection = tableObjection(table, state, tags.value, observed, now, closing) ?? retention;
  if (objection) return held(observed, table, objection);
  const ofReplica = replicaObjection({ observed, table, state, permit });
  if ('pending' in ofReplica) return ofReplica.pending;
  if (ofReplica.value) return held(observed, table, ofReplica.value);
  const scheduledAt = validSince(observed, table, state, now, permit);
  return scheduledAt === undefined
    ? unlessInUse(expired, {}, () => scheduleDeletion(table, state, closing, expired.prices, now))
    : afterScheduling(expired, state, scheduledAt);
}

/** What a run does if an earlier run scheduled the deletion at `scheduledAt`, in epoch milliseconds. */
function afterScheduling(expired: Expired, state: TableState, scheduledAt: number): Outcome {
  const { observed, table, prices, now, permit } = expired;
  const obstacle = obstacleTo(table, state, scheduledAt, now);
  if (obstacle) return holding({ kind: 'delete', ...obstacle });
  const saved = allOf([
    finalBackups(observed, table, state, scheduledAt),
    archivesOf(observed, table, state, scheduledAt),
  ]);
  if ('pending' in saved) return saved.pending;
  const [backups, archives] = saved.value;
  const { available, creating } = backups;
  const { completed } = archives;
  const lacking = completed && archiveObjection(completed, state, now);
  if (lacking) return holding({ kind: 'delete', ...lacking });
  const savedAt = [available?.createdAt, completed?.exportTime].filter((at) => at !== undefined);
  return unlessInUse(expired, { scheduledAt, savedAt: Math.min(...savedAt) }, () => {
    const steps = [
      ...(backups.required && !available
        ? [backUp({ table, state, creating, scheduledAt, prices, now })]
        : []),
      ...(archives.required && !completed
        ? [archive({ observed, table, state, archives, scheduledAt, prices, now })]
        : []),
    ];
    if (steps.length > 0) return combined(...steps);
    const last = { backup: available, archive: completed };
    return (
      replicaRemoval({ observed, table, state, permit }, scheduledAt, now) ??
      deletion({ table, state, closing: permit?.closing }, scheduledAt, last)
    );
  });
}

/** The given step, or a hold if the table is still in use or was written after its backup or its export. */
function unlessInUse(
  { observed, table, now, permit }: Expired,
  earlier: Earlier,
  step: () => Outcome,
): Outcome {
  const { replicas = [] } = observed.known('description', table.name) ?? {};
  // CloudWatch shows the last writes to a replica when it is already removed.
  const regions = new Set([undefined, ...[...replicas, ...table.spec.replicas].map(({ region }) => region)]);
  const used = allOf(
    [...regions].map((region) =>
      trafficObjection(observed, table, now, { ...earlier, listedAt: permit?.listedAt, region }),
    ),
  );
  if ('pending' in used) return used.pending;
  const [objection] = used.value.flatMap((one) => one ?? []);
  return objection ? held(observed, table, objection) : step();
}

/** Why a scheduled deletion has to wait; undefined if it does not. */
function obstacleTo(
  table: Table,
  state: TableState,
  scheduledAt: number,
  now: number,
): Objection | undefined {
  const endsAt = waitingPeriodEnd(table, scheduledAt);
  if (now < endsAt) {
    const message = `Deletion scheduled at ${sayInstant(scheduledAt)}. The waiting period ends at ${sayInstant(endsAt)}.`;
    return { reason: 'waiting-period', message };
  }
  const undeletable = statusObjection(state, table.spec.settings.purge);
  if (undeletable) return undeletable;
  const closed = maintenance(table.spec.settings.maintenance, now);
  return closed === undefined ? undefined : { reason: 'maintenance', message: closed };
}
