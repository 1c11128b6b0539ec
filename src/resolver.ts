import { iso } from './core/instant.ts';
import { at, type Calendar, calendarOf, periodsOf, windowAt } from './resolver/calendar.ts';
import { epochMs, invalid, ResolverError } from './resolver/instants.ts';
import type { Instant, Resolver, ResolverOptions, WrittenSpec } from './resolver/types.ts';

/**
 * Answers which table is current, and which tables hold a range of time, by the calendar and the names that
 * the planner itself uses.
 * @throws ResolverError `invalid-options` for a missing environment, a spec that is none, or two of one name
 */
export function createResolver<const Spec extends WrittenSpec>(
  options: ResolverOptions<Spec>,
): Resolver<Spec['TableName']> {
  const { environment, tables, now: clock = Date.now } = options ?? ({} as typeof options);
  if (!environment) throw invalid('The environment is missing.');
  const specs: unknown = (tables as { readonly Tables?: unknown } | undefined)?.Tables ?? tables;
  if (!Array.isArray(specs)) throw invalid('tables must be a list of specs.');
  const calendars = new Map<string, Calendar>();
  for (const spec of specs as readonly WrittenSpec[]) {
    const made = calendarOf(environment, spec);
    if (calendars.has(made.name)) throw invalid(`There are two specs of "${made.name}".`);
    calendars.set(made.name, made);
  }

  const calendar = (name: string): Calendar => {
    const found = calendars.get(name);
    if (found) return found;
    const known = [...calendars.keys()].join(', ') || 'none';
    throw new ResolverError('unknown-group', `There is no group "${name}"; known are: ${known}.`);
  };
  const window = (group: string, now?: Instant) =>
    windowAt(calendar(group), epochMs(now === undefined ? clock() : now));

  const periodsBetween: Resolver['periodsBetween'] = (group, from, to, order = 'oldest-first') => {
    if (!/^(old|new)est-first$/.test(order))
      throw invalid(`order is oldest-first or newest-first, not "${order}".`);
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
    now: () => epochMs(clock()),
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
