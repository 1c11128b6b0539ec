import { type Dimension, dimensions, sayDimension } from '../capacity/demand.ts';
import type { AccountLimits, TableState } from '../observed.ts';
import type { ThroughputChange } from '../plan.ts';
import type { Units } from '../spec.ts';
import { capitalised } from '../text.ts';

/** What the account allows of some raises, and what it keeps from happening: sentences with what to ask AWS for. */
export interface WithinAccount {
  readonly allowed: readonly ThroughputChange[];
  readonly refusals: readonly string[];
}

/**
 * Cuts raises down to the account's quotas; decreases stay as they are, and make no room before they have landed.
 * `elsewhere` is what other tables are known to have: AWS counts all of the region.
 */
export function withinAccount(
  changes: readonly ThroughputChange[],
  { capacities }: TableState,
  elsewhere: Units,
  limits: AccountLimits,
): WithinAccount {
  const allowed = changes.map((change) => ({ ...change, to: { ...change.to } }));
  const refusals: string[] = [];
  for (const dimension of dimensions) {
    let own = capacities.reduce((sum, capacity) => sum + capacity[dimension], 0);
    for (const change of allowed) {
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
      refusals.push(refusal(change, dimension, granted, tightest, limits));
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
  const what = capitalised(sayDimension(dimension, index));
  const left = granted > 0 ? `no more than ${from[dimension] + granted}` : 'not now';
  const whose = { table: 'a table with its indexes', account: 'all tables of the account' }[tightest];
  const quota = { table: 'Table-level', account: 'Account-level' }[tightest];
  return `${what} ${from[dimension]} → ${to[dimension]}: ${left}, for ${whose} may have ${limits[tightest][dimension]}. Ask AWS for more in Service Quotas: "${quota} ${dimension} throughput limit".`;
}
