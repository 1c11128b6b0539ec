import { dimensions, sayDimension } from '../../capacity/demand.ts';
import { comparedIn, isFresh, keyOf } from '../../capacity/remembered.ts';
import { MONTH_HOURS } from '../../cost.ts';
import type { Prices } from '../../prices.ts';
import type { TableContext } from '../../table-context.ts';
import { busy, superseded } from '../../throughput.ts';
import { billLikeCurrent } from './handover.ts';
import { toOnDemand, toProvisioned, waits } from './switch.ts';
import { eachUnits, neededBy } from './units.ts';
import { type Billing, costs, type Verdict, verdictOn, type Weighed } from './verdict.ts';

/**
 * How a table is billed whose billing mode is left to scaling. Reads, writes and indexes have one mode: it is chosen by
 * what they cost together, and by what each of them throttles. True where that is all there is to do: a table takes one
 * update at a time.
 */
export function chooseBilling(subject: TableContext, prices: Prices): boolean {
  const { table, state, now } = subject;
  if (table.phase === 'upcoming') return billLikeCurrent(subject);
  if (table.phase !== 'active' || (busy(state) ?? superseded(state, now))) return false;
  const all = weighed(subject, prices);
  const mode: Billing = state.billingMode === 'PAY_PER_REQUEST' ? 'on-demand' : 'provisioned';
  const verdict =
    all &&
    verdictOn(
      mode,
      all.map(({ weighed }) => weighed),
    );
  if (!verdict) return false;
  const change = { reason: verdict.reason, message: describe(verdict, all) };
  if (verdict.billing === 'on-demand') return toOnDemand(subject, change);
  if (waits(subject, change.message)) return true;
  toProvisioned(subject, change, () => eachUnits(subject, (resource) => neededBy(subject, resource)));
  return true;
}

interface Named {
  readonly name: string;
  readonly weighed: Weighed;
}

/** What is known of every dimension; undefined as long as anything of it is not, or not of now. */
function weighed({ draft, observed, table, state, now }: TableContext, prices: Prices): Named[] | undefined {
  const { spec } = table;
  const remembered = draft.remembered(observed, spec.name);
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

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

function describe({ reason }: Verdict, all: readonly Named[]): string {
  const costsOf = costs(all.map(({ weighed }) => weighed));
  const provisioned = costsOf.provisioned.toFixed(2);
  const requested = costsOf.requested.toFixed(2);
  const days = Math.max(...all.map(({ weighed }) => weighed.minutes)) / 1440;
  const over = `seen over about ${Number(days.toFixed(1))} days`;
  const share = ({ weighed: { demand, throttled } }: Named): number => throttled / (demand || 1);
  const worst = all.reduce((one, other) => (share(other) > share(one) ? other : one));
  const throttled = `${percent(share(worst))} of its ${worst.name}`;
  switch (reason) {
    case 'throttled':
      return `On demand from now on: ${throttled} were throttled, and 0.5 % is the most (${over})`;
    case 'cheaper-on-demand':
      return `On demand from now on: it costs about ${requested} USD a month instead of ${provisioned} (${over})`;
    case 'cheaper-provisioned':
      return `Provisioned from now on: it costs about ${provisioned} USD a month instead of ${requested}, and would throttle no more than ${throttled} (${over})`;
  }
}
