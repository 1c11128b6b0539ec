import type { Progress } from './lanes.ts';
import type { Plan } from './page.ts';

/** How many tables an unordered read has in parallel by default. */
const UNORDERED = 4;

/** The most tables in parallel if `take` finds few items. */
const MOST_GUESSED = 8;

/**
 * How many tables a read has in parallel. In order, that is one by default. But if `take` finds few items of a query, it
 * reads as many tables as it will probably need, and not more than it has read already: a wrong guess at most doubles
 * the requests. A scan does not guess, because its pages are large.
 */
export function widthOf(
  { concurrency, bookmark: { order, kind } }: Pick<Plan, 'concurrency' | 'bookmark'>,
  wanted: number | undefined,
): (progress: Progress) => number {
  if (concurrency !== undefined) return () => concurrency;
  if (order === 'unordered') return () => UNORDERED;
  if (wanted === undefined || kind === 'scan') return () => 1;
  return ({ tables, items }) => {
    if (tables === 0) return 1;
    const needed = items === 0 ? Infinity : Math.ceil(((wanted - items) * tables) / items);
    return Math.max(1, Math.min(MOST_GUESSED, tables, needed));
  };
}
