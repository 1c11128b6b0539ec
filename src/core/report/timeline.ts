/** The life of a table as stretches of time, one for each state. Times are epoch milliseconds. */
import { iso, isoOrNull } from '../calendar/instant.ts';
import type { Table } from '../fleet.ts';
import { drainedAt, dueAt, expiresAt } from '../phase.ts';
import { waitingPeriodEnd } from '../purging/schedule.ts';
import type { Stretch, TableReport, TableState } from './model.ts';

/** What is known of a table. */
export interface Life {
  readonly table: Table;
  /** undefined if it does not exist, or could not be described. */
  readonly createdAt?: number;
  readonly scheduledAt?: number;
  /** `exists`, or never created although it should be, or deleted. */
  readonly is: 'existing' | 'missing' | 'deleted';
  /** When it was deleted, if that is known. */
  readonly deletedAt?: number;
}

/** The time that a time-line shows: what happened until `now`, and what is planned until `until`. */
export interface TimelineWindow {
  readonly from: number;
  readonly now: number;
  readonly until: number;
}

/** The state of a table from an instant on. */
type Change = readonly [from: number, state: TableState];

/** The changes of state of a table that exists from `createdAt` on, in their order. */
function changesOf({ table, createdAt = -Infinity, scheduledAt }: Life): Change[] {
  const { spec, period } = table;
  const drained = drainedAt(spec, period);
  const changes: Change[] = [
    [createdAt, 'upcoming'],
    [period.start, 'active'],
    [period.end, 'draining'],
    [drained, 'outdated'],
    [dueAt(spec, period), 'expired'],
    [Math.max(scheduledAt ?? Infinity, dueAt(spec, period)), 'deletion-scheduled'],
  ];
  return changes;
}

/** The instant from which a table does not exist, as far as that is known or planned. */
function endOf({ table, is, scheduledAt, deletedAt }: Life, now: number): number {
  if (is === 'deleted') return deletedAt ?? Math.min(now, dueAt(table.spec, table.period));
  // A table whose waiting period has ended exists until purge deletes it.
  return scheduledAt === undefined ? Infinity : Math.max(now, waitingPeriodEnd(table, scheduledAt));
}

export function stretchesOf(life: Life, { from, now, until }: TimelineWindow): Stretch[] {
  const { createdAt = -Infinity } = life;
  if (life.is === 'missing') return missing(life.table, { from, now, until });
  const changes = changesOf(life);
  const end = endOf(life, now);
  return changes.flatMap(([start, state], i) => {
    const next = changes[i + 1]?.[0] ?? Infinity;
    const first = Math.max(start, from, createdAt);
    const last = Math.min(next, until, end);
    return first < last ? [{ state, from: iso(first), to: iso(last) }] : [];
  });
}

/** A table that should exist is missing since its period began, or from now on. */
function missing({ period }: Table, { from, now, until }: TimelineWindow): Stretch[] {
  const first = Math.max(from, Math.min(period.start, now));
  const last = Math.min(period.end, until);
  return first < last ? [{ state: 'missing', from: iso(first), to: iso(last) }] : [];
}

/** The times of a table's life for the report. */
export function timesOf(life: Life) {
  const { table, createdAt, scheduledAt, deletedAt } = life;
  const { spec, period } = table;
  return {
    createdAt: createdAt === undefined ? null : iso(createdAt),
    starts: isoOrNull(period.start),
    ends: isoOrNull(period.end),
    drained: isoOrNull(drainedAt(spec, period)),
    expires: isoOrNull(expiresAt(spec, period)),
    deletionScheduledAt: scheduledAt === undefined ? null : iso(scheduledAt),
    deletableFrom: scheduledAt === undefined ? null : iso(waitingPeriodEnd(table, scheduledAt)),
    deletedAt: deletedAt === undefined ? null : iso(deletedAt),
  } satisfies Partial<TableReport>;
}

export function stateOf({ table, is, scheduledAt }: Life): TableReport['state'] {
  if (is !== 'existing') return is;
  return table.phase === 'expired' && scheduledAt !== undefined ? 'deletion-scheduled' : table.phase;
}
