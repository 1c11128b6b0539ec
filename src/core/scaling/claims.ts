/** What the account's quota has to keep for tables that a run decides later. */
import type { Dimension } from '../capacity/demand.ts';
import type { Reserved } from '../permits/account.ts';
import type { Units } from '../spec.ts';
import { unchangeable } from '../throughput.ts';
import { raisesIn } from './change.ts';
import type { Demanded } from './table.ts';

interface Claims {
  /** The raises that refused requests ask for. */
  readonly raises: ReturnType<typeof raisesIn>;
  /** Units per second of the raises of this table and all later ones. */
  readonly sum: Units;
}

/**
 * For each of some tables, which are sorted by refused requests, what later ones claim for more refused requests than a number.
 * The sums are added up once, from the last table on, because a fleet can have thousands of tables.
 */
export function claimsAfter(sorted: readonly Demanded[]): Reserved[] {
  const claims: Claims[] = [];
  let sum: Units = { read: 0, write: 0 };
  for (const { context, decisions } of sorted.toReversed()) {
    const raises = unchangeable(context.state)
      ? []
      : raisesIn(decisions).filter(({ refused }) => refused > 0);
    const own = (one: Dimension): number =>
      raises.reduce((total, { dimension, by }) => total + (dimension === one ? by : 0), 0);
    sum = { read: sum.read + own('read'), write: sum.write + own('write') };
    claims.push({ raises, sum });
  }
  claims.reverse();
  return claims.map((_, place) => (dimension, refused) => {
    const later = claims[place + 1];
    if (!later) return 0;
    if (refused <= 0) return later.sum[dimension];
    let total = 0;
    // Tables with more refused requests come first.
    for (let i = place + 1; i < claims.length && sorted[i]!.urgency.refused > refused; i += 1)
      for (const raise of claims[i]!.raises)
        if (raise.dimension === dimension && raise.refused > refused) total += raise.by;
    return total;
  });
}
