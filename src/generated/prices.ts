// Generated from schemas/prices.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** A price in USD. */
export type Price = number;

/**
 * `prices.json` sets the AWS prices, in USD, with which `status`, `plan`, `cost`, `restore`, `backtest`,
 * `validate` and Billing `auto` calculate costs. The file is optional. List only the prices that differ from
 * the defaults, which are the list prices of us-east-1 (https://aws.amazon.com/dynamodb/pricing/).
 */
export interface PricesFile {
  /** Path or URL of the JSON Schema of this file. Editors use it for completion and validation. */
  $schema?: string;
  Provisioned?: Provisioned;
  OnDemand?: OnDemand;
  Storage?: Storage;
  Backup?: Backup;
  Archive?: Archive;
  /**
   * Price of throughput of a Standard-Infrequent Access table, as a multiple of the price for a Standard
   * table.
   */
  InfrequentAccessThroughput?: number;
  /** Price of 1,000 metrics requested with GetMetricData from CloudWatch. */
  ThousandMetrics?: Price;
  /** Price of one metric of Turntable in CloudWatch for a month. */
  CustomMetric?: Price;
}

/** Prices of provisioned throughput of a Standard table. */
export interface Provisioned {
  /** Price of one read capacity unit for one hour. */
  ReadUnitHour?: Price;
  /** Price of one write capacity unit for one hour. */
  WriteUnitHour?: Price;
}

/** Prices of on-demand throughput of a Standard table. */
export interface OnDemand {
  /** Price of one million read request units. */
  MillionReads?: Price;
  /** Price of one million write request units. */
  MillionWrites?: Price;
}

/** Prices of storage, by table class. */
export interface Storage {
  /** Price per GB-month in a Standard table. */
  Standard?: Price;
  /** Price per GB-month in a Standard-Infrequent Access table. */
  InfrequentAccess?: Price;
}

/** Prices of on-demand backups. */
export interface Backup {
  /** Price per GB-month of backup storage. */
  Stored?: Price;
  /** Price per GB restored from a backup. */
  Restored?: Price;
}

/** Prices of exports to S3 and of loads from S3. S3 charges for what it stores besides. */
export interface Archive {
  /** Price per GB exported to S3. */
  Exported?: Price;
  /** Price per GB loaded from S3. */
  Loaded?: Price;
}
