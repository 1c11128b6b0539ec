import { iso, sayInstant } from '../calendar/instant.ts';
import { DAY_MS } from '../calendar/period.ts';
import { membersOf, type Table } from '../fleet.ts';
import { interrupted } from '../guards/suspensions.ts';
import type { Backup, Observed, TableState } from '../observed.ts';
import { maintenance } from '../permits/maintenance.ts';
import { expiresAt } from '../phase.ts';
import type { Draft, Objection } from '../plan.ts';
import { PlanBuilder } from '../plan-builder.ts';
import type { Prices } from '../prices.ts';
import type { Config, Spec } from '../spec.ts';
import { busy } from '../throughput.ts';
import { capped } from './caps.ts';
import { finalBackups, none, secure } from './final-backup.ts';
import { groupObjection, objectionTo } from './objection.ts';
import { trafficObjection } from './traffic.ts';

/**
 * What retention wants at `now`, in two looks: an expired table is condemned, and deleted by a later run if it is still
 * due; where the settings say so, by one that has seen its final backup. Whatever speaks against it holds it; nothing
 * here ever reaches a table whose spec, name and tags do not agree.
 */
export function planPurge(config: Config, observed: Observed, now: number): Draft {
  const draft = new PlanBuilder('purge', observed);
  const members = membersOf(config, observed.names, now);
  for (const [spec, present] of members) {
    const expired = present.filter(({ phase }) => phase === 'expired');
    if (expired.length === 0) continue;
    const objection = groupObjection(draft, spec, present, observed, now);
    if (objection === 'unknown') continue;
    for (const table of expired) {
      if (objection) refuse(draft, observed, table, objection);
      else look(draft, observed, table, config.prices, now);
    }
  }
  cancelRetained(draft, observed, [...members.values()].flat());
  cancelUnmanaged(draft, observed, members);
  return capped(draft, config, observed, [...members.values()].flat(), now);
}

/** What speaks against a deletion ends the sentence too: the next one begins with a first look again. */
function refuse(draft: PlanBuilder, observed: Observed, table: Table, { reason, message }: Objection): void {
  draft.hold(table, 'delete', reason, message);
  if (observed.scheduledDeletions.has(table.name)) {
    draft.do(table, { kind: 'cancel-deletion', reason: 'held', message: `Its sentence lapses: ${message}` });
  }
}

function look(draft: PlanBuilder, observed: Observed, table: Table, prices: Prices, now: number): void {
  const state = draft.ask(observed, table, 'description')?.value;
  if (!state || state.status === 'DELETING') return;
  const tags = draft.ask(observed, table, 'tags');
  if (!tags) return;
  const objection = objectionTo(table, state, tags.value, observed, now);
  if (objection) return refuse(draft, observed, table, objection);
  const scheduled = observed.scheduledDeletions.get(table.name);
  // A run older than the sentence must not date it back, or the second look would come too early.
  const lapsesMs = table.spec.settings.purge.waitingPeriodMs + SCHEDULE_LASTS_MS;
  const stands =
    scheduled?.createdAt === state.createdAt &&
    now - scheduled.scheduledAt <= lapsesMs &&
    !interrupted(observed, scheduled.scheduledAt);
  const scheduledAt = stands ? scheduled.scheduledAt : undefined;
  if (scheduledAt !== undefined && wait(draft, table, state, scheduledAt, now)) return;
  const backups = scheduledAt === undefined ? none : finalBackups(draft, observed, table, state, scheduledAt);
  if (backups === 'unknown') return;
  const used = trafficObjection(draft, observed, table, now, backups.available?.createdAt);
  if (used === 'unknown') return;
  if (used) return refuse(draft, observed, table, used);
  if (scheduledAt === undefined) return scheduleDeletion(draft, table, state, now);
  const backedUp = !table.spec.settings.purge.finalBackup || backups.available;
  if (backedUp) remove(draft, table, state, scheduledAt, backups.available);
  else secure(draft, table, state, backups.making, { scheduledAt, now, prices });
}

/** A sentence that nobody followed up so long after it could have been says nothing of the world as it is now. */
const SCHEDULE_LASTS_MS = 7 * DAY_MS;

function scheduleDeletion(draft: PlanBuilder, table: Table, state: TableState, now: number): void {
  const { spec, period } = table;
  draft.do(table, {
    kind: 'schedule-deletion',
    reason: 'expired',
    message: `Expired ${sayInstant(expiresAt(spec, period))}; may be deleted from ${sayInstant(now + spec.settings.purge.waitingPeriodMs)} on.`,
    createdAt: iso(state.createdAt),
    scheduledAt: iso(now),
  });
}

/** Whether the second look has to wait. */
function wait(
  draft: PlanBuilder,
  table: Table,
  state: TableState,
  scheduledAt: number,
  now: number,
): boolean {
  const from = scheduledAt + table.spec.settings.purge.waitingPeriodMs;
  if (now < from) {
    const message = `Condemned ${sayInstant(scheduledAt)}; may be deleted from ${sayInstant(from)} on.`;
    draft.hold(table, 'delete', 'waiting-period', message);
    return true;
  }
  const obstacle = busy(state);
  const closed = maintenance(table.spec.settings.maintenance, now);
  if (obstacle) draft.hold(table, 'delete', 'table-busy', obstacle);
  else if (closed) draft.hold(table, 'delete', 'maintenance', closed);
  return obstacle !== undefined || closed !== undefined;
}

function remove(
  draft: PlanBuilder,
  table: Table,
  state: TableState,
  scheduledAt: number,
  backup?: Backup,
): void {
  const { spec, period } = table;
  const saved = backup ? ` Its backup of ${sayInstant(backup.createdAt)} is available.` : '';
  draft.do(table, {
    kind: 'delete',
    reason: 'still-expired',
    message: `Expired ${sayInstant(expiresAt(spec, period))}, condemned ${sayInstant(scheduledAt)}, and still due.${saved}`,
    createdAt: iso(state.createdAt),
    scheduledAt: iso(scheduledAt),
    ...(state.deletionProtected && { unprotect: true }),
    ...(backup && { backup: backup.arn }),
  });
}

/** Lifts the sentence of every table that is not due any more. */
function cancelRetained(draft: PlanBuilder, observed: Observed, members: readonly Table[]): void {
  for (const table of members) {
    if (table.phase === 'expired' || !observed.scheduledDeletions.has(table.name)) continue;
    const message = 'It was condemned, and the spec keeps it now.';
    draft.do(table, { kind: 'cancel-deletion', reason: 'retained', message });
  }
}

/** Forgets the sentences of tables that are no spec's any more, or gone. */
function cancelUnmanaged(
  draft: PlanBuilder,
  observed: Observed,
  members: ReadonlyMap<Spec, readonly Table[]>,
): void {
  const known = new Set([...members.values()].flat().map(({ name }) => name));
  for (const name of observed.scheduledDeletions.keys()) {
    if (known.has(name)) continue;
    const message = observed.names.has(name) ? "It is no spec's any more." : 'It is gone.';
    draft.actions.push({
      job: 'purge',
      kind: 'cancel-deletion',
      group: '(no spec)',
      table: name,
      reason: 'retained',
      message,
    });
  }
}
