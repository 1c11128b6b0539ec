/**
 * What the jobs need from outside. `aws/` implements it with the SDK, and the simulator of the tests implements it in
 * memory.
 */

import type { ArchiveFormat, ArchivePlace, BulkLoad, Export } from './core/archives.ts';
import type { MetricQuery, MetricSeries } from './core/capacity/demand.ts';
import type { StepMs } from './core/capacity/history.ts';
import type { Probe } from './core/doctor/writes.ts';
import type {
  AccountLimits,
  AlarmState,
  AppliedRetention,
  Backup,
  Closing,
  EventSourceMapping,
  Health,
  Host,
  Recovery,
  RunRecord,
  ScalableTarget,
  ScheduledDeletion,
  SeenKind,
  SeenOwnership,
  ShardLayout,
  StoredLease,
  StreamDestination,
  Suspendable,
  Suspension,
  TableState,
  TimeToLive,
} from './core/facts.ts';
import type { Table } from './core/fleet.ts';
import type { StoredEntry, StoredOpen } from './core/history/stored.ts';
import type { Notice } from './core/notice.ts';
import type { CreateTable, Provision, ReplicaInput, ThroughputChange } from './core/plan.ts';
import type { TableClass, Units } from './core/spec.ts';
import type { ValidConfig } from './core/valid-config.ts';

export interface TableClient {
  /** What the account allows in this region. */
  limits(): Promise<AccountLimits>;
  /** Every table name of the account and region, from all pages. */
  list(): Promise<string[]>;
  /** undefined if the table does not exist. */
  describe(name: string): Promise<TableState | undefined>;
  /** Tags of a table, by the ARN from its description. */
  tags(arn: string): Promise<Record<string, string>>;
  /**
   * Adds tags and replaces those with the same keys. It takes a moment until `tags` shows them: "an asynchronous
   * operation", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
   */
  tag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Creates a table with its tags in one call. ServiceError `in-use` if the table exists. */
  create(table: CreateTable): Promise<void>;
  /** Changes the throughput of the table and any of its indexes in one UpdateTable. */
  resize(name: string, changes: readonly ThroughputChange[]): Promise<void>;
  /** Switches to on-demand, or to provisioned if `throughput` of the table and all its global indexes is given. */
  setBilling(name: string, throughput?: readonly Provision[]): Promise<void>;
  setTableClass(name: string, tableClass: TableClass): Promise<void>;
  /** Turns deletion protection on or off. */
  protect(name: string, on: boolean): Promise<void>;
  /**
   * Deletes a table. ServiceError `refused` if deletion protection is on, or if the table was the source of a replica that was added
   * less than 24 hours ago.
   */
  remove(name: string): Promise<void>;
  /**
   * Starts to add a replica in another region, by the Create of UpdateTable's ReplicaUpdates. The table is UPDATING meanwhile.
   * ServiceError `in-use` while the table is not ACTIVE, and `refused` if it is not on-demand, or if the region has a table of the name.
   */
  addReplica(name: string, replica: ReplicaInput): Promise<void>;
  /**
   * Starts to remove a replica from the table and delete it. ServiceError `in-use` while the table is not ACTIVE, `not-found` if the
   * replica does not exist, and `refused` while it has deletion protection.
   */
  removeReplica(name: string, region: string): Promise<void>;
  timeToLive(name: string): Promise<TimeToLive>;
  /** ServiceError `refused` within an hour after the last change. */
  setTimeToLive(name: string, attribute: string, enabled: boolean): Promise<void>;
  recovery(name: string): Promise<Recovery>;
  setRecovery(name: string, recovery: Recovery): Promise<void>;
  /** The Kinesis data streams that the table has, or had. */
  destinations(name: string): Promise<readonly StreamDestination[]>;
  /**
   * Starts to send changes to a Kinesis data stream, by its ARN. ServiceError `refused` if the table already sends to one, or
   * if the table is not ACTIVE.
   */
  enableDestination(name: string, stream: string, precision?: string): Promise<void>;
}

