import { calendarOf, type Window } from './resolver/calendar.ts';
import { check, checkName, ResolverError } from './resolver/failure.ts';
import { epochMs } from './resolver/instants.ts';
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
  const { tables, environment, now: clock = () => Date.now() } = options ?? ({} as typeof options);
  checkName(/^[\w-]+$/, 'environment', environment);
  check(typeof clock === 'function', 'now', clock, 'a function');
  const specs: unknown = (tables as { readonly Tables?: unknown } | undefined)?.Tables ?? tables;
  check(Array.isArray(specs), 'tables', specs, 'an array');
  const calendars = new Map<string, (now: number) => Window>();
  for (const spec of specs as readonly WrittenSpec[]) {
    const name = spec?.TableName;
    check(!calendars.has(name), 'TableName', name, 'another name');
    calendars.set(name, calendarOf(environment, spec));
  }

  const windowFor = (group: string, now: Instant = clock()): Window => {
    const windowAt = calendars.get(group);
    if (!windowAt) throw new ResolverError('group', group, [...calendars.keys()], 'unknown-group');
    return windowAt(epochMs(now));
  };

  const periodsBetween: Resolver['periodsBetween'] = (group, from, to, order = 'oldest-first') => {
    checkName(/^(old|new)est-first$/, 'order', order);
    const window = windowFor(group);
    const end = Math.min(window.to, epochMs(to));
    const periods: TablePeriod[] = [];
    for (let next = Math.max(window.from, epochMs(from)); next < end; next = window.at(next).end)
      if (next >= window.oldest(next)) periods.push({ ...window.at(next) });
    return order === 'oldest-first' ? periods : periods.reverse();
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
      const table = window.at(ms).table;
      if (ms >= window.to || (ms < window.kept && ms < window.oldest(ms)))
        throw new ResolverError(
          'table outside retention',
          table,
          window.at(ms >= window.to ? window.to - 1 : window.oldest(ms)).table,
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
