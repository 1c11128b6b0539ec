import { frontierOf } from './frontier.ts';
import { type Bill, decayed, type Totals } from './totals.ts';

/** What each variant is compared with, over about the last 30 days. */
export interface Compared {
  readonly totals: Totals;
  readonly baseline: Bill;
  /** What the real table throttled, with any of the variants: a sum of units per second. */
  readonly throttled: number;
  /** How much burst capacity can be trusted, from 0 to 1. */
  readonly trust: number;
  /** The share of demand that may be throttled at most. */
  readonly tolerable: number;
}

/** The share of demand that may be throttled in any case: if burst capacity is trusted, and if not. */
const NEGLIGIBLE = { withBurst: 0.0005, withoutBurst: 0.002 };
/** The part of the baseline's throttled demand that may be throttled. */
const OF_BASELINE = 0.9;
/** The price of a throttled unit, in provisioned units: of one that is allowed, and the most that avoiding one may cost. */
const PRICE = { allowed: 3, most: 300 };
/** The price of a unit that a copy costs beyond the baseline. */
const DEARER = 5;
/** The minutes for which the real table has to be able to afford a bolder variant: a day. */
const AHEAD = 1440;

/** What a variant would have cost, with its prices, and throttled: sums of units per second. */
interface Priced extends Bill {
  readonly index: number;
}

/** Beyond this multiple of what is allowed, the copies do not show all that the table throttles, and are allowed less. */
const UNEXPLAINED = 2;

/**
 * The index of the variant for the next hour. Among the variants that pay, it is the boldest one that throttles no more than is allowed, or the
 * next bolder one while the real table has throttled so little that it can afford a day of that. A table that has the two in turn
 * throttles about what is allowed.
 */
export function variantFor(bills: readonly Bill[], compared: Compared): number {
  const allowed = allowedOf(compared);
  const spent = decayed(compared.throttled, AHEAD);
  const copiesMay = allowed - Math.max(0, spent - UNEXPLAINED * allowed);
  const paying = frontierOf(bills.map((bill, index) => priced(bill, index, compared)));
  const isEnough = ({ throttled }: Priced, i: number): boolean =>
    throttled <= copiesMay || i === 0 || !isWorth(paying[i - 1]!, paying[i]!);
  const enough = paying.findLastIndex(isEnough);
  const bolder = paying[enough + 1];
  const isAffordable = bolder && spent + (AHEAD / compared.totals.minutes) * bolder.throttled <= allowed;
  return (isAffordable ? bolder : paying[enough]!).index;
}

/** The demand that may be throttled in about 30 days: a sum of units per second. */
function allowedOf({ totals, baseline, trust, tolerable }: Compared): number {
  const negligible = trust < 0.5 ? NEGLIGIBLE.withoutBurst : NEGLIGIBLE.withBurst;
  const usual = Math.max(negligible * totals.demand, OF_BASELINE * baseline.throttled);
  return Math.min(usual, tolerable * totals.demand);
}

function priced({ cost, throttled }: Bill, index: number, { baseline }: Compared): Priced {
  const dearer = DEARER * Math.max(0, cost - baseline.cost);
  return { index, throttled, cost: cost + dearer + PRICE.allowed * throttled };
}

const isWorth = (cautious: Bill, bold: Bill): boolean =>
  cautious.cost - bold.cost <= PRICE.most * (bold.throttled - cautious.throttled);
