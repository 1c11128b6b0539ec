import { type Dimension, dimensions, sayDimension } from '../capacity/demand.ts';
import type { AccountLimits, TableState } from '../facts.ts';
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
  /** The changes that are certain to be within the quota of the table, if `allowed` might not be. */
  readonly orElse?: readonly ThroughputChange[];
  /** The raises that the quota of the table limits if it counts the indexes. */
  readonly disputed?: readonly Refusal[];
}

/** Requests per second that DynamoDB refuses for want of the raise in a change. */
export type Refused = (change: ThroughputChange, dimension: Dimension) => number;

/** Units per second that tables with more refused requests than these will take in this run. */
export type Reserved = (dimension: Dimension, refused: number) => number;

/** What comes first if the quotas do not allow every raise. Default: nothing. */
export interface Precedence {
  readonly refused?: Refused;
  readonly reserved?: Reserved;
}

const none = (): number => 0;

/**
 * Limits raises to the account's quotas. Decreases stay as they are, and count only after they have taken effect.
 * `elsewhere` is the known throughput of other tables, units per second: the quota is for all tables of the region. If
 * the quota does not allow every raise, those with the most refused requests come first.
 *
 * AWS's pages disagree whether the quota of a table counts its indexes. DescribeLimits says so, and the page of quotas
 * does not. Therefore the raises count each by itself, and `orElse` is what to do if DynamoDB rejects them:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html#default-limits-throughput
 */
export function withinAccount(
  changes: readonly ThroughputChange[],
  state: TableState,
  elsewhere: Units,
  limits: AccountLimits,
  precedence: Precedence = {},
): WithinAccount {
  const granted = (countsIndexes: boolean) =>
    grants(changes, { state, elsewhere, limits, countsIndexes }, precedence);
  const apart = granted(false);
  const together = granted(true);
  return sameUnits(apart.allowed, together.allowed)
    ? apart
    : { ...apart, orElse: together.allowed, disputed: together.refusals };
}

const sameUnits = (some: readonly ThroughputChange[], others: readonly ThroughputChange[]): boolean =>
  some.length === others.length &&
  some.every(({ index, to }) => {
    const other = others.find((one) => one.index === index)?.to;
    return other?.read === to.read && other.write === to.write;
  });

interface Quotas {
  readonly state: TableState;
  readonly elsewhere: Units;
  readonly limits: AccountLimits;
  /** Whether a table and its indexes share the quota of a table. */
  readonly countsIndexes: boolean;
}

function grants(
  changes: readonly ThroughputChange[],
  { state: { capacities }, elsewhere, limits, countsIndexes }: Quotas,
  { refused = none, reserved = none }: Precedence,
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
        table: limits.table[dimension] - (countsIndexes ? own : change.from[dimension]),
        account:
          limits.account[dimension] -
          own -
          elsewhere[dimension] -
          reserved(dimension, refused(change, dimension)),
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
  const whose = { table: 'a table', account: 'all tables of the region together' }[tightest];
  const quota = { table: 'Table-level', account: 'Account-level' }[tightest];
  return `${what} ${from[dimension]} → ${to[dimension]}: ${left}, because the quota for ${whose} is ${limits[tightest][dimension]}. Request an increase in Service Quotas: "${quota} ${dimension} throughput limit".`;
}
