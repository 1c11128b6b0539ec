import { parseInstant } from '../core/calendar/instant.ts';
import { END_MS } from '../resolver/limits.ts';
import type { Instant, TablePeriod } from '../resolver/types.ts';
import { noTable, oldestTable } from './absence.ts';
import type { Bookmark } from './cursor.ts';
import type { RotatingOptions } from './types.ts';

/** The tables of a read, in its order. An unordered read starts with the oldest. */
export async function tablesOf(
  options: RotatingOptions,
  { from, to, order }: Bookmark,
  signal: AbortSignal | undefined,
): Promise<TablePeriod[]> {
  const { resolver, group } = options;
  const retention = resolver.retention(group);
  const start = from ?? (await startOf(options, retention, signal));
  // The only table of `none` has no end. The last valid instant replaces it.
  const end = to ?? Math.min(retention.to, END_MS - 1);
  return resolver.periodsBetween(group, start, end, order === 'newest-first' ? order : 'oldest-first');
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
