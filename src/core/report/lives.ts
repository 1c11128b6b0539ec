/** The tables of a group: those that exist, those that should, and those that were deleted in the time of the report. */
import { periodOf } from '../calendar/rotation.ts';
import type { TableState } from '../facts.ts';
import { type Table, tableOf } from '../fleet.ts';
import { knownClosing, listedAt } from '../guards/closing.ts';
import type { Observed } from '../observed.ts';
import { dueAt } from '../phase.ts';
import { validSince } from '../purging/schedule.ts';
import type { Spec } from '../spec.ts';
import type { PastTimes } from './past.ts';
import type { Life } from './timeline.ts';

/** What is known about the tables of an environment at `now`, epoch milliseconds. */
export interface Known {
  readonly observed: Observed;
  readonly now: number;
  /** Start of the report. */
  readonly from: number;
  readonly times: PastTimes;
}

/** A table that exists, or should exist and is missing. */
export function lifeOf(table: Table, { observed, now }: Known): Life {
  if (!observed.names.has(table.name)) return { table, is: 'missing' };
  const state: TableState | undefined = observed.known('description', table.name);
  if (!state) return { table, is: 'existing' };
  const closing = knownClosing(observed, table.spec, now);
  const listed = closing && listedAt(closing, state, now);
  const permit = closing && listed !== undefined ? { closing, listedAt: listed } : undefined;
  const scheduledAt = validSince(observed, table, state, now, permit);
  return {
    table,
    is: 'existing',
    createdAt: state.createdAt,
    ...(scheduledAt !== undefined && { scheduledAt }),
  };
}

/** No report looks back further. */
const MOST_PERIODS = 1000;

/** The tables that existed in the time of the report, and no longer exist. `seen`: those that have metrics then. */
export function deletedLives(
  spec: Spec,
  seen: ReadonlySet<string>,
  { observed, now, from, times }: Known,
): Life[] {
  const lives: Life[] = [];
  let period = periodOf(spec, now);
  for (let i = 0; i < MOST_PERIODS && Number.isFinite(period.start); i += 1) {
    period = periodOf(spec, period.start - 1);
    const table = tableOf(spec, period, now);
    const told = times.tables.get(table.name);
    const due = dueAt(spec, period);
    if ((told?.deletedAt ?? due) <= from || due === Infinity) break;
    if (observed.names.has(table.name) || (told === undefined && !seen.has(table.name))) continue;
    lives.push({ table, is: 'deleted', ...told });
  }
  return lives;
}
