import type { Bill } from './totals.ts';

/**
 * The bills that no other one, and no mix of two others in turn, beats in both cost and throttled demand: the lower convex hull. The one
 * with the least throttled demand, which costs the most, is first.
 */
export function frontierOf<B extends Bill>(bills: readonly B[]): readonly B[] {
  const frontier: B[] = [];
  for (const bill of bills.toSorted((a, b) => a.throttled - b.throttled || a.cost - b.cost)) {
    if (frontier.length > 0 && bill.cost >= frontier.at(-1)!.cost) continue;
    while (frontier.length > 1 && isBeaten(frontier.at(-1)!, frontier.at(-2)!, bill)) frontier.pop();
    frontier.push(bill);
  }
  return frontier;
}

/** Whether a mix of two bills throttles as much as one between them, and costs no more. */
const isBeaten = (between: Bill, cautious: Bill, bold: Bill): boolean =>
  (between.cost - cautious.cost) * (bold.throttled - cautious.throttled) >=
  (bold.cost - cautious.cost) * (between.throttled - cautious.throttled);
