import { iso } from './core/instant.ts';
import { at, type Calendar, calendarOf, periodsOf, windowAt } from './resolver/calendar.ts';
import { epochMs, ResolverError } from './resolver/instants.ts';
import type { Instant, Resolver, ResolverOptions, WrittenSpec } from './resolver/types.ts';

/**
 * Answers which table is current, and which tables hold a range of time, by the calendar and the names that
 * the planner itself uses.
 * @throws ResolverError `invalid-options` for a missing environment, or a spec that is none
 */
export function createResolver<const Spec extends WrittenSpec>(
  options: ResolverOptions<Spec>,
): Resolver<Spec['TableName']> {
  const { environment, tables, now: clock = Date.now } = options;
  if (!environment) throw new ResolverError('invalid-options', 'The environment is missing.');
  const calendars = new Map<string, Calendar>();
  for (const spec of 'Tables' in tables ? tables.Tables : tables)
    calendars.set(spec.TableName, calendarOf(environment, spec));

  const calendar = (name: string): Calendar => {
    const found = calendars.get(name);
    if (found) return found;
    const known = [...calendars.keys()].join(', ') || 'none';
    throw new ResolverError('unknown-group', `There is no group "${name}"; known are: ${known}.`);
  };
  const window = (group: string, now?: Instant) =>
    windowAt(calendar(group), now === undefined ? clock() : epochMs(now));

  const periodsBetween: Resolver['periodsBetween'] = (group, from, to, order) => {
    const kept = window(group);
    const start = Math.max(kept.from, epochMs(from));
    const periods = periodsOf(calendar(group), start, Math.min(kept.to, epochMs(to)));
    return order === 'newest-first' ? periods.reverse() : periods;
  };

  return {
    current: (group, now) => window(group, now).current.table,
    next: (group, now) => window(group, now).next,
    tableFor: (group, instant) => {
      const ms = epochMs(instant);
      const { from, to } = window(group);
      if (ms >= from && ms < to) return at(calendar(group), ms).table;
      throw outside(group, ms, from, to);
    },
    tablesBetween: (...range) => periodsBetween(...range).map(({ table }) => table),
    periodsBetween,
    locate: (group, instant) => {
      const ms = epochMs(instant);
      const { from, current, to } = window(group);
      const begun = ms < current.end ? 'kept' : ms < to ? 'coming' : 'future';
      return { ...at(calendar(group), ms), standing: ms < from ? 'expired' : begun };
    },
    now: clock,
    retention: (group, now) => {
      const { from, to } = window(group, now);
      return { from, to };
    },
  };
}

function outside(group: string, ms: number, from: number, to: number): ResolverError {
  const why =
    ms < from ? `has expired: tables begin ${iso(from)}` : `is too far ahead: tables end ${iso(to)}`;
  return new ResolverError('outside-retention', `${iso(ms)} in "${group}" ${why}.`);
}
