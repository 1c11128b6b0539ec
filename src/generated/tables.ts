// Generated from schemas/tables.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/**
 * `tables.json` says which groups of tables there are: an array of table specs, or an object that holds that
 * array under `Tables` and can name its `$schema` for an editor's sake. Keys are written the way CreateTable
 * writes them; a number may also be written as a string.
 */
export type TablesFile =
  | TableSpec[]
  | {
      /** Where the JSON Schema of this file is; editors complete and check the file with it. */
      $schema?: string;
      /** The table specs. */
      Tables: TableSpec[];
    };

/**
 * The key of the table: its HASH attribute first, then a RANGE attribute if it has one.
 *
 * @minItems 1
 * @maxItems 2
 */
export type KeySchema = KeyPart[];

/** Name of the index, unlike any other of the same table. */
export type IndexName = string;

/**
 * The key of a global index: one to four HASH attributes, then up to four RANGE attributes.
 *
 * @minItems 1
 * @maxItems 8
 */
export type IndexKeySchema = KeyPart[];

/** A table spec describes one group: the tables that take turns, one for every period. */
export interface TableSpec {
  /**
   * Name of the group. Its tables are called `<environment>.<TableName>.<YYYYMMDD>` after the UTC day on
   * which their period begins: with `hourly` the hour follows the day, with `none` there is no date at all.
   * `turntable` is taken: the state table has that name.
   */
  TableName: string;
  /**
   * How long a period is. Periods begin at 00:00 UTC, weeks on Monday, `hourly` ones with the hour; `none` is
   * a single table for ever.
   */
  RotationScheme: 'none' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';
  /**
   * How many periods are kept, the current one included; -1 keeps all. Needed unless RotationScheme is
   * `none`, which never deletes and takes -1 or nothing.
   */
  PurgeRotation?: number | string;
  /**
   * How many past periods' tables are made too, for applications that write history. At most PurgeRotation -
   * 1, because older tables are due to be deleted.
   */
  Backfill?: number | string;
  Properties: Properties;
}

/**
 * What every table of the group is made with: CreateTable's input in CreateTable's own words, and what
 * Turntable adds to it: OutdatedTableProvisionedThroughput, Outdated, TimeToLive and
 * PointInTimeRecoverySpecification.
 */
export interface Properties {
  /**
   * The attributes that the keys of the table and its indexes are made of, each once, and no others: DynamoDB
   * has no columns, and refuses a definition that no key uses.
   *
   * @minItems 1
   */
  AttributeDefinitions: AttributeDefinition[];
  KeySchema: KeySchema;
  /**
   * `PROVISIONED` needs ProvisionedThroughput; `PAY_PER_REQUEST` (on-demand) must not have it, and such
   * tables are never scaled.
   */
  BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /**
   * Where a table begins: what it stands at when its period begins. From then on scaling moves it with
   * demand, within the bounds of `settings.json`; so it is a start and not a floor. For a floor set
   * `Scaling.Read.Min` and `Scaling.Write.Min` there.
   */
  ProvisionedThroughput?: Throughput;
  /**
   * What a table steps down to once its period is over, and is parked at when it is made long before its
   * period. Without it a table keeps its ProvisionedThroughput.
   */
  OutdatedTableProvisionedThroughput?: Throughput;
  Outdated?: Outdated;
  /**
   * Local secondary indexes: the table's partition key with another sort key. They can't be added later.
   *
   * @minItems 1
   * @maxItems 5
   */
  LocalSecondaryIndexes?: LocalSecondaryIndex[];
  /**
   * Global secondary indexes, each with throughput of its own.
   *
   * @minItems 1
   * @maxItems 20
   */
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
  /** Upper limits of an on-demand table. Only with BillingMode `PAY_PER_REQUEST`. */
  OnDemandThroughput?: OnDemandThroughput;
  /** What the table can take at once from its first second. */
  WarmThroughput?: WarmThroughput;
  /**
   * Storage class: `STANDARD_INFREQUENT_ACCESS` stores at 40 % of the price and asks a quarter more for
   * throughput.
   */
  TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  /**
   * Whether DynamoDB refuses to delete the table until the protection is taken off. Turntable protects every
   * table it makes, and takes the protection off again only for one that is condemned and still due. With
   * `false` tables are made without; one that somebody has protected by hand is then never deleted.
   */
  DeletionProtectionEnabled?: boolean;
  StreamSpecification?: StreamSpecification;
  SSESpecification?: SSESpecification;
  /** A resource-based policy, as JSON text. */
  ResourcePolicy?: string;
  TimeToLive?: TimeToLive;
  PointInTimeRecoverySpecification?: PointInTimeRecoverySpecification;
  /**
   * Tags of your own; Turntable adds its ownership tags to them.
   *
   * @maxItems 44
   */
  Tags?: Tag[];
}

/** One attribute that is part of a key. */
export interface AttributeDefinition {
  /** Name of the attribute. */
  AttributeName: string;
  /** `S` is a string, `N` a number, `B` binary. */
  AttributeType: 'S' | 'N' | 'B';
}

