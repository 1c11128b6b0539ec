import { iso, parseInstant } from '../core/calendar/instant.ts';
import { END_MS, FIRST_MS } from '../resolver/limits.ts';
import type { Instant, Order, TablePeriod } from '../resolver/types.ts';
import { dateOf, noTable, oldestTable, periodOf } from './absence.ts';
import { type Bookmark, invalidCursor } from './cursor.ts';
import type { RotatingOptions } from './types.ts';

/** The tables of a read. */
export interface Tables {
  /** The names of the tables that the read has not started, in its order. An unordered read starts with the oldest. */
  readonly names: Iterable<string>;
  /** Whether the table of a cursor is still in the range of the read. */
  includes(table: string): boolean;
}

/**
 * Finds the tables of a read. A range can start long before the first table, so each table is found when the read gets to
 * it, and `oldest` ends the search as soon as it is known.
 * @throws RotatingError `missing-table` if there are no tables; `invalid-cursor`
 */
export async function tablesOf(
  options: RotatingOptions,
  { index, from, to, order, position: { last, open } }: Bookmark,
  oldest: () => TablePeriod | undefined,
  signal: AbortSignal | undefined,
): Promise<Tables> {
  const { resolver, group } = options;
  const retention = resolver.retention(group);
  const since = index === undefined ? undefined : sinceOf(options, index);
  const first = from ?? since ?? (await startOf(options, retention, signal));
  const start = Math.max(first, since ?? FIRST_MS, retention.from, FIRST_MS);
  // The only table of `none` has no end. The last valid instant replaces it.
  const end = Math.min(to ?? Infinity, retention.to, END_MS - 1);
  const direction = order === 'newest-first' ? order : 'oldest-first';
  const range = last === undefined ? { start, end } : after(last, { start, end }, options, direction);
  const started = new Set(open.map(([table]) => table));
  return {
    names: namesIn(
      options,
      range,
      direction,
      oldest,
      (table) => isAfter(table, last, direction) && !started.has(table),
    ),
    includes: (table) => {
      const period = periodOf(options, table);
      return period !== undefined && period.start < end && period.end > start;
    },
  };
}

/** Epoch milliseconds, [start, end). */
interface Range {
  readonly start: number;
  readonly end: number;
}

function* namesIn(
  { resolver, group }: RotatingOptions,
  { start, end }: Range,
  order: Order,
  oldest: () => TablePeriod | undefined,
  isNew: (table: string) => boolean,
): Generator<string, void, undefined> {
  const newestFirst = order === 'newest-first';
  let next = newestFirst ? end - 1 : start;
  while (next >= start && next < end) {
    // As text, because numbers around the epoch count as seconds.
    const period = resolver.locate(group, iso(next));
    const first = oldest()?.start ?? -Infinity;
    const isBefore = period.start < first;
    const isRetained = !isBefore && period.status !== 'expired';
    if (isBefore && newestFirst) return;
    if (isRetained && isNew(period.table)) yield period.table;
    next = isBefore ? first : newestFirst ? period.start - 1 : period.end;
  }
}

const isAfter = (table: string, last: string | undefined, order: Order): boolean =>
  last === undefined || (order === 'newest-first' ? table < last : table > last);

/** The part of a range that begins with the table that a read started last. Its scheme might have changed since. */
function after(
  last: string,
  { start, end }: Range,
  { resolver, group }: RotatingOptions,
  order: Order,
): Range {
  const date = dateOf(last);
  if (date === undefined && last !== resolver.current(group)) throw invalidCursor('is invalid');
  if (date === undefined) return { start, end };
  return order === 'newest-first'
    ? { start, end: Math.min(end, date) }
    : { start: Math.max(start, date), end };
}

/**
 * The start of a group, in epoch milliseconds. If all tables are retained, that is the start of the oldest one.
 * @throws RotatingError `missing-table` if there are no tables
 */
async function startOf(
  options: RotatingOptions,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal | undefined,
): Promise<number> {
  if (Number.isFinite(from)) return from;
  if (!Number.isFinite(to)) return 0;
  const oldest = await oldestTable(options, signal);
  if (!oldest) throw noTable(options, options.resolver.current(options.group));
  return oldest.start;
}

/**
 * The start of the first table that has an index, in epoch milliseconds.
 * @throws ResolverError if it is invalid
 */
export const sinceOf = (options: RotatingOptions, index: string): number | undefined =>
  epochMsOf(options, options.since?.[index]);

/**
 * An instant in epoch milliseconds, for cursors and conditions.
 * @throws ResolverError if it is invalid
 */
export function epochMsOf(
  { resolver, group }: RotatingOptions,
  instant: Instant | undefined,
): number | undefined {
  if (instant === undefined) return undefined;
  resolver.locate(group, instant);
  return typeof instant === 'string' ? parseInstant(instant) : Number(instant);
}
