import type { Hold, HoldReason } from './plan.ts';

type Reasoned = Pick<Hold, 'reason'>;

/** How many holds have each reason, the most frequent first. */
export type HeldByReason = Readonly<Partial<Record<HoldReason, number>>>;

export function heldByReason(holds: readonly Reasoned[]): HeldByReason {
  const counts = new Map<HoldReason, number>();
  for (const { reason } of holds) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)));
}

/** A message names so many reasons, and a summary has all. */
const NAMED_REASONS = 5;

/** `3 held (2 keep-tag, 1 share)`. */
export function sayHolds(holds: readonly Reasoned[]): string {
  const counts = Object.entries(heldByReason(holds));
  const rest = counts.slice(NAMED_REASONS).reduce((sum, [, count]) => sum + count, 0);
  const named = counts.slice(0, NAMED_REASONS).map(([reason, count]) => `${count} ${reason}`);
  const all = [...named, ...(rest > 0 ? [`${rest} other`] : [])].join(', ');
  return `${holds.length} held${all && ` (${all})`}`;
}
