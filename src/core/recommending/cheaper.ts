import type { Minute } from '../capacity/demand.ts';
import { demandOf } from '../capacity/throttles.ts';
import { onDemandMonth, provisionedMonth, together } from '../cost.ts';
import type { Prices } from '../prices.ts';
import type { Billing } from '../scaling/billing/verdict.ts';
import { ofIndex, type TableClass, type Units } from '../spec.ts';

/** Provisioned capacity needs headroom, so it is recommended only below this share of the on-demand cost. */
const CLEARLY_CHEAPER = 0.9;
/** Utilization of the recommended capacity in the highest minute. */
const TARGET_UTILIZATION = 0.7;

/** Demand of a table or index per minute, and its provisioned capacity, in units per second. */
export interface Used {
  readonly index?: string;
  readonly read: readonly Minute[];
  readonly write: readonly Minute[];
  readonly provisioned: Units;
}

/** The cheaper billing mode. Costs are in USD per month. */
export interface Cheaper {
  readonly billing: Billing;
  /**
   * Cost of the demand at full utilization, as a share of the cost of the capacity that is, or would be, provisioned.
   */
  readonly utilization: number;
  readonly now: number;
  readonly instead: number;
  /** The capacity to provision if provisioned is cheaper, the table first; otherwise empty. */
  readonly throughput: readonly (Units & { readonly index?: string })[];
}

/** The other billing mode, if it is cheaper for the demand; otherwise undefined. */
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
  const utilization = provisionedMonth(demand, tableClass, prices) / reserved;
  if (billing === 'provisioned' && requested < reserved)
    return { billing: 'on-demand', utilization, now: reserved, instead: requested, throughput: [] };
  if (billing === 'on-demand' && reserved < CLEARLY_CHEAPER * requested)
    return { billing: 'provisioned', utilization, now: requested, instead: reserved, throughput };
  return undefined;
}

const each = ({ read, write }: Used, of: (minutes: readonly Minute[]) => number): Units => ({
  read: of(read),
  write: of(write),
});

const mean = (minutes: readonly Minute[]): number =>
  minutes.reduce((sum, minute) => sum + demandOf(minute), 0) / Math.max(1, minutes.length);

const peak = (minutes: readonly Minute[]): number =>
  Math.max(
    1,
    Math.ceil(minutes.reduce((most, minute) => Math.max(most, demandOf(minute)), 0) / TARGET_UTILIZATION),
  );