/** Lambda's event source mappings. */
export interface MappingClient {
  /** All mappings of a function, from all pages; undefined if the function does not exist. */
  list(functionName: string): Promise<readonly EventSourceMapping[] | undefined>;
  /** undefined if the mapping does not exist. */
  describe(id: string): Promise<EventSourceMapping | undefined>;
  /**
   * Creates a mapping of a table's stream, by its ARN. ServiceError `in-use` if the function has a mapping of this stream,
   * `not-found` if Lambda does not find the stream, also for a while after its creation, and `refused` if the function does not
   * exist.
   */
  create(functionName: string, stream: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Starts to delete a mapping. ServiceError `in-use` while the mapping is changing, `not-found` if it does not exist. */
  remove(id: string): Promise<void>;
}

/** On-demand backups. */
export interface BackupClient {
  /** Starts a backup. ServiceError `in-use` while another backup of the table is being created. */
  create(table: string, name: string): Promise<void>;
  /** All backups of a table and of earlier tables of its name, whoever created them, from all pages. */
  list(table: string): Promise<Backup[]>;
  /** All backups of all tables of the account and region, from all pages. */
  listAll(): Promise<Backup[]>;
  /** undefined if the backup does not exist. */
  describe(arn: string): Promise<Backup | undefined>;
  /**
   * Starts to create a table from a backup, with its keys, indexes and throughput, and without tags, time to live,
   * point-in-time recovery or deletion protection. ServiceError `in-use` if the table exists. `onDemand`: the table has no
   * provisioned throughput, whatever the backup says.
   */
  restore(arn: string, table: string, onDemand?: 'onDemand'): Promise<void>;
}

/** A page of a count. */
export interface CountedPage {
  readonly items: number;
  /** Where the next page begins; undefined after the last one. */
  readonly next?: string;
}

/** An item as a text that is equal only for equal items, and its key. They stay in memory. */
export interface KeyedItem {
  readonly key: string;
  readonly item: string;
}

/** Items of tables. Only restore drills read them. */
export interface ItemReader {
  /** Counts one page of a table, up to 1 MB, from the start or from where an earlier page ended. */
  count(table: string, from: string | undefined): Promise<CountedPage>;
  /** Up to `most` items from all parts of a table. `key`: the names of its key's attributes. */
  sample(table: string, key: readonly string[], most: number): Promise<readonly KeyedItem[]>;
  /** The items of a table that have these keys, by key. A key that could not be read is left out of `read`. */
  withKeys(
    table: string,
    key: readonly string[],
    keys: readonly string[],
  ): Promise<{ readonly read: ReadonlySet<string>; readonly found: ReadonlyMap<string, string> }>;
}

/** Where an export goes, and the ClientToken by which a repeated call starts no second one. */
export interface ExportRequest {
  readonly token: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly format: ArchiveFormat;
}

/** Exports of tables to S3. DynamoDB forgets each one after 90 days. */
export interface ExportClient {
  /**
   * Starts a full export of a table, by its ARN, with the items of now. Does nothing if the same call was made within 8 hours.
   * ServiceError `refused` if point-in-time recovery is off, and `in-use` if the token was used for another export.
   */
  start(tableArn: string, request: ExportRequest): Promise<void>;
  /** All full exports of a table and of earlier tables of its name, by its ARN, whoever started them, from all pages. */
  list(tableArn: string): Promise<Export[]>;
  /** undefined if the export does not exist, or is not one of all items of a table. */
  describe(arn: string): Promise<Export | undefined>;
}

/** What is loaded into a table, and where DynamoDB reports the items that it could not put. */
export interface LoadRequest {
  /** ClientToken, by which a repeated call returns the load that was started, for 8 hours. */
  readonly token: string;
  readonly bucket: string;
  /** What the keys of the items start with. */
  readonly prefix: string;
  readonly format: ArchiveFormat;
  readonly errorsPrefix: string;
}

/** Loads of items from S3 into tables that exist. */
export interface LoadClient {
  /**
   * Starts a load of the gzipped items of an export into an ACTIVE table, or returns the one that the same call has started.
   * ServiceError `in-use` if the table is not ACTIVE.
   */
  start(table: string, request: LoadRequest): Promise<BulkLoad>;
  /** undefined if the load does not exist. */
  describe(arn: string): Promise<BulkLoad | undefined>;
}

/** The objects of exports in buckets of S3. */
export interface ArchiveStore {
  /** The text of an object; undefined if it does not exist. @throws ServiceError */
  read(bucket: string, key: string): Promise<string | undefined>;
  /**
   * What the keys after a prefix start with, up to the next slash, from all pages: `a/b.1/` and `a/b.2/` for `a/b`.
   * @throws ServiceError
   */
  folders(bucket: string, prefix: string): Promise<string[]>;
}

export interface MetricSource {
  /**
   * Sums for each step in [from, to), one series for each query, in the order of the queries. `from` and `to` are epoch
   * milliseconds on whole steps. The default step is a minute. `history.ts` says how long CloudWatch retains each step.
   * A query that cannot be read returns the error instead of a series. The call itself never rejects because of it.
   */
  read(queries: readonly MetricQuery[], from: number, to: number, stepMs?: StepMs): Promise<MetricSeries[]>;
}

export interface Lease {
  readonly job: string;
  readonly owner: string;
}

export type LeaseAnswer =
  | { readonly granted: true }
  | {
      readonly granted: false;
      readonly owner: string;
      readonly expiresAt: number;
      /** The first request that was not granted since a run last released the lease. Epoch milliseconds. */
      readonly skippedSince: number;
      /** How many requests were not granted since then, with this one. */
      readonly skips: number;
    };

/** What `initialize` has done. */
export interface Initialized {
  readonly created: boolean;
  readonly timeToLiveEnabled: boolean;
}

/** What is stored between runs, in the state table. ServiceError `not-found` if that table does not exist. */
export interface StateStore {
  /**
   * Grants a lease that is free, expired, or already this owner's. Also grants one that has no valid owner or end, or
   * that ends later than any lease can, because a wrong clock or a person wrote it. Times are epoch milliseconds of the wall clock.
   */
  acquire(lease: Lease, now: number, expiresAt: number): Promise<LeaseAnswer>;
  /** Does nothing if another owner has the lease. */
  release(lease: Lease): Promise<void>;
  /** All leases, also those that have expired. A lease without a valid owner or end is left out. */
  leases(): Promise<readonly StoredLease[]>;
  /** How the fleet is cut into shards, and all leases, in one call. `layout` is undefined if it never was, or the record is invalid. */
  shards(): Promise<{ readonly layout: ShardLayout | undefined; readonly leases: readonly StoredLease[] }>;
  /** Replaces the layout that `shards` has returned. Returns false if another call has replaced it meanwhile. */
  recordLayout(layout: ShardLayout, before: ShardLayout | undefined): Promise<boolean>;
  /**
   * ServiceError `refused` while a stop of purging by version 0.1.0 is in force, except `to-cancel`, for who deletes none of these
   * tables.
   */
  scheduledDeletions(purpose?: 'to-cancel'): Promise<ScheduledDeletion[]>;
  scheduleDeletion(scheduled: ScheduledDeletion): Promise<void>;
  /** Does nothing if no deletion of the table is scheduled. */
  cancelDeletion(table: string): Promise<void>;
  /** All suspensions, including those that have ended. `to-resume`: also the stops by version 0.1.0. */
  suspensions(purpose?: 'to-resume'): Promise<Suspension[]>;
  suspend(suspension: Suspension): Promise<void>;
  resume(what: Suspendable): Promise<void>;
  /** Learned demand by group, as it was given to `remember`. With `ids`, only of these. */
  memories(ids?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Replaces the learned demand of a group: a text of up to some hundred kilobytes. */
  remember(group: string, memory: string): Promise<void>;
  /**
   * The same of many groups, with fewer calls. It does not look whether a newer version has written them meanwhile, so the caller has read
   * all of them since it holds the lease. If some cannot be stored, the others are.
   */
  rememberAll(memories: ReadonlyMap<string, string>): Promise<void>;
  /** The retention that purge last applied, by group. An invalid record is ignored. */
  retentions(): Promise<ReadonlyMap<string, AppliedRetention>>;
  recordRetention(group: string, retention: AppliedRetention): Promise<void>;
  /**
   * The mark that the environment is closed; undefined if it is not. ServiceError `refused` if the record is invalid, or of another
   * environment.
   */
  closing(): Promise<Closing | undefined>;
  /** Closes the environment, or replaces the mark. */
  close(closing: Closing): Promise<void>;
  /** Opens the environment. Does nothing if it is not closed. */
  reopen(): Promise<void>;
  /** Which tables have had their tags seen, by group. With `groups`, only of these. */
  seen(kind: SeenKind, groups?: readonly string[]): Promise<ReadonlyMap<string, SeenOwnership>>;
  /** Replaces what is stored of a group. Times are stored in whole minutes. */
  rememberSeen(kind: SeenKind, group: string, seen: SeenOwnership): Promise<void>;
  /** The newest valid configuration in a bucket; undefined if none is recorded, or the record is invalid. */
  validConfig(): Promise<ValidConfig | undefined>;
  recordValidConfig(valid: ValidConfig): Promise<void>;
  /** What is open in the history of a job, as it was given to `recordHistory`. undefined if nothing was stored. */
  openHolds(job: string): Promise<string | undefined>;
  /**
   * Adds to the history, in this order, with one request for 25 records. ServiceError if not all could be stored: those before
   * are.
   */
  recordHistory(records: readonly (StoredEntry | StoredOpen)[]): Promise<void>;
  /** What is remembered of restore drills, by group, as it was given to `rememberDrill`. */
  drills(): Promise<ReadonlyMap<string, string>>;
  /** Replaces what is remembered of the drills of a group: a text of up to some kilobytes. */
  rememberDrill(group: string, drill: string): Promise<void>;
  /** The entries of the history from one instant to another, both included, oldest first. Epoch milliseconds. */
  history(from: number, to: number): Promise<string[]>;
  /**
   * Creates the state table if it does not exist, and turns time to live on for the entries of the history if it is off. Returns
   * what it has done.
   */
  initialize(): Promise<Initialized>;
  /** What the runs of each job leave for metrics, by job. */
  runs(): Promise<ReadonlyMap<string, RunRecord>>;
  /** Replaces the record of a job. Times of holds are stored in whole minutes. */
  recordRun(job: string, record: RunRecord): Promise<void>;
}

/** An object of S3. `version` is undefined in a bucket without versions. */
export interface BucketFile {
  readonly bytes: Buffer;
  readonly version: string | undefined;
}

/** The objects of one bucket of S3. */
export interface ConfigBucket {
  /** undefined if the object does not exist. @throws ServiceError */
  read(key: string, version?: string): Promise<BucketFile | undefined>;
}

/** A bucket of S3 that gets pages. */
export interface ReportBucket {
  /** Replaces an object. @throws ServiceError */
  write(key: string, page: string): Promise<void>;
}

/** What the coordinator tells the worker of a shard: that it has to run, for which tables, and what it cannot know of the rest. */
export interface Tick {
  /** From 0. */
  readonly shard: number;
  /** How many shards there are. */
  readonly shards: number;
  /** The layout that the shard is of. */
  readonly stamp: string;
  /** The instant of the run, epoch milliseconds. */
  readonly at: number;
  /** The names of all tables of the shard, as they were listed at most 90 seconds before the tick was sent. */
  readonly names: readonly string[];
  /** What the tables of other shards may have together, units per second. */
  readonly elsewhere: Units;
}

/** The queue between the coordinator and the workers. */
export interface TickQueue {
  /** Sends one tick for each shard. Ticks of one shard for the same instant count once. ServiceError if not all were accepted. */
  send(ticks: readonly Tick[]): Promise<void>;
  /** Removes a message by its receipt, so that the next tick of its shard can come. */
  remove(receipt: string): Promise<void>;
}

/** What a worker has of the account, beside other workers. */
export interface Share {
  /** How many workers share the quotas of AWS's calls. */
  readonly workers: number;
  /** What the tables of other shards may have together, units per second. */
  readonly elsewhere: Units;
}

export interface Clock {
  /** Epoch milliseconds of the wall clock. */
  now(): number;
  /** How far the wall clock is ahead of AWS's clock, in milliseconds, by each of AWS's latest answers. */
  aheadMs?(): readonly number[];
  /** Ends early if `until` is aborted. Never rejects. */
  sleep(durationMs: number, until?: AbortSignal): Promise<void>;
}

/** The topic on which people are told what is unusual. */
export interface Notices {
  /** Resolves when the notice was accepted. ServiceError if it was not, and `unavailable` if that is unknown. */
  publish(notice: Notice): Promise<void>;
}

/** Who calls AWS, and where. */
export interface Caller {
  /** The region of the calls. ServiceError `refused` if none is set. */
  region(): Promise<string>;
  /** GetCallerIdentity, which needs no permission: the account of the credentials, and the ARN of the user or role. */
  identity(): Promise<Identity>;
}

export interface ProbeTarget {
  /** ARN of a table of the environment, which does not have to exist. */
  readonly tableArn: string;
  readonly environment: string;
  /** Where a group is exported to. undefined without Purge.Archive. */
  readonly archive?: ArchivePlace;
}

/** What only `doctor` asks. */
export interface Surroundings {
  /** What Application Auto Scaling may change of the tables of this region, from all pages. */
  scalableTargets(): Promise<readonly ScalableTarget[]>;
  /** The alarms whose names begin with the prefix, from all pages. Not composite alarms. */
  alarms(prefix: string): Promise<readonly AlarmState[]>;
  /**
   * Sends one call to each host that calls of DynamoDB go to: one that names no table, and one that names a table by its ARN. The
   * table does not have to exist. Without an ARN, only the first. Rejects if no region or no credentials are set.
   */
  hosts(tableArn: string | undefined): Promise<readonly Host[]>;
  /**
   * Makes a call that changes nothing, and that shows whether it is allowed. Resolves if it is, whatever else AWS answers.
   * @throws ServiceError `access-denied`, or another if AWS does not answer
   */
  probe(probe: Probe, target: ProbeTarget): Promise<void>;
}

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** What recent runs in this process have seen of tables. */
export interface SeenTables {
  /**
   * undefined if it has to be read. `now`: the instant of the run, epoch milliseconds. `as`: what the table is then, if it is of a group.
   */
  of(table: string, now: number, as: Pick<Table, 'phase' | 'period'> | undefined): TableState | undefined;
  /** Keeps what a run at `at` has read. */
  keep(table: string, state: TableState | undefined, at: number): void;
  forget(table: string): void;
  /** The names of all tables; undefined if they have to be listed. */
  names(now: number): ReadonlySet<string> | undefined;
  keepNames(names: ReadonlySet<string>, at: number): void;
}

/** What is asked of a region in which tables have replicas. */
export type RegionPorts = Pick<Ports, 'tables' | 'metrics'>;

export interface Ports {
  readonly tables: TableClient;
  readonly backups: BackupClient;
  readonly exports: ExportClient;
  readonly metrics: MetricSource;
  readonly state: StateStore;
  /** Tables and metrics of another region, such as eu-west-1. Its clients are created with the first call for the region. */
  readonly inRegion: (region: string) => RegionPorts;
  /** undefined for jobs that need none. */
  readonly mappings?: MappingClient;
  /** undefined for jobs that read no exports, and in packages without Purge.Archive. */
  readonly archive?: ArchiveStore;
  /** undefined for jobs, which load nothing. */
  readonly loads?: LoadClient;
  /** undefined for jobs that need none. */
  readonly items?: ItemReader;
  /** undefined if no topic is configured. */
  readonly notices?: Notices;
  /** Gets the notices of runs too. Only the daemon can have one, and no waiting period depends on it. */
  readonly webhook?: Notices;
  /** undefined for jobs, which need none. */
  readonly caller?: Caller;
  /** undefined for jobs, which need none. */
  readonly surroundings?: Surroundings;
  /** undefined if the run is for the whole fleet. */
  readonly share?: Share;
  /** What recent runs have seen. Only of scale, which looks at the same tables each minute. */
  readonly descriptions?: SeenTables;
  readonly clock: Clock;
  /** The result of a GET of the URL, whose host may have a private address only if that is allowed. Never rejects. */
  health(url: string, allowPrivate: boolean): Promise<Health>;
  /**
   * Runs `work`, and ends every call that it still has in progress after this time. Simulators do not have it, because
   * their calls end by themselves. ServiceError `unavailable` if `work` does not end then.
   */
  within?<T>(durationMs: number, work: () => Promise<T>): Promise<T>;
}
