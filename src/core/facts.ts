/** What can be known about an environment: tables, records of the state table, and answers of AWS. */
import type { Export, Manifest } from './archives.ts';
import type { Rotations } from './calendar/rotation.ts';
import type { Demand, MetricQuery, Window } from './capacity/demand.ts';
import type { Raised } from './capacity/refusals.ts';
import type { Notice } from './notice.ts';
import type { Schema } from './schema.ts';
import type { EarlierRotation, TableClass, Units } from './spec.ts';

/** The status of a table or of one of its indexes, from DescribeTable. */
export interface PartState {
  /** undefined for the table itself. */
  readonly index?: string;
  readonly status: string;
  /** Whether DynamoDB fills a new index. The table and its other indexes can be changed meanwhile. */
  readonly backfilling?: boolean;
}

/** Provisioned throughput of a table or of one of its global indexes, from DescribeTable. */
export interface Capacity extends PartState, Units {
  /** Epoch milliseconds. undefined if it never happened, or if DynamoDB does not say. */
  readonly lastIncrease?: number;
  /** Epoch milliseconds. */
  readonly lastDecrease?: number;
  /** NumberOfDecreasesToday: decreases on the UTC day of the last decrease. */
  readonly decreases: number;
}

/** A replica of a table in another region. */
export interface Replica {
  readonly region: string;
  readonly status: string;
  /** ReplicaInaccessibleDateTime, epoch milliseconds. */
  readonly inaccessibleSince?: number;
  /** KMSMasterKeyId, if it is not the one of DynamoDB. */
  readonly kmsKey?: string;
  /** If it differs from the class of the table. */
  readonly tableClass?: TableClass;
}

/** Since when runs have seen a table, or a replica of it, in a status, or its requests throttled. */
export interface Sighting {
  readonly status: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Since when it could not be used because of an earlier status, epoch milliseconds. */
  readonly unusableSince?: number;
}

/** What runs remember of the reads or the writes of a table or index that they have tried to raise. */
export interface Attempt {
  /** The capacity then, units per second. */
  readonly units: number;
  /** Since when the capacity has been no higher, epoch milliseconds. */
  readonly unraisedSince: number;
  /** The raises until then; undefined if runs remember none. */
  readonly raised?: Raised;
  /** undefined if only the other dimension was to be raised. */
  readonly tries?: {
    /** The first and the last try, epoch milliseconds. */
    readonly since: number;
    readonly last: number;
    readonly count: number;
    /** What the last one asked for: `Writes 50 → 120`. */
    readonly wanted: string;
    /** What AWS answered to the last one, as a sentence. */
    readonly answer: string;
  };
}

/** By table, and then by `keyOf`. */
export type Attempts = ReadonlyMap<string, Readonly<Record<string, Attempt>>>;

/**
 * The records of tags that were seen. `ownership` is of rotate and scale. `unmanaged` is of purge, and has only tables that Turntable does
 * not manage, so that it permits no deletion.
 */
export type SeenKind = 'ownership' | 'unmanaged';

/** The tables of a group whose ownership tags have been seen. */
export interface SeenOwnership {
  /** The schemes that the group had then. Other schemes need other tags. */
  readonly schemes: string;
  /** When, by TableId. Epoch milliseconds. */
  readonly seenAt: ReadonlyMap<string, number>;
}

/** A table as DescribeTable returns it. */
export interface TableState {
  readonly name: string;
  readonly arn: string;
  /** TableId. A later table of the same name has another one. */
  readonly id: string;
  /** ARN of the backup that the table was restored from. */
  readonly restoredFrom?: string;
  /** TableStatus: CREATING, UPDATING, ACTIVE, DELETING… */
  readonly status: string;
  /** Since when its KMS key is unusable, or when it was archived; epoch milliseconds. */
  readonly unusableSince?: number;
  /** The backup that DynamoDB made when it archived the table. */
  readonly archivalBackup?: string;
  /** Whether it is being restored. */
  readonly restoring?: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly billingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  /** The last switch from provisioned to on-demand, epoch milliseconds. */
  readonly onDemandSince?: number;
  readonly tableClass: TableClass;
  /** The last change of the table class, epoch milliseconds. */
  readonly classChangedAt?: number;
  readonly deletionProtected: boolean;
  readonly schema: Schema;
  /** LatestStreamArn. A table that is created again has another one, and so has a stream that is enabled again. */
  readonly stream?: string | undefined;
  /** Whether it has replicas in other regions. */
  readonly global: boolean;
  /** All replicas in other regions. */
  readonly replicas?: readonly Replica[];
  /** The table first, then its global indexes. */
  readonly capacities: readonly Capacity[];
  /** Vector indexes that are not ACTIVE. They have no provisioned throughput. */
  readonly vectorIndexes?: readonly PartState[];
  /** AWS updates it about every six hours. */
  readonly itemCount: number;
  /** Includes all indexes. AWS updates it about every six hours. */
  readonly sizeBytes: number;
}

