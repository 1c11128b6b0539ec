import type { Minute } from '../capacity/demand.ts';
import { demandOf } from '../capacity/throttles.ts';
import { onDemandMonth, provisionedMonth, together } from '../cost.ts';
import type { Prices } from '../prices.ts';
import type { Billing } from '../scaling/billing/verdict.ts';
import { ofIndex, type TableClass, type Units } from '../spec.ts';

/** Going back to provisioned takes capacity in reserve: it has to be clearly cheaper. */
const CLEARLY = 0.9;
/** A steady table is provisioned for its highest minute at this utilisation. */
const TARGET = 0.7;

/** What a table, or one of its indexes, has asked for, minute by minute, and what it stands at: units per second. */
export interface Used {
  readonly index?: string;
  readonly read: readonly Minute[];
  readonly write: readonly Minute[];
  readonly provisioned: Units;
}

/** The cheaper way to bill, for what is used. Costs in USD per month. */
export interface Cheaper {
  readonly billing: Billing;
  /** What the demand would cost at full use, as a share of what is provisioned, or would have to be. */
  readonly utilisation: number;
  readonly now: number;
  readonly instead: number;
  /** What to provision for it where that is cheaper, the table first. */
  readonly throughput: readonly (Units & { readonly index?: string })[];
}

/** Whether the other way to bill is cheaper for what is used; undefined where it is not. */
export function cheaper(
  billing: Billing,
  resources: readonly Used[],
  tableClass: TableClass,
  prices: Prices,
): Cheaper | undefined {
  const throughput = resources.map((resource) => ({
    ...ofIndex(resource.index),
    ...(billing === 'provisioned' ? resource.provisioned : each(resource, peak)),
  }));
  const demand = together(resources.map((resource) => each(resource, mean)));
  const reserved = provisionedMonth(together(throughput), tableClass, prices);
  const requested = onDemandMonth(demand, tableClass, prices);
  const utilisation = provisionedMonth(demand, tableClass, prices) / reserved;
  if (billing === 'provisioned' && requested < reserved)
    return { billing: 'on-demand', utilisation, now: reserved, instead: requested, throughput: [] };
  if (billing === 'on-demand' && reserved < CLEARLY * requested)
    return { billing: 'provisioned', utilisation, now: requested, instead: reserved, throughput };
  return undefined;
}

const each = ({ read, write }: Used, of: (minutes: readonly Minute[]) => number): Units => ({
  read: of(read),
  write: of(write),
});

const mean = (minutes: readonly Minute[]): number =>
  minutes.reduce((sum, minute) => sum + demandOf(minute), 0) / Math.max(1, minutes.length);

const peak = (minutes: readonly Minute[]): number =>
  Math.max(1, Math.ceil(minutes.reduce((most, minute) => Math.max(most, demandOf(minute)), 0) / TARGET));
