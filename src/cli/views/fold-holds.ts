import type { Hold } from '../../core/plan.ts';

/** So many tables of a group with the same kind and reason of hold are shown, before a count of the others. */
const SHOWN = 3;

/**
 * One part per hold. Many holds of a group with the same kind and reason end in one part for the rest, because a backlog
 * would hide everything else. A hold with figures of its own always has its part.
 */
export function foldHolds<T>(
  holds: readonly Hold[],
  part: (hold: Hold) => T,
  rest: (like: Hold, count: number) => T,
): T[] {
  const alike = new Map<string, Hold[]>();
  for (const hold of holds) alike.set(keyOf(hold), [...(alike.get(keyOf(hold)) ?? []), hold]);
  return holds.flatMap((hold) => {
    const same = alike.get(keyOf(hold)) ?? [];
    const place = same.indexOf(hold);
    // "and 1 more" is no shorter than its hold.
    if (hold.shortage || same.length <= SHOWN + 1 || place < SHOWN) return [part(hold)];
    return place === SHOWN ? [rest(hold, same.length - SHOWN)] : [];
  });
}

const keyOf = ({ group, kind, reason, urgent, shortage }: Hold): string =>
  JSON.stringify([group, kind, reason, urgent, shortage !== undefined]);
