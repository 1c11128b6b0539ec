import type { PricesFile } from '../generated/prices.ts';
import defaults from './prices.json' with { type: 'json' };

export type TableClass = 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';

/** AWS's prices, in USD. */
export interface Prices {
  /** One unit of provisioned capacity for an hour, of a Standard table. */
  readonly unitHour: { readonly read: number; readonly write: number };
  /** A million on-demand request units, of a Standard table. */
  readonly onDemandMillion: { readonly read: number; readonly write: number };
  /** The price of throughput by table class, as a multiple of a Standard table's. */
  readonly throughputFactor: Readonly<Record<TableClass, number>>;
  /** A GB for a month. */
  readonly storageMonth: Readonly<Record<TableClass, number>>;
  /** A GB-month of backup storage, and a GB restored from a backup. */
  readonly backup: { readonly month: number; readonly restore: number };
  /** A GB exported to S3, and a GB loaded from S3. */
  readonly archive: { readonly exported: number; readonly loaded: number };
  /** One metric in a request of GetMetricData. */
  readonly metricRead: number;
  /** A custom metric for a month. */
  readonly customMetric: number;
}

/** The prices of a file, completed with those of us-east-1. https://aws.amazon.com/dynamodb/pricing/ */
export function pricesOf(file: PricesFile = {}): Prices {
  const { ReadUnitHour, WriteUnitHour } = { ...defaults.Provisioned, ...file.Provisioned };
  const { MillionReads, MillionWrites } = { ...defaults.OnDemand, ...file.OnDemand };
  const { Standard, InfrequentAccess } = { ...defaults.Storage, ...file.Storage };
  const { Stored, Restored } = { ...defaults.Backup, ...file.Backup };
  const { Exported, Loaded } = { ...defaults.Archive, ...file.Archive };
  const { InfrequentAccessThroughput, ThousandMetrics, CustomMetric } = { ...defaults, ...file };
  return {
    unitHour: { read: ReadUnitHour, write: WriteUnitHour },
    onDemandMillion: { read: MillionReads, write: MillionWrites },
    throughputFactor: { STANDARD: 1, STANDARD_INFREQUENT_ACCESS: InfrequentAccessThroughput },
    storageMonth: { STANDARD: Standard, STANDARD_INFREQUENT_ACCESS: InfrequentAccess },
    backup: { month: Stored, restore: Restored },
    archive: { exported: Exported, loaded: Loaded },
    metricRead: ThousandMetrics / 1000,
    customMetric: CustomMetric,
  };
}

/** us-east-1's. */
export const prices: Prices = pricesOf();

/** The price of an on-demand unit, as a multiple of a fully used provisioned one. */
export const onDemandFactorOf = (
  { onDemandMillion, unitHour }: Prices,
  dimension: keyof Prices['unitHour'] = 'write',
): number => (onDemandMillion[dimension] / 1e6) * (3600 / unitHour[dimension]);

/** 3.46 in us-east-1, for reads and writes. */
export const onDemandFactor = onDemandFactorOf(prices);
