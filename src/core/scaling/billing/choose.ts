import { TOLERABLE } from '../../capacity/comparison.ts';
import { dimensions, sayDimension } from '../../capacity/demand.ts';
import { comparedIn, isFresh, keyOf, type Remembered } from '../../capacity/remembered.ts';
import { MONTH_HOURS } from '../../cost.ts';
import { holding, nothing, type Outcome } from '../../outcome.ts';
import type { Prices } from '../../prices.ts';
import type { TableContext } from '../../table-context.ts';
import { busy, superseded } from '../../throughput.ts';
import { billLikeCurrent } from './handover.ts';
import { switchQuota, toOnDemand, toProvisioned } from './switch.ts';
import { eachUnits, neededUnits } from './units.ts';
import { type Billing, costs, throttledAgain, type Verdict, verdictOn, type Weighed } from './verdict.ts';

/**
 * Chooses the billing mode of a table with Billing auto. Reads, writes and indexes share one mode, which depends on
 * their total cost and on the throttles of each. If the outcome has an action, capacity is not changed in the same run,
 * because DynamoDB accepts one update of a table at a time.
 */
export function chooseBilling(
  context: TableContext,
  prices: Prices,
  remembered: Remembered | undefined,
): Outcome {
  const { table, state, now } = context;
  if (table.phase === 'upcoming') return billLikeCurrent(context);
  if (table.phase !== 'active' || (busy(state) ?? superseded(state, now))) return nothing;
  const all = weighed(context, prices, remembered);
  if (!all) return nothing;
  const mode: Billing = state.billingMode === 'PAY_PER_REQUEST' ? 'on-demand' : 'provisioned';
  const verdict = verdictOn(
    mode,
    all.map(({ weighed }) => weighed),
  );
  if (!verdict) return nothing;
  const change = { reason: verdict.reason, message: describe(verdict, all) };
  if (verdict.billing === 'on-demand') return toOnDemand(context, change);
  const hold = switchQuota(context, change.message);
  if (hold) return holding(hold);
  return toProvisioned(context, change, () =>
    eachUnits(context, (resource) => neededUnits(context, resource, remembered)),
  );
}

export interface Named {
  readonly name: string;
  readonly weighed: Weighed;
}

/** The costs of every dimension; undefined if the cost of any is unknown or outdated. */
export function weighed(
  { table: { spec }, state, now }: TableContext,
  prices: Prices,
  remembered: Remembered | undefined,
): Named[] | undefined {
  const factor = prices.throughputFactor[state.tableClass] * MONTH_HOURS;
  const all = spec.resources.flatMap(({ index }) =>
    dimensions.map((dimension): Named | undefined => {
      const known = remembered?.[keyOf(dimension, index)];
      const comparison = comparedIn(known)?.comparison;
      if (!comparison || !isFresh(known, now)) return undefined;
      const provisioned = prices.unitHour[dimension] * factor;
      const requested = (prices.onDemandMillion[dimension] / 1e6) * 3600 * factor;
      const name = sayDimension(dimension, index);
      return { name, weighed: { ...comparison, unitPrice: { provisioned, requested } } };
    }),
  );
  const known = all.filter((one) => one !== undefined);
  return known.length === all.length ? known : undefined;
}

export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;

/** `about 2.5 days`: the time that the costs cover. */
export const sayTime = (all: readonly Named[]): string =>
  `about ${Number((Math.max(...all.map(({ weighed }) => weighed.minutes)) / 1440).toFixed(1))} days`;

/** `0.3% of writes`: the dimension of which most was throttled, by default with the largest event. */
export function sayThrottled(
  all: readonly Named[],
  throttledOf: (one: Weighed) => number = ({ throttled }) => throttled,
): string {
  const share = ({ weighed: one }: Named): number => throttledOf(one) / (one.demand || 1);
  const worst = all.reduce((one, other) => (share(other) > share(one) ? other : one));
  return `${percent(share(worst))} of ${worst.name}`;
}

function describe({ reason }: Verdict, all: readonly Named[]): string {
  const { provisioned, requested } = costs(all.map(({ weighed }) => weighed));
  const over = sayTime(all);
  const throttled = sayThrottled(all);
  const cost = (to: number, from: number): string =>
    `about USD ${to.toFixed(2)} per month instead of USD ${from.toFixed(2)}`;
  switch (reason) {
    case 'throttled':
      return `Switch to on-demand: ${throttled} were throttled over ${over}. The limit is ${percent(TOLERABLE)}`;
    case 'cheaper-on-demand':
      return `Switch to on-demand: ${cost(requested, provisioned)}, by the demand of ${over}`;
    case 'cheaper-provisioned':
      return `Switch to provisioned: ${cost(provisioned, requested)}, with at most ${sayThrottled(all, throttledAgain)} throttled${all.some(({ weighed }) => weighed.largest > 0) ? ' without the largest event' : ''}, by the demand of ${over}`;
  }
}
