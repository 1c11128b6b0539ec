// Generated from schemas/tables.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/**
 * `tables.json` lists the groups of tables. It is an array of table specs, or an object that holds this array
 * under `Tables` and can name its `$schema` for editors. The keys use the names of DynamoDB's CreateTable
 * API. You can write a number as a string.
 */
export type TablesFile =
  | TableSpec[]
  | {
      /** Path or URL of the JSON Schema of this file. Editors use it for completion and validation. */
      $schema?: string;
      /** The table specs. */
      Tables: TableSpec[];
    };

/** Name of the index. Must be unique within the table. */
export type IndexName = string;

/**
 * Key of the table: one HASH attribute, and optionally one RANGE attribute after it.
 *
 * @minItems 1
 * @maxItems 2
 */
export type KeySchema = KeyPart[];

/**
 * Key of a global index: one to four HASH attributes, and up to four RANGE attributes after them.
 *
 * @minItems 1
 * @maxItems 8
 */
export type IndexKeySchema = KeyPart[];

/** A table spec describes one group: a sequence of tables, one for each period. */
export interface TableSpec {
  /**
   * Name of the group. Its tables are named `<environment>.<TableName>.<YYYYMMDD>`, with the UTC day on which
   * their period starts. With `hourly`, the hour follows the day. With `none`, the name has no date. The
   * TableName `turntable` is reserved for the state table.
   */
  TableName: string;
  /**
   * Length of a period. Periods start at 00:00 UTC, weekly ones on Monday, and hourly ones on the hour. With
   * `none`, the group has a single table that is never rotated.
   */
  RotationScheme: 'none' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';
  /**
   * Number of periods to retain, including the current one. -1 retains all tables. Required unless
   * RotationScheme is `none`. With `none`, the table is never deleted and -1 is the only valid value.
   */
  PurgeRotation?: number | string;
  /**
   * The schemes that the group had before, oldest first. Add an entry when you change RotationScheme. Tables
   * of an earlier scheme keep their names, their periods and their own retention. Remove an entry after its
   * last table has been deleted. Not allowed with RotationScheme `none`.
   *
   * @minItems 1
   * @maxItems 20
   */
  Previously?: EarlierScheme[];
  /**
   * Number of past periods for which rotate also creates tables, for applications that write historical data.
   * At most PurgeRotation - 1, because purge deletes older tables.
   */
  Backfill?: number | string;
  /**
   * Lambda functions that get the changes of every table from its stream. Rotate creates an event source
   * mapping for each new table, and purge deletes it after the table. Requires a StreamSpecification with
   * StreamEnabled `true`. See [the recipe](recipes/streams.md).
   *
   * @minItems 1
   * @maxItems 10
   */
  Consumers?: Consumer[];
  KinesisStreamDestination?: KinesisStreamDestination;
  /**
   * Replicas of every table in other Regions, as a global table of version 2019.11.21. Rotate adds them to
   * the current and the upcoming tables, one at a time, and sets the tags, deletion protection and
   * point-in-time recovery of each. Purge removes them before it deletes the table. Only for on-demand
   * tables, and requires a StreamSpecification with `NEW_AND_OLD_IMAGES`. Rotate and purge leave replicas
   * alone that are not in this list. See [the recipe](recipes/global-tables.md).
   *
   * @minItems 1
   * @maxItems 20
   */
  Replicas?: Replica[];
  Properties: Properties;
}

/** A scheme that the group had until an instant. */
export interface EarlierScheme {
  /** The earlier scheme. */
  RotationScheme: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';
  /**
   * Number of periods of the earlier scheme to retain: a table is due this many of its own periods after its
   * start. -1 retains all tables.
   */
  PurgeRotation: number | string;
  /**
   * The instant at which the next scheme begins, exclusive: `2026-11-30`, or `2026-11-30T00:00:00Z`. Both
   * schemes must begin a period at this instant, in UTC. Choose an instant after the end of every table that
   * exists.
   */
  Until: string;
}

