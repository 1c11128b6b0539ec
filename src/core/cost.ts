import type { TableState } from './facts.ts';
import type { Prices } from './prices.ts';
import type { TableClass, Units } from './spec.ts';

/** A month has 30 days here. */
export const MONTH_HOURS = 30 * 24;
const MONTH_SECONDS = MONTH_HOURS * 3600;
/** Bytes of a GB, the unit of storage prices. */
export const GB = 2 ** 30;

/** USD per month at current capacity, consumption and size. Throughput is null if consumption is unknown. */
export interface Cost {
  readonly throughput: number | null;
  readonly storage: number;
}

/** What the cost of a table follows from. */
export interface Billed extends Pick<TableState, 'billingMode' | 'tableClass' | 'sizeBytes'> {
  /** Of the table, and of its global indexes by name. */
  readonly capacities: readonly (Units & { readonly index?: string })[];
  /** Its replicas in other regions. Each one stores the table once more, and writes what the table writes. */
  readonly replicas?: readonly unknown[];
}

/** The known part of a cost, USD per month. */
export const monthOf = ({ throughput, storage }: Cost): number => (throughput ?? 0) + storage;

/** The price of provisioned units, USD per month. */
export function provisionedMonth({ read, write }: Units, tableClass: TableClass, prices: Prices): number {
  const { unitHour, throughputFactor } = prices;
  return (read * unitHour.read + write * unitHour.write) * MONTH_HOURS * throughputFactor[tableClass];
}

/** The on-demand price of units consumed per second, USD per month. */
export function onDemandMonth({ read, write }: Units, tableClass: TableClass, prices: Prices): number {
  const { onDemandMillion, throughputFactor } = prices;
  const perSecond = (read * onDemandMillion.read + write * onDemandMillion.write) / 1e6;
  return perSecond * MONTH_SECONDS * throughputFactor[tableClass];
}

/**
 * The cost of a table and its replicas, without reads of the replicas. `consumed` is for the table and all its global indexes
 * together, units per second. A replicated write costs as much as one in the Region of the table:
 * https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export function costOf(state: Billed, consumed: Units | undefined, prices: Prices): Cost {
  const { billingMode, tableClass, capacities, sizeBytes, replicas = [] } = state;
  const copies = 1 + replicas.length;
  const storage = copies * (sizeBytes / GB) * prices.storageMonth[tableClass];
  if (billingMode === 'PROVISIONED') {
    return { throughput: provisionedMonth(together(capacities), tableClass, prices), storage };
  }
  const units = consumed && { read: consumed.read, write: consumed.write * copies };
  return { throughput: units ? onDemandMonth(units, tableClass, prices) : null, storage };
}

/** Units of a table and its global indexes together. AWS charges the same for both. */
export const together = (all: readonly Units[]): Units => ({
  read: all.reduce((sum, { read }) => sum + read, 0),
  write: all.reduce((sum, { write }) => sum + write, 0),
});
