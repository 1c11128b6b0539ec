import { type Dimension, dimensions, sayDimension } from '../capacity/demand.ts';
import type { AccountLimits, TableState } from '../observed.ts';
import type { ThroughputChange } from '../plan.ts';
import type { Units } from '../spec.ts';
import { capitalized } from '../text.ts';

/** A raise of one dimension that a quota of the account limits, and why. */
export interface Refusal {
  readonly index?: string | undefined;
  readonly dimension: Dimension;
  readonly message: string;
}

/** The changes that the account's quotas allow, and the raises that they limit. */
export interface WithinAccount {
  readonly allowed: readonly ThroughputChange[];
  readonly refusals: readonly Refusal[];
}

/** Requests per second that DynamoDB refuses for want of the raise in a change. */
export type Refused = (change: ThroughputChange, dimension: Dimension) => number;

const none: Refused = () => 0;

/**
 * Limits raises to the account's quotas. Decreases stay as they are, and count only after they have taken effect.
 * `elsewhere` is the known throughput of other tables, units per second: the quota is for all tables of the region. If
 * the quota does not allow every raise, those with the most refused requests come first.
 */
export function withinAccount(
  changes: readonly ThroughputChange[],
  { capacities }: TableState,
  elsewhere: Units,
  limits: AccountLimits,
  refused: Refused = none,
): WithinAccount {
  const allowed = changes.map((change) => ({ ...change, to: { ...change.to } }));
  const refusals: Refusal[] = [];
  for (const dimension of dimensions) {
    let own = capacities.reduce((sum, capacity) => sum + capacity[dimension], 0);
    const byUrgency = allowed.toSorted((a, b) => refused(b, dimension) - refused(a, dimension));
    for (const change of byUrgency) {
      const wanted = change.to[dimension] - change.from[dimension];
      if (wanted <= 0) continue;
      const room = {
        table: limits.table[dimension] - own,
        account: limits.account[dimension] - own - elsewhere[dimension],
      };
      const tightest = room.table <= room.account ? 'table' : 'account';
      const granted = Math.min(wanted, Math.max(0, room[tightest]));
      own += granted;
      if (granted === wanted) continue;
      const message = refusal(change, dimension, granted, tightest, limits);
      refusals.push({ index: change.index, dimension, message });
      change.to[dimension] = change.from[dimension] + granted;
    }
  }
  return {
    allowed: allowed.filter(({ from, to }) => from.read !== to.read || from.write !== to.write),
    refusals,
  };
}

function refusal(
  { index, from, to }: ThroughputChange,
  dimension: Dimension,
  granted: number,
  tightest: 'table' | 'account',
  limits: AccountLimits,
): string {
  const what = capitalized(sayDimension(dimension, index));
  const left = granted > 0 ? `raised only to ${from[dimension] + granted}` : 'not raised';
  const whose = { table: 'a table with its indexes', account: 'all tables of the region together' }[tightest];
  const quota = { table: 'Table-level', account: 'Account-level' }[tightest];
  return `${what} ${from[dimension]} → ${to[dimension]}: ${left}, because the quota for ${whose} is ${limits[tightest][dimension]}. Request an increase in Service Quotas: "${quota} ${dimension} throughput limit".`;
}