/** A backup of a table. It can exist longer than the table. */
export interface Backup {
  readonly arn: string;
  readonly name: string;
  /** Name of the table in the backup. */
  readonly table: string;
  /** TableId of the table in the backup. */
  readonly tableId: string;
  /** `SYSTEM`: DynamoDB created it when a table with point-in-time recovery was deleted. */
  readonly type: 'USER' | 'SYSTEM' | 'AWS_BACKUP';
  readonly status: 'CREATING' | 'AVAILABLE' | 'DELETED';
  /** When CreateBackup was called, epoch milliseconds. The backup has the items of that time. */
  readonly createdAt: number;
  readonly sizeBytes: number;
  /** Names of the key's attributes, HASH first. A list of backups does not have them. */
  readonly key?: readonly string[];
  /** ItemCount of the table, up to six hours before the backup. A list of backups does not have it. */
  readonly itemCount?: number;
}

/** An export, and what S3 has of it. */
export interface ArchivedExport extends Export {
  /** Of a COMPLETED export of the present table; its value is undefined if S3 has no complete one. */
  readonly manifest?: Reading<Manifest | undefined>;
}

/** Time to live of a table. */
export interface TimeToLive {
  /** The attribute that expires items, or will after the current change; undefined if time to live is off, or will be. */
  readonly attribute?: string;
  /** The last change, if DynamoDB is still carrying it out. */
  readonly changing?: 'ENABLING' | 'DISABLING';
}

/** Point-in-time recovery of a table. */
export interface Recovery {
  readonly enabled: boolean;
  readonly days?: number;
}

/** A Kinesis data stream that gets the changes of a table. */
export interface StreamDestination {
  readonly stream: string;
  /** DestinationStatus: ENABLING, ACTIVE, UPDATING, DISABLING, DISABLED, ENABLE_FAILED. */
  readonly status: string;
  /** What AWS says about the status. */
  readonly description?: string | undefined;
  readonly precision?: string | undefined;
}