/** One attribute of a key. */
export interface KeyPart {
  /** Name of an attribute that AttributeDefinitions defines. */
  AttributeName: string;
  /** `HASH` for the partition key, `RANGE` for the sort key. */
  KeyType: 'HASH' | 'RANGE';
}

/** Provisioned throughput. */
export interface Throughput {
  /** Read capacity units: strongly consistent reads of up to 4 KB per second. */
  ReadCapacityUnits: number | string;
  /** Write capacity units: writes of up to 1 KB per second. */
  WriteCapacityUnits: number | string;
}

/**
 * What becomes of a table once its period is over and drained, besides its throughput. Each is changed once,
 * by a call of its own; what somebody changes back by hand afterwards stays. Not with RotationScheme `none`,
 * whose table is never outdated.
 */
export interface Outdated {
  /**
   * `PAY_PER_REQUEST` makes an outdated table on-demand: what nobody reads costs nothing but its storage, and
   * what is read is never throttled. OutdatedTableProvisionedThroughput has no place beside it, in the table
   * or in an index.
   */
  BillingMode?: 'PAY_PER_REQUEST';
  /**
   * `STANDARD_INFREQUENT_ACCESS` stores an outdated table at 40 % of the price, and asks a quarter more for
   * what is still read.
   */
  TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

/** A local secondary index. It shares the table's throughput. */
export interface LocalSecondaryIndex {
  IndexName: IndexName;
  /** The table's own HASH attribute, then another RANGE attribute. */
  KeySchema: KeySchema;
  Projection: Projection;
}

/** Which attributes are copied into an index. */
export interface Projection {
  /** `ALL` attributes, the `KEYS_ONLY`, or the keys and what NonKeyAttributes `INCLUDE`s. */
  ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /**
   * Attributes copied besides the keys. Needed with `INCLUDE`, and allowed with nothing else.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: Name of an attribute.
   */
  NonKeyAttributes?: string[];
}

/** A global secondary index. It is provisioned and scaled by itself. */
export interface GlobalSecondaryIndex {
  IndexName: IndexName;
  KeySchema: IndexKeySchema;
  Projection: Projection;
  /**
   * Where the index begins, as for the table; its floor is `Scaling.Indexes.<IndexName>.Read.Min` and
   * `.Write.Min`. Needed unless the table is on-demand.
   */
  ProvisionedThroughput?: Throughput;
  /** What the index steps down to together with its table. */
  OutdatedTableProvisionedThroughput?: Throughput;
  OnDemandThroughput?: OnDemandThroughput;
  WarmThroughput?: WarmThroughput;
}

/** Upper limits for an on-demand table or index; beyond them requests are throttled. */
export interface OnDemandThroughput {
  /** Read request units per second; -1 is no limit. */
  MaxReadRequestUnits?: number | string;
  /** Write request units per second; -1 is no limit. */
  MaxWriteRequestUnits?: number | string;
}

/** Throughput that a table or index can take at once. It never falls, and is billed once. */
export interface WarmThroughput {
  /** Read units per second; AWS asks for at least 12,000. */
  ReadUnitsPerSecond?: number | string;
  /** Write units per second; AWS asks for at least 4,000. */
  WriteUnitsPerSecond?: number | string;
}

/** A stream of the table's changes (DynamoDB Streams). Every table of the group has a stream of its own. */
export interface StreamSpecification {
  /** Whether there is a stream. */
  StreamEnabled: boolean;
  /** What a record of the stream carries. Needed when StreamEnabled is true, and not allowed otherwise. */
  StreamViewType?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
}

/** Encryption at rest. DynamoDB encrypts every table; this chooses the key. */
export interface SSESpecification {
  /** `true` for a key in KMS, `false` for one that DynamoDB owns. */
  Enabled?: boolean;
  /** There is only this one. */
  SSEType?: 'KMS';
  /** Id, ARN or alias of a KMS key of your own; without it, DynamoDB's key in KMS. Needs Enabled true. */
  KMSMasterKeyId?: string;
}

/** Items expire by themselves. Turned on by UpdateTimeToLive as soon as the table is ACTIVE. */
export interface TimeToLive {
  /**
   * The attribute that holds an item's time of expiry, in epoch seconds: a number. One that is part of a key
   * has to be defined with AttributeType `N`.
   */
  AttributeName: string;
  /** Whether items expire. */
  Enabled?: boolean;
}

/** Continuous backups. Turned on by UpdateContinuousBackups as soon as the table is ACTIVE. */
export interface PointInTimeRecoverySpecification {
  /** Whether the table can be restored to any second of the recovery period. */
  PointInTimeRecoveryEnabled: boolean;
  /** How many days back the table can be restored to; DynamoDB takes 35 unless told otherwise. */
  RecoveryPeriodInDays?: number | string;
}

/** One tag. */
export interface Tag {
  /**
   * Name of the tag: letters, numbers, spaces and `+ - = . _ : / @`. `aws:` and `turntable:` at its beginning
   * are reserved.
   */
  Key: string;
  /** Value of the tag: letters, numbers, spaces and `+ - = . _ : / @`. */
  Value: string;
}