/**
 * A Lambda function that gets the changes of every table. The keys other than Function are those of Lambda's
 * CreateEventSourceMapping. Keys that are left out have Lambda's defaults.
 */
export interface Consumer {
  /**
   * Name or ARN of the function, with or without a version or an alias: `visits`, `visits:live`. It must be
   * in the account and Region of the tables. `{environment}` stands for the name of the environment.
   */
  Function: string;
  /**
   * Where reading begins in the stream of a new table. `LATEST` loses the changes of the minutes until the
   * mapping works.
   */
  StartingPosition?: 'TRIM_HORIZON' | 'LATEST';
  /** Largest number of changes in a batch. Default of Lambda: 100. */
  BatchSize?: number | string;
  /** How long Lambda collects changes for a batch. Default of Lambda: 0. */
  MaximumBatchingWindowInSeconds?: number | string;
  /** Number of batches of one shard at a time. Default of Lambda: 1. */
  ParallelizationFactor?: number | string;
  /** Age from which Lambda discards a change: 60 or more, or -1 for no limit. Default of Lambda: -1. */
  MaximumRecordAgeInSeconds?: number | string;
  /** Number of tries after a failed one, or -1 for no limit. Default of Lambda: -1. */
  MaximumRetryAttempts?: number | string;
  /** Whether Lambda splits a batch in two if the function fails. Default of Lambda: `false`. */
  BisectBatchOnFunctionError?: boolean;
  /** Length of a window that the function aggregates. Default of Lambda: 0. */
  TumblingWindowInSeconds?: number | string;
  /**
   * `ReportBatchItemFailures` lets the function say from which change on it failed.
   *
   * @minItems 1
   * @maxItems 1
   */
  FunctionResponseTypes?: 'ReportBatchItemFailures'[];
  FilterCriteria?: FilterCriteria;
  DestinationConfig?: DestinationConfig;
  /** ARN of the KMS key that encrypts the filter patterns in Lambda. */
  KMSKeyArn?: string;
  MetricsConfig?: MetricsConfig;
}

/** Which changes the function gets. */
export interface FilterCriteria {
  /**
   * The function gets a change if one of the filters matches. Lambda allows 5, or 10 on request.
   *
   * @minItems 1
   * @maxItems 10
   */
  Filters: Filter[];
}

/** One filter. */
export interface Filter {
  /** A filter pattern of Lambda as JSON text, such as `{"eventName":["INSERT"]}`. */
  Pattern: string;
}

/** What happens to changes that the function could not handle. */
export interface DestinationConfig {
  OnFailure: OnFailure;
}

/** Where Lambda sends a record of such changes. The role of the function needs the permission. */
export interface OnFailure {
  /**
   * ARN of a standard SQS queue, a standard SNS topic or an S3 bucket. `{environment}` stands for the name of
   * the environment.
   */
  Destination: string;
}

/** Additional metrics of the mapping, which AWS charges for. */
export interface MetricsConfig {
  /**
   * `EventCount` counts the changes in each step of their processing.
   *
   * @minItems 1
   * @maxItems 1
   */
  Metrics: 'EventCount'[];
}

/**
 * Kinesis data stream that gets the changes of every table, so that its consumers need no change when tables
 * rotate. Rotate enables it with EnableKinesisStreamingDestination as soon as a table is ACTIVE. See [the
 * recipe](recipes/streams.md).
 */
export interface KinesisStreamDestination {
  /**
   * Name or ARN of the data stream, which must be in the account and Region of the tables. `{environment}`
   * stands for the name of the environment.
   */
  Stream: string;
  /** Precision of the time in each record. Default of DynamoDB: `MILLISECOND`. */
  ApproximateCreationDateTimePrecision?: 'MILLISECOND' | 'MICROSECOND';
}

