/** What happens next: what the jobs would do now, and what time brings. */
import { iso } from '../calendar/instant.ts';
import { drainedAt, expiresAt } from '../phase.ts';
import type { Action } from '../plan.ts';
import { waitingPeriodEnd } from '../purging/schedule.ts';
import type { NextEvent } from './model.ts';
import type { Life } from './timeline.ts';

/** A page shows so many events. */
const MOST_EVENTS = 60;

/** The planned actions first, then the events until `until`, the earliest first; epoch milliseconds. */
export function nextEvents(
  actions: readonly Action[],
  lives: readonly Life[],
  now: number,
  until: number,
): { readonly next: NextEvent[]; readonly laterEvents: number } {
  const due = actions.map(({ kind, group, table, reason }): NextEvent => {
    return { at: null, group, table, what: `${kind} (${reason})` };
  });
  const coming = lives
    .flatMap((life) => eventsOf(life).map((event) => ({ ...event, life })))
    .filter(({ at }) => at > now && at <= until)
    .sort((a, b) => a.at - b.at)
    .map(({ at, what, life }): NextEvent => {
      const { name, spec } = life.table;
      return { at: iso(at), group: spec.name, table: name, what };
    });
  const all = [...due, ...coming];
  return { next: all.slice(0, MOST_EVENTS), laterEvents: Math.max(0, all.length - MOST_EVENTS) };
}

function eventsOf({ table, is, scheduledAt }: Life): { readonly at: number; readonly what: string }[] {
  const { spec, period } = table;
  if (is === 'deleted') return [];
  return [
    { at: period.start, what: 'its period starts' },
    { at: period.end, what: 'its period ends' },
    { at: drainedAt(spec, period), what: 'its drain window ends' },
    { at: expiresAt(spec, period), what: 'its retention ends' },
    ...(scheduledAt === undefined
      ? []
      : [{ at: waitingPeriodEnd(table, scheduledAt), what: 'purge deletes it, if it is still due' }]),
  ];
}