/** An event source mapping of a function, as ListEventSourceMappings returns it. */
export interface EventSourceMapping {
  /** UUID. */
  readonly id: string;
  /** EventSourceArn. It can be the stream of a table that no longer exists, because a mapping outlives its stream. */
  readonly source: string;
  /** Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting. */
  readonly state: string;
  /** StateTransitionReason: whether a user or Lambda made the last change. */
  readonly stateReason?: string | undefined;
  /** LastModified, epoch milliseconds. */
  readonly changedAt?: number | undefined;
  /** LastProcessingResult: `No records processed`, `OK`, or `PROBLEM: …`. */
  readonly lastResult?: string | undefined;
  /** Its settings by their names in the API. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The record that purge will delete an expired table after the waiting period, if the table is still due then. */
export interface ScheduledDeletion {
  readonly table: string;
  /** When the table was created, epoch milliseconds. The record is for no other table of the same name. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  /** Whether `scheduledAt` is in the future: a clock was wrong, or a person wrote the record. It then counts for nothing. */
  readonly inFuture?: true;
  /** When the environment was closed, epoch milliseconds, if the table was due because of that, and not by its retention. */
  readonly closedAt?: number;
}

/** A table that was in the plan of a teardown that a person confirmed. */
export interface ListedTable {
  readonly name: string;
  /** When a person confirmed the plan with it, epoch milliseconds. */
  readonly listedAt: number;
}

/** The mark that an environment is closed. A person sets it with `turntable teardown`, and no job can. */
export interface Closing {
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The ARN of the user or role who closed it; undefined if STS did not tell it. */
  readonly by?: string;
  /** The tables that purge may delete because of it, by TableId. */
  readonly tables: ReadonlyMap<string, ListedTable>;
  /** Whether `since` is in the future: a clock was wrong, or a person wrote the record. It then counts for nothing. */
  readonly inFuture?: true;
}

/** How many periods of each scheme of a group are retained, including the current one. Infinity: all. */
export interface Retention extends Rotations<EarlierRotation> {
  readonly keep: number;
}

/** The retention of a group as purge last applied it. Times are epoch milliseconds. */
export interface AppliedRetention extends Retention {
  /** Since when it is in force. */
  readonly since: number;
  /** A shorter one that people were told about, and when AWS accepted the notice. It is not in force yet. */
  readonly announced?: Retention & { readonly toldAt: number };
}

/** What a run stores about the retention of a group. */
export type RetentionUpdate =
  | { readonly record: AppliedRetention }
  /** The record gets the shorter retention after SNS has accepted the notice. */
  | { readonly applied: AppliedRetention; readonly shorter: Retention; readonly notice: Notice };

/** `purging`: scheduled and final deletions. `lowering`: every decrease of provisioned throughput. */
export type Suspendable = 'purging' | 'lowering';

/**
 * A suspension by an operator. It lasts until an operator resumes the activity or its time ends. Times are epoch
 * milliseconds.
 */
export interface Suspension {
  readonly what: Suspendable;
  readonly since: number;
  /** undefined: until it is resumed. */
  readonly until?: number;
  /** Why, in the operator's words. */
  readonly reason?: string;
  /** The ARN of the user or role who suspended it; undefined if STS did not tell it. */
  readonly by?: string;
}

/** An unrequested hold, as the runs of a job have seen it. Times are epoch milliseconds. */
export interface StandingHold {
  readonly group: string;
  readonly table: string;
  readonly kind: string;
  readonly reason: string;
  /** The first and the last run that saw it. */
  readonly since: number;
  readonly seen: number;
}

/** What the runs of a job leave for metrics. Times are epoch milliseconds of the wall clock. */
export interface RunRecord {
  /** The last run that succeeded; undefined if none has. */
  readonly succeededAt?: number;
  /** Only of scale: since when, and until when, it has run without a long pause. */
  readonly watched?: { readonly since: number; readonly until: number };
  readonly holds: readonly StandingHold[];
  /** Only of a shard. */
  readonly shard?: ShardReport;
}

/** What a run of a shard tells the coordinator. */
export interface ShardReport {
  /** The tick that it carried out, epoch milliseconds. */
  readonly tick: number;
  /** Throughput of its tables, units per second, with what it has raised. */
  readonly throughput?: Units;
  /** Whether the account's limits held a raise. */
  readonly short: boolean;
}

/** How the coordinator has cut the fleet into shards. */
export interface ShardLayout {
  /** 1: the fleet is whole. */
  readonly shards: number;
  /** Differs between layouts. A worker whose tick has another one does nothing. */
  readonly stamp: string;
  /** The last tick, epoch milliseconds. */
  readonly at: number;
  /** The throughput that each shard may have until the next tick, units per second; undefined before the first tick. */
  readonly bounds?: readonly Units[];
  /** The most shards there were before, until what they have stored is moved. */
  readonly from?: number;
}

/** The result of a read: a value, or why it failed. */
export type Reading<T> = { readonly value: T } | { readonly error: string };

/** The answer of the application's health URL. */
export interface Health {
  readonly healthy: boolean;
  /** `503 Service Unavailable`, `no answer within 3 seconds`. */
  readonly answer: string;
}

/** DescribeLimits: the quota of all tables of the region together, and of one table with its indexes; units per second. */
export interface AccountLimits {
  readonly account: Units;
  readonly table: Units;
}

/** The facts that can be read about a table. Each one is read only if a planner needs it. */
export interface Facts {
  description: TableState | undefined;
  tags: Readonly<Record<string, string>>;
  timeToLive: TimeToLive;
  recovery: Recovery;
  /** The Kinesis data streams that the table has, or had. */
  destinations: readonly StreamDestination[];
  /** Backups of every table that has ever had this name. */
  backups: readonly Backup[];
  /** Full exports to S3 of every table that has ever had this name, in the last 90 days. */
  exports: readonly ArchivedExport[];
  /** Demand since the instant in the need. */
  traffic: Demand;
}

export type Fact = keyof Facts;

/** A fact whose need names only the table. */
export type TableFact = Exclude<Fact, 'traffic'>;

/**
 * Something that a planner cannot decide without. The job reads it and plans again. `region` is that of a replica, if it is not about
 * the table itself.
 */
export type Need =
  | { readonly fact: TableFact; readonly table: string; readonly region?: string }
  | {
      readonly fact: 'traffic';
      readonly table: string;
      readonly region?: string;
      /** Epoch milliseconds. */
      readonly from: number;
    }
  | { readonly fact: 'health'; readonly url: string; readonly allowPrivate: boolean }
  /** What the account allows in this region. */
  | { readonly fact: 'limits' }
  /** The event source mappings of a Lambda function. */
  | { readonly fact: 'mappings'; readonly function: string }
  /** Which tables have had their tags seen within a day. */
  | { readonly fact: SeenKind }
  /** The retention that purge last applied to each group. */
  | { readonly fact: 'retentions' }
  /** Whether the environment is closed. */
  | { readonly fact: 'closing' }
  | { readonly fact: 'metric'; readonly query: MetricQuery; readonly window: Window };

/** A lease as the state table has it, also if it has expired. Times are epoch milliseconds. */
export interface StoredLease {
  readonly job: string;
  readonly owner: string;
  readonly expiresAt: number;
  /** How many runs were skipped because of it, and since when. */
  readonly skips: number;
  readonly skippedSince?: number;
}

/** What Application Auto Scaling may change of a table or index. */
export interface ScalableTarget {
  /** `table/production.Events.20261121/index/byUser`. */
  readonly resourceId: string;
  readonly table: string;
  readonly index?: string;
  /** `dynamodb:table:ReadCapacityUnits`. */
  readonly dimension: string;
  /** Capacity units per second. */
  readonly min: number;
  readonly max: number;
  /** Whether all its scaling is suspended. */
  readonly suspended: boolean;
}

/** An alarm of CloudWatch. */
export interface AlarmState {
  readonly name: string;
  /** OK, ALARM or INSUFFICIENT_DATA. */
  readonly state: string;
  /** Whether it has an action for ALARM, and its actions are turned on. */
  readonly notifies: boolean;
}

/** A host that calls go to, and why it cannot be reached; no error if it answered, whatever it answered. */
export interface Host {
  readonly name: string;
  readonly error?: string;
}
