import { parseInstant } from '../core/calendar/instant.ts';
import { END_MS } from '../resolver/limits.ts';
import type { Instant, TablePeriod } from '../resolver/types.ts';
import { noTable, oldestTable } from './absence.ts';
import type { Bookmark } from './cursor.ts';
import type { RotatingOptions } from './types.ts';

/** The tables that a read goes through, in its order: side by side from the oldest. */
export async function tablesOf(
  options: RotatingOptions,
  { from, to, order }: Bookmark,
  signal: AbortSignal | undefined,
): Promise<TablePeriod[]> {
  const { resolver, group } = options;
  const kept = resolver.retention(group);
  const begin = from ?? (await beginning(options, kept, signal));
  // A single table has no end: the last instant that there is stands for it.
  const end = to ?? Math.min(kept.to, END_MS - 1);
  return resolver.periodsBetween(group, begin, end, order === 'newest-first' ? order : 'oldest-first');
}

/**
 * Where retention keeps all, the oldest table says when the group began.
 * @throws RotatingError `missing-table` where there is none
 */
async function beginning(
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
 * An instant as a cursor keeps it and a condition compares it, epoch milliseconds.
 * @throws ResolverError
 */
export function pinned(
  { resolver, group }: RotatingOptions,
  instant: Instant | undefined,
): number | undefined {
  if (instant === undefined) return undefined;
  resolver.locate(group, instant);
  return typeof instant === 'string' ? parseInstant(instant) : Number(instant);
}
