/** The state that all operations of the embedded AWS share. */
import type { Backups } from './backup.ts';
import type { BulkPuts } from './bulk-put.ts';
import type { Engine, Json } from './engine.ts';
import type { Exports } from './export.ts';
import type { Ids } from './ids.ts';
import type { Locks } from './locks.ts';
import type { Mapping } from './mapping.ts';
import type { MetricStore } from './metrics.ts';
import type { Rates } from './rate.ts';
import type { Bucket } from './s3.ts';
import type { ServedCapacity } from './served-capacity.ts';
import type { Tables } from './tables.ts';

export interface Region {
  /** Such as eu-west-1. Regions share only the replicas of tables. */
  readonly name: string;
  /** Another region of the same account. */
  readonly elsewhere: (name: string) => Region;
  /** Regions in which DynamoDB cannot create a replica. */
  readonly failing: ReadonlySet<string>;
  readonly engine: Engine;
  readonly ids: Ids;
  readonly tables: Tables;
  readonly backups: Backups;
  readonly exports: Exports;
  readonly bulkPuts: BulkPuts;
  /** The buckets of S3 by name, which all regions share. */
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly metrics: MetricStore;
  readonly served: ServedCapacity;
  /** Event source mappings by UUID. */
  readonly mappings: Map<string, Mapping>;
  /** Names of functions, and ARNs of Kinesis data streams, that do not exist. All others do. */
  readonly absent: Set<string>;
  readonly locks: Locks;
  /** The virtual clock, in epoch milliseconds, for timestamps, quotas, burst capacity and metrics. */
  readonly now: () => number;
  /** The clock that ends states, in milliseconds. Default: the clock of the machine, not the virtual one. */
  readonly elapsed: () => number;
  readonly createTableMs: number;
  readonly updateTableMs: number;
  readonly deleteTableMs: number;
  /** How long a replica is CREATING. */
  readonly createReplicaMs: number;
  readonly backupMs: number;
  readonly exportMs: number;
  /** How long DynamoDB loads items from S3. */
  readonly bulkPutMs: number;
  /** How long after a table is ACTIVE DynamoDB still enables its continuous backups. */
  readonly enableBackupsMs: number;
  /** How long UpdateTable fills an index that it adds, or keeps one that it deletes; milliseconds of `now`. */
  readonly backfillMs: number;
  readonly throttling: boolean;
  /** The limits of calls per second in the account. */
  readonly rates: Rates;
}

export type Operation = (input: Json) => Json | Promise<Json>;
export type Operations = Readonly<Record<string, Operation>>;
