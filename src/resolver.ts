import { iso } from './core/calendar/instant.ts';
import { calendarOf, type Window } from './resolver/calendar.ts';
import { isLike, not } from './resolver/failure.ts';
import { epochMs } from './resolver/instants.ts';
import type { Instant, Resolver, ResolverOptions, TablePeriod, WrittenSpec } from './resolver/types.ts';

/**
 * Answers which table is current, and which tables hold a range of time, by the calendar and the names that
 * the planner itself uses.
 * @throws ResolverError `invalid-options` for no environment or a name that none can have, a spec that is none,
 * or two of one name
 */
export function createResolver<const Spec extends WrittenSpec>(
  options: ResolverOptions<Spec>,
): Resolver<Spec['TableName']> {
  const { environment, tables, now: clock = Date.now } = options ?? ({} as typeof options);
  if (!isLike(/^[\w-]+$/, environment)) throw not('an environment name', environment);
  if (typeof clock !== 'function') throw not('a clock', clock);
  const specs: unknown = (tables as { readonly Tables?: unknown } | undefined)?.Tables ?? tables;
  if (!Array.isArray(specs)) throw not('a list of specs', specs);
  const calendars = new Map<string, (now: number) => Window>();
  for (const spec of specs as readonly WrittenSpec[]) {
    const calendar = calendarOf(environment, spec);
    const { TableName } = spec;
    if (calendars.has(TableName)) throw not('the only spec', TableName);
    calendars.set(TableName, calendar);
  }

  const windowFor = (group: string, now: Instant = clock()): Window => {
    const windowAt = calendars.get(group);
    if (windowAt) return windowAt(epochMs(now));
    throw not(`a group of ${[...calendars.keys()]}`, group, 'unknown-group');
  };

  const periodsBetween: Resolver['periodsBetween'] = (group, from, to, order = 'oldest-first') => {
    if (order !== 'oldest-first' && order !== 'newest-first')
      throw not('oldest-first or newest-first', order);
    const kept = windowFor(group);
    const end = Math.min(kept.to, epochMs(to));
    const periods: TablePeriod[] = [];
    for (let next = Math.max(kept.from, epochMs(from)); next < end; next = periods.at(-1)!.end)
      periods.push({ ...kept.at(next) });
    return order === 'newest-first' ? periods.reverse() : periods;
  };

  return {
    current: (group, now) => windowFor(group, now).current.table,
    next: (group, now) => {
      const { at, current } = windowFor(group, now);
      return at(current.end).table;
    },
    tableFor: (group, instant) => {
      const ms = epochMs(instant);
      const { at, from, to } = windowFor(group);
      if (ms >= from && ms < to) return at(ms).table;
      throw not(
        `within the retention of "${group}", which ${ms < from ? 'begins' : 'ends'} ${iso(ms < from ? from : to)}`,
        iso(ms),
        'outside-retention',
      );
    },
    tablesBetween: (...range) => periodsBetween(...range).map((period) => period.table),
    periodsBetween,
    locate: (group, instant) => {
      const ms = epochMs(instant);
      const { at, from, current, to } = windowFor(group);
      const begun = ms < current.end ? 'keep-tag' : ms < to ? 'coming' : 'future';
      return { ...at(ms), standing: ms < from ? 'expired' : begun };
    },
    now: () => epochMs(clock()),
    retention: (group, now) => {
      const { from, to } = windowFor(group, now);
      return { from, to };
    },
  };
}
