import type { TableState } from './observed.ts';
import type { Prices } from './prices.ts';
import type { TableClass, Units } from './spec.ts';

/** What is paid for a month is that of 30 days. */
export const MONTH_HOURS = 30 * 24;
const MONTH_SECONDS = MONTH_HOURS * 3600;
/** Bytes that are priced as one. */
export const GB = 2 ** 30;

/** USD per month, were it always as it is now; null where consumption is not known. */
export interface Cost {
  readonly throughput: number | null;
  readonly storage: number;
}

/** All that is known of a cost, USD per month. */
export const monthOf = ({ throughput, storage }: Cost): number => (throughput ?? 0) + storage;

/** What so many provisioned units cost, USD per month. */
export function provisionedMonth({ read, write }: Units, tableClass: TableClass, prices: Prices): number {
  const { unitHour, throughputFactor } = prices;
  return (read * unitHour.read + write * unitHour.write) * MONTH_HOURS * throughputFactor[tableClass];
}

/** What so many units consumed a second cost on demand, USD per month. */
export function onDemandMonth({ read, write }: Units, tableClass: TableClass, prices: Prices): number {
  const { onDemandMillion, throughputFactor } = prices;
  const perSecond = (read * onDemandMillion.read + write * onDemandMillion.write) / 1e6;
  return perSecond * MONTH_SECONDS * throughputFactor[tableClass];
}

/** What a table costs; `consumed` is that of the table and all its global indexes together, units per second. */
export function costOf(state: TableState, consumed: Units | undefined, prices: Prices): Cost {
  const { billingMode, tableClass, capacities, sizeBytes } = state;
  const storage = (sizeBytes / GB) * prices.storageMonth[tableClass];
  if (billingMode === 'PROVISIONED') {
    return { throughput: provisionedMonth(together(capacities), tableClass, prices), storage };
  }
  return { throughput: consumed ? onDemandMonth(consumed, tableClass, prices) : null, storage };
}

/** Units of a table and of its global indexes, which are priced alike. */
export const together = (all: readonly Units[]): Units => ({
  read: all.reduce((sum, { read }) => sum + read, 0),
  write: all.reduce((sum, { write }) => sum + write, 0),
});
