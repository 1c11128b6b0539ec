/** Which tables of a group may have existed in a time, deleted tables included. */
import { tableName } from '../calendar/naming.ts';
import { DAY_MS, type Period } from '../calendar/period.ts';
import { periodOf, stepped } from '../calendar/rotation.ts';
import type { Window } from '../capacity/demand.ts';
import type { Part } from '../capacity/history.ts';
import type { TableState } from '../facts.ts';
import type { Table } from '../fleet.ts';
import { dueAt } from '../phase.ts';
import type { Spec, TableClass } from '../spec.ts';

/** Purge runs once a day, and a deletion needs two runs after the waiting period. */
const PURGING_MS = 2 * DAY_MS;

/** A table, and the part of a window in which it may have existed. */
export interface Life extends Part {
  /** When it was the upcoming, the current or the previous table. A replay of the group has these three. */
  readonly replayed: Window;
  /** The class that its throughput is priced by. Of a deleted table, that of its spec. */
  readonly tableClass: TableClass;
}

/** An existing table of a group. `state` is undefined if it could not be read. */
export interface Present extends Pick<Table, 'name' | 'period'> {
  readonly state: TableState | undefined;
}

/** Those that exist, and those that the calendar has created and deleted since. The oldest comes first. */
export function livesOf(spec: Spec, present: readonly Present[], window: Window, now: number): Life[] {
  const periods = new Map(
    [...present.map(({ period }) => period), ...calendar(spec, window, now)].map((one) => [one.start, one]),
  );
  const known = new Map(present.map((one) => [one.name, one]));
  return [...periods.values()]
    .map((period) => lifeOf(spec, period, known, window))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.replayed.from - b.replayed.from);
}

/** The periods whose tables may have existed in the window, if every job ran. */
function calendar(spec: Spec, window: Window, now: number): Period[] {
  const periods: Period[] = [];
  for (let i = 0; i <= spec.settings.periodsAhead; i += 1) periods.push(stepped(spec, now, i));
  let period = periodOf(spec, now);
  while (Number.isFinite(period.start)) {
    period = periodOf(spec, period.start - 1);
    const gone = goneAt(spec, period);
    // If all periods are retained, the older tables exist, or a person has deleted them.
    if ((gone === Infinity ? period.end : gone) <= window.from) break;
    periods.push(period);
  }
  return periods;
}

const goneAt = (spec: Spec, period: Period): number =>
  dueAt(spec, period) + spec.settings.purge.waitingPeriodMs + PURGING_MS;

function lifeOf(spec: Spec, period: Period, present: ReadonlyMap<string, Present>, window: Window): Life {
  const table = tableName(spec, period);
  const own = present.get(table);
  const rotates = Number.isFinite(period.start);
  const begins = rotates ? stepped(spec, period.start, -spec.settings.periodsAhead).start : -Infinity;
  const ends = own ? Infinity : goneAt(spec, period);
  return {
    table,
    from: Math.max(window.from, Math.min(begins, own?.state?.createdAt ?? begins)),
    to: Math.min(window.to, ends),
    replayed: rotates
      ? { from: stepped(spec, period.start, -1).start, to: periodOf(spec, period.end).end }
      : { from: period.start, to: period.end },
    tableClass: own?.state?.tableClass ?? spec.properties.TableClass ?? 'STANDARD',
  };
}
