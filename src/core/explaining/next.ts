/** What happens to a table next, and when. */
import { sayInstant } from '../calendar/instant.ts';
import { stepped } from '../calendar/rotation.ts';
import type { TableState } from '../facts.ts';
import { isNeeded, type Table } from '../fleet.ts';
import type { Observed } from '../observed.ts';
import { drainedAt, dueAt } from '../phase.ts';
import type { Hold } from '../plan.ts';
import { validSince, waitingPeriodEnd } from '../purging/schedule.ts';
import { raisedFrom } from '../requests/outlook.ts';

export interface NextEvent {
  /** Epoch milliseconds. undefined: at the next run. */
  readonly at?: number;
  readonly what: string;
}

/** In the order of time. Empty if nothing is to come. `hold`: what holds the deletion of the table, if it is held. */
export function nextEvents(
  table: Table,
  state: TableState | undefined,
  observed: Observed,
  now: number,
  hold?: Pick<Hold, 'reason'>,
): NextEvent[] {
  const { spec, period } = table;
  // Rotate creates current and upcoming tables alone, so this one stays missing.
  if (!state && !isNeeded(table)) return [];
  const readyFrom = table.phase === 'upcoming' ? raisedFrom(table, state, now) : undefined;
  const created = stepped(spec, period.start, -spec.settings.periodsAhead).start;
  const events: NextEvent[] = [
    ...(state || table.phase !== 'upcoming'
      ? []
      : [{ at: created, what: 'Rotate creates the table in its first run from then on.' }]),
    ...(readyFrom === undefined
      ? []
      : [{ at: readyFrom, what: 'The table gets its full capacity, or that of the table before it.' }]),
    { at: period.start, what: 'The period starts.' },
    { at: period.end, what: 'The period ends. The table drains.' },
    { at: drainedAt(spec, period), what: 'The drain window ends. The table is outdated.' },
    ...deletion(table, state, observed, now, hold),
  ];
  return events.filter(({ at }) => at === undefined || (Number.isFinite(at) && at > now));
}

function deletion(
  table: Table,
  state: TableState | undefined,
  observed: Observed,
  now: number,
  hold: Pick<Hold, 'reason'> | undefined,
): NextEvent[] {
  const { spec, period } = table;
  const due = dueAt(spec, period);
  if (hold) {
    const held = `Purge does not delete the table while it is held: ${hold.reason}.`;
    if (due > now) return due === Infinity ? [] : [{ at: due, what: `Retention ends. ${held}` }];
    return [{ what: `Retention has ended. ${held}` }];
  }
  const scheduledAt = state && validSince(observed, table, state, now);
  if (scheduledAt !== undefined) {
    const end = waitingPeriodEnd(table, scheduledAt);
    const what = `The deletion was scheduled at ${sayInstant(scheduledAt)}. The first run of purge after the waiting period ${deletes(state)}, if it is still due.`;
    return [end > now ? { at: end, what } : { what }];
  }
  if (due === Infinity) return [];
  const hours = spec.settings.purge.waitingPeriodMs / 3_600_000;
  const what = `Retention has ended. The next run of purge schedules the deletion${hasReplicas(state) ? ',' : ', and'} a run at least ${hours} hours later ${deletes(state)}.`;
  return [due > now ? { at: due, what: what.replace('has ended', 'ends') } : { what }];
}

const hasReplicas = (state: TableState | undefined): boolean => (state?.replicas?.length ?? 0) > 0;

/** What the first run after the waiting period does. */
const deletes = (state: TableState | undefined): string =>
  hasReplicas(state)
    ? 'removes the replicas of the table, and a later run deletes the table'
    : 'deletes the table';