/**
 * A replica of every table. The keys are those of the Create in UpdateTable's ReplicaUpdates. On-demand
 * replicas have no ProvisionedThroughputOverride.
 */
export interface Replica {
  /** Region of the replica. It must not be the Region of the tables, or contain a table of the same name. */
  RegionName: string;
  /**
   * ID, ARN or alias of the KMS key of the replica, in its Region. Required if the SSESpecification has a
   * KMSMasterKeyId.
   */
  KMSMasterKeyId?: string;
  OnDemandThroughputOverride?: OnDemandThroughputOverride;
  /**
   * Indexes that have another upper limit of reads in the replica. The replica has all indexes of the table.
   *
   * @minItems 1
   */
  GlobalSecondaryIndexes?: ReplicaGlobalSecondaryIndex[];
  /**
   * Table class of the replica. Default: that of the table. A later change of the class of the table, such as
   * by Outdated, replaces it.
   */
  TableClassOverride?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

/** Upper limit of reads of the replica. */
export interface OnDemandThroughputOverride {
  /** Maximum read request units per second. -1 means no limit. */
  MaxReadRequestUnits: number | string;
}

/** An index of the replica. */
export interface ReplicaGlobalSecondaryIndex {
  IndexName: IndexName;
  OnDemandThroughputOverride: OnDemandThroughputOverride;
}

/**
 * Properties of every table in the group: the input of CreateTable, and four keys that Turntable adds. The
 * added keys are OutdatedTableProvisionedThroughput, Outdated, TimeToLive and
 * PointInTimeRecoverySpecification.
 */
export interface Properties {
  /**
   * Attributes that the keys of the table and its indexes use. Define each attribute once. DynamoDB rejects
   * the definition of an attribute that no key uses.
   *
   * @minItems 1
   */
  AttributeDefinitions: AttributeDefinition[];
  KeySchema: KeySchema;
  /**
   * `PROVISIONED` requires ProvisionedThroughput. `PAY_PER_REQUEST` (on-demand) does not allow it, and
   * Turntable does not scale these tables.
   */
  BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /**
   * Throughput of a table when its period starts. After that, scaling changes it with demand, within the
   * bounds in `settings.json`. The value is a starting point and not a minimum. For a minimum, set
   * `Scaling.Read.Min` and `Scaling.Write.Min`.
   */
  ProvisionedThroughput?: Throughput;
  /**
   * Throughput of an outdated table. Rotate raises a table to it when its period has ended, and lowers the
   * table to it after the drain window. Until shortly before its period starts, an upcoming table has the
   * lower of this and ProvisionedThroughput. Default: ProvisionedThroughput.
   */
  OutdatedTableProvisionedThroughput?: Throughput;
  Outdated?: Outdated;
  /**
   * Local secondary indexes: the table's partition key with a different sort key. DynamoDB cannot add them to
   * an existing table.
   *
   * @minItems 1
   * @maxItems 5
   */
  LocalSecondaryIndexes?: LocalSecondaryIndex[];
  /**
   * Global secondary indexes. Each has its own throughput. The default quota of a table is 20.
   *
   * @minItems 1
   */
  GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
  /**
   * Indexes for searches by similarity. Only for BillingMode `PAY_PER_REQUEST`.
   *
   * @minItems 1
   * @maxItems 5
   */
  VectorIndexes?: VectorIndex[];
  /** Upper limits of an on-demand table. Allowed only with BillingMode `PAY_PER_REQUEST`. */
  OnDemandThroughput?: OnDemandThroughput;
  /** Throughput that the table can serve immediately after its creation. */
  WarmThroughput?: WarmThroughput;
  /**
   * Table class. `STANDARD_INFREQUENT_ACCESS` lowers the price of storage to 40% and raises the price of
   * throughput by 25%.
   */
  TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  /**
   * Whether tables have deletion protection. With `true`, Turntable protects every table that it creates. It
   * removes the protection only to delete a table after its waiting period. With `false`, tables are created
   * without protection, and purge never deletes a table that you protected by hand.
   */
  DeletionProtectionEnabled?: boolean;
  StreamSpecification?: StreamSpecification;
  SSESpecification?: SSESpecification;
  /** Resource-based policy, as JSON text. */
  ResourcePolicy?: string;
  TimeToLive?: TimeToLive;
  PointInTimeRecoverySpecification?: PointInTimeRecoverySpecification;
  /**
   * Your own tags. Turntable adds its ownership tags.
   *
   * @maxItems 44
   */
  Tags?: Tag[];
}

/** Definition of one key attribute. */
export interface AttributeDefinition {
  /** Name of the attribute. */
  AttributeName: string;
  /** `S` for a string, `N` for a number, `B` for binary. */
  AttributeType: 'S' | 'N' | 'B';
}

/** One attribute of a key. */
export interface KeyPart {
  /** Name of an attribute in AttributeDefinitions. */
  AttributeName: string;
  /** `HASH` for the partition key, `RANGE` for the sort key. */
  KeyType: 'HASH' | 'RANGE';
}

/** Provisioned throughput. */
export interface Throughput {
  /** Read capacity units. One unit serves one strongly consistent read of up to 4 KB per second. */
  ReadCapacityUnits: number | string;
  /** Write capacity units. One unit serves one write of up to 1 KB per second. */
  WriteCapacityUnits: number | string;
}

/**
 * Changes to a table after its drain window, besides its throughput. Rotate makes each change once, in a
 * separate call. If you reverse a change by hand, rotate does not repeat it. Not allowed with RotationScheme
 * `none`, because its table is never outdated.
 */
export interface Outdated {
  /**
   * `PAY_PER_REQUEST` switches an outdated table to on-demand. Without traffic, the table then costs only its
   * storage, and requests are not throttled. Until shortly before its period starts, an upcoming table then
   * has the least throughput that scaling may set: `Scaling.Read.Min` and `Scaling.Write.Min`, or 1.
   * OutdatedTableProvisionedThroughput is not allowed beside this key, for the table or its indexes.
   */
  BillingMode?: 'PAY_PER_REQUEST';
  /**
   * `STANDARD_INFREQUENT_ACCESS` lowers the price of storage of an outdated table to 40% and raises the price
   * of its throughput by 25%.
   */
  TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

/** A local secondary index. It shares the throughput of its table. */
export interface LocalSecondaryIndex {
  IndexName: IndexName;
  /** The table's HASH attribute, and a different RANGE attribute after it. */
  KeySchema: KeySchema;
  Projection: Projection;
}

/** Attributes that DynamoDB copies into an index. */
export interface Projection {
  /**
   * `ALL` copies all attributes, `KEYS_ONLY` copies the keys, and `INCLUDE` copies the keys and
   * NonKeyAttributes.
   */
  ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /**
   * Attributes to copy besides the keys. Required with `INCLUDE`, and not allowed otherwise.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: Name of an attribute.
   */
  NonKeyAttributes?: string[];
}

/** A global secondary index. It is provisioned and scaled separately from its table. */
export interface GlobalSecondaryIndex {
  IndexName: IndexName;
  KeySchema: IndexKeySchema;
  Projection: Projection;
  /**
   * Throughput of the index when the table's period starts. For a minimum, set
   * `Scaling.Indexes.<IndexName>.Read.Min` and `.Write.Min`. Required unless the table is on-demand.
   */
  ProvisionedThroughput?: Throughput;
  /**
   * Throughput of the index while the table has its outdated throughput. Default: ProvisionedThroughput of
   * the index.
   */
  OutdatedTableProvisionedThroughput?: Throughput;
  OnDemandThroughput?: OnDemandThroughput;
  WarmThroughput?: WarmThroughput;
}

/** Upper limits of an on-demand table or index. DynamoDB throttles requests that exceed them. */
export interface OnDemandThroughput {
  /** Maximum read request units per second. -1 means no limit. */
  MaxReadRequestUnits?: number | string;
  /** Maximum write request units per second. -1 means no limit. */
  MaxWriteRequestUnits?: number | string;
}

/**
 * Throughput that a table or index can serve immediately. It never decreases, and AWS charges for it once.
 */
export interface WarmThroughput {
  /** Read units per second. AWS requires at least 12,000. */
  ReadUnitsPerSecond?: number | string;
  /** Write units per second. AWS requires at least 4,000. */
  WriteUnitsPerSecond?: number | string;
}

/**
 * An index for searches by similarity. It requires BillingMode `PAY_PER_REQUEST`, and cannot be changed after
 * the table was created.
 */
export interface VectorIndex {
  IndexName: IndexName;
  VectorAttribute: VectorAttribute;
  /** Number of elements of each vector. */
  Dimensions: number | string;
  /** How DynamoDB compares two vectors. */
  DistanceFunction: 'COSINE' | 'EUCLIDEAN' | 'DOT_PRODUCT';
  Projection: Projection;
  /**
   * Attributes that limit a search: at most one `HASH` and 18 `INLINE_FILTER` attributes.
   * AttributeDefinitions defines all of them. DynamoDB does not index an item without the HASH attribute.
   *
   * @minItems 1
   * @maxItems 19
   */
  SearchSchema?: SearchSchemaElement[];
}

/** The attribute that contains the vector. AttributeDefinitions does not define it. */
export interface VectorAttribute {
  /** Name of the attribute. */
  AttributeName: string;
}

/** An attribute that limits a search. */
export interface SearchSchemaElement {
  /** Name of an attribute in AttributeDefinitions. */
  AttributeName: string;
  /** `HASH`: a search is within one value. `INLINE_FILTER`: a search can compare the attribute. */
  SearchSchemaElementType: 'HASH' | 'INLINE_FILTER';
}

/** DynamoDB stream of the table's changes. Every table of the group has its own stream. */
export interface StreamSpecification {
  /** Whether the table has a stream. */
  StreamEnabled: boolean;
  /** Content of a stream record. Required if StreamEnabled is `true`, and not allowed otherwise. */
  StreamViewType?: 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';
}

/** Encryption at rest. DynamoDB encrypts every table, and these keys choose the encryption key. */
export interface SSESpecification {
  /** `true` uses a key in AWS KMS. `false` uses a key that DynamoDB owns. */
  Enabled?: boolean;
  /** Encryption type. `KMS` is the only one. */
  SSEType?: 'KMS';
  /**
   * ID, ARN or alias of your own KMS key. Default: the AWS managed key for DynamoDB. Requires `Enabled` to be
   * `true`.
   */
  KMSMasterKeyId?: string;
}

/** Expiry of items. Rotate enables it with UpdateTimeToLive as soon as the table is ACTIVE. */
export interface TimeToLive {
  /**
   * Number attribute that holds the expiry time of an item, in epoch seconds. If the attribute is part of a
   * key, its AttributeType must be `N`.
   */
  AttributeName: string;
  /** Whether items expire. */
  Enabled?: boolean;
}

/** Continuous backups. Rotate enables them with UpdateContinuousBackups as soon as the table is ACTIVE. */
export interface PointInTimeRecoverySpecification {
  /** Whether the table can be restored to any second of the recovery period. */
  PointInTimeRecoveryEnabled: boolean;
  /** Length of the recovery period in days. Default of DynamoDB: 35. */
  RecoveryPeriodInDays?: number | string;
}

/** One tag. */
export interface Tag {
  /**
   * Key of the tag: letters, numbers, spaces and `+ - = . _ : / @`. The prefixes `aws:` and `turntable:` are
   * reserved.
   */
  Key: string;
  /** Value of the tag: letters, numbers, spaces and `+ - = . _ : / @`. */
  Value: string;
}
