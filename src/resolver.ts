import { calendarOf, type Window } from './resolver/calendar.ts';
import { check, invalid, ResolverError, say } from './resolver/failure.ts';
import { epochMs } from './resolver/instants.ts';
import { FIRST_MS } from './resolver/limits.ts';
import type { Instant, Resolver, ResolverOptions, TablePeriod, WrittenSpec } from './resolver/types.ts';

/**
 * Creates a resolver. It tells which table of a group is current, and which tables cover a time range.
 * It uses the same calendar and names as the jobs that create and delete the tables, and makes no requests.
 * @throws ResolverError `invalid-options` if the environment, the clock or a spec is invalid, or if two specs have
 * the same `TableName`; `invalid-instant` if the `Until` of an earlier scheme is invalid
 */
export function createResolver<const Spec extends WrittenSpec>(
  options: ResolverOptions<Spec>,
): Resolver<Spec['TableName']> {
  const { environment, tables, now: clock = () => Date.now() } = options ?? ({} as typeof options);
  check(
    /^[\w-]+$/.exec(say(environment))?.[0] === environment,
    'environment',
    environment,
    'letters, digits, _ and -',
  );
  check(typeof clock === 'function', 'now', clock, 'a function');
  const specs: unknown = (tables as { readonly Tables?: unknown } | undefined)?.Tables ?? tables;
  check(Array.isArray(specs), 'tables', specs, 'an array');
  const calendars = new Map<string, (now: number) => Window>();
  for (const spec of specs as readonly WrittenSpec[]) {
    const calendar = calendarOf(environment, spec);
    const { TableName } = spec;
    check(!calendars.has(TableName), 'TableName', TableName, 'another name');
    calendars.set(TableName, calendar);
  }

  const windowFor = (group: string, now: Instant = clock()): Window => {
    const windowAt = calendars.get(group);
    if (!windowAt) throw invalid('group', group, [...calendars.keys()].join(', '), 'unknown-group');
    return windowAt(epochMs(now));
  };

  const periodsBetween: Resolver['periodsBetween'] = (group, from, to, order = 'oldest-first') => {
    const newestFirst = order === 'newest-first';
    check(newestFirst || order === 'oldest-first', 'order', order, 'oldest-first or newest-first');
    const window = windowFor(group);
    const end = Math.min(window.to, epochMs(to));
    const periods: TablePeriod[] = [];
    for (let next = Math.max(window.from, epochMs(from)); next < end; next = window.at(next).end)
      if (next >= window.oldest(next)) periods.push({ ...window.at(next) });
    return newestFirst ? periods.reverse() : periods;
  };

  const by =
    <Answer>(answer: (window: Window) => Answer) =>
    (group: string, now?: Instant) =>
      answer(windowFor(group, now));

  return {
    current: by((window) => window.current.table),
    next: by((window) => window.at(window.current.end).table),
    tableFor: (group, instant) => {
      const ms = epochMs(instant);
      const window = windowFor(group);
      const from = window.oldest(ms);
      const { table } = window.at(ms);
      if (ms < from || ms >= window.to)
        throw new ResolverError(
          `${table} is outside the retention, ${window.at(Math.max(from, FIRST_MS)).table} to ${window.at(window.to - 1).table}.`,
          'outside-retention',
        );
      return table;
    },
    tablesBetween: (...range) => periodsBetween(...range).map((period) => period.table),
    periodsBetween,
    locate: (group, instant) => {
      const ms = epochMs(instant);
      const window = windowFor(group);
      return {
        ...window.at(ms),
        status:
          ms < window.oldest(ms)
            ? 'expired'
            : ms < window.current.end
              ? 'retained'
              : ms < window.to
                ? 'upcoming'
                : 'future',
      };
    },
    now: () => epochMs(clock()),
    retention: by(({ from, to }) => ({ from, to })),
  };
}
