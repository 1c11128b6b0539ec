// Generated from schemas/prices.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** A price in USD. */
export type Price = number;

/**
 * `prices.json` says what AWS charges, in USD. It may be absent, and hold only what differs: the defaults are
 * the list prices of us-east-1 (https://aws.amazon.com/dynamodb/pricing/). `status`, `plan`, `restore` and
 * `backtest` reckon with them.
 */
export interface PricesFile {
  /** Where the JSON Schema of this file is; editors complete and check the file with it. */
  $schema?: string;
  Provisioned?: Provisioned;
  OnDemand?: OnDemand;
  Storage?: Storage;
  Backup?: Backup;
  /** What throughput of a Standard-Infrequent Access table costs, as a multiple of a Standard one's. */
  InfrequentAccessThroughput?: number;
  /** A thousand metrics asked for in CloudWatch's GetMetricData. */
  ThousandMetrics?: Price;
}

/** Provisioned throughput of a Standard table. */
export interface Provisioned {
  /** One read capacity unit for an hour. */
  ReadUnitHour?: Price;
  /** One write capacity unit for an hour. */
  WriteUnitHour?: Price;
}

/** On-demand throughput of a Standard table. */
export interface OnDemand {
  /** A million read request units. */
  MillionReads?: Price;
  /** A million write request units. */
  MillionWrites?: Price;
}

/** Storage, by table class. */
export interface Storage {
  /** A GB in a Standard table for a month. */
  Standard?: Price;
  /** A GB in a Standard-Infrequent Access table for a month. */
  InfrequentAccess?: Price;
}

/** On-demand backups. */
export interface Backup {
  /** A GB of a backup for a month. */
  Kept?: Price;
  /** A GB restored from a backup. */
  Restored?: Price;
}
