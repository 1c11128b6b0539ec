/** What the jobs need from outside. Implemented by `aws/` on the SDK and by `sim/` in memory. */

import type { MetricQuery, MetricSeries } from './core/capacity/demand.ts';
import type { StepMs } from './core/capacity/history.ts';
import type {
  AccountLimits,
  Backup,
  Health,
  Recovery,
  ScheduledDeletion,
  Suspendable,
  Suspension,
  TableState,
} from './core/observed.ts';
import type { CreateTable, Provision, ThroughputChange } from './core/plan.ts';
import type { TableClass } from './core/spec.ts';

export interface TableClient {
  /** What the account allows in this region. */
  limits(): Promise<AccountLimits>;
  /** Every table name of the account and region, all pages read. */
  list(): Promise<string[]>;
  /** undefined where there is no such table. */
  describe(name: string): Promise<TableState | undefined>;
  /** Tags of a table; `arn` from its description. */
  tags(arn: string): Promise<Record<string, string>>;
  /**
   * Puts tags over those that are there; the others stay. AWS takes a moment until `tags` shows them: "an asynchronous
   * operation", https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
   */
  tag(arn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Tags are given in the creating call itself. ServiceError `in-use` where the table exists. */
  create(table: CreateTable): Promise<void>;
  /** One UpdateTable for the table and any of its indexes. */
  resize(name: string, changes: readonly ThroughputChange[]): Promise<void>;
  /** Switches to on-demand, or with `throughput` for the table and all its global indexes to provisioned. */
  setBilling(name: string, throughput?: readonly Provision[]): Promise<void>;
  setTableClass(name: string, tableClass: TableClass): Promise<void>;
  /** Turns deletion protection on or off. */
  protect(name: string, on: boolean): Promise<void>;
  /** ServiceError `refused` where deletion protection is on. */
  remove(name: string): Promise<void>;
  /** The attribute that expires items, or undefined where that is off. */
  timeToLive(name: string): Promise<string | undefined>;
  setTimeToLive(name: string, attribute: string, enabled: boolean): Promise<void>;
  recovery(name: string): Promise<Recovery>;
  setRecovery(name: string, recovery: Recovery): Promise<void>;
}

/** On-demand backups. */
export interface BackupClient {
  /** Begins a backup. ServiceError `in-use` while another one of the table is made. */
  create(table: string, name: string): Promise<void>;
  /** All of a table, and of earlier ones of its name, whoever made them; all pages read. */
  list(table: string): Promise<Backup[]>;
  /** undefined where there is no such backup. */
  describe(arn: string): Promise<Backup | undefined>;
  /**
   * Begins to make a table of a backup: keys, indexes and throughput as they were, and no tags, time to live,
   * recovery or deletion protection. ServiceError `in-use` where the table exists.
   */
  restore(arn: string, table: string): Promise<void>;
}

export interface MetricSource {
  /**
   * Sums over steps in [from, to), epoch milliseconds on whole steps, one series a query, in its order. A step is a
   * minute unless told otherwise; `history.ts` says how long each is kept. A query that could not be read gives the
   * reason instead; the call itself never rejects for it.
   */
  read(queries: readonly MetricQuery[], from: number, to: number, stepMs?: StepMs): Promise<MetricSeries[]>;
}

export interface Lease {
  readonly job: string;
  readonly owner: string;
}

export type LeaseAnswer =
  | { readonly granted: true }
  | { readonly granted: false; readonly owner: string; readonly expiresAt: number };

/** What is kept between runs, in a table of its own. ServiceError `not-found` where that is missing. */
export interface StateStore {
  /**
   * Grants a lease that is free, expired, this owner's already, or that ends later than any can: a wrong clock has
   * dated that one. Times are epoch milliseconds of the wall clock.
   */
  acquire(lease: Lease, now: number, expiresAt: number): Promise<LeaseAnswer>;
  /** Does nothing where another owner has taken over. */
  release(lease: Lease): Promise<void>;
  scheduledDeletions(): Promise<ScheduledDeletion[]>;
  scheduleDeletion(scheduled: ScheduledDeletion): Promise<void>;
  /** Forgets a table's sentence, if it has one. */
  cancelDeletion(table: string): Promise<void>;
  /** What people have stopped, what is over included. */
  suspensions(): Promise<Suspension[]>;
  suspend(suspension: Suspension): Promise<void>;
  resume(what: Suspendable): Promise<void>;
  /** What is remembered of demand, by group, as it was given to `remember`. */
  memories(): Promise<ReadonlyMap<string, string>>;
  /** Replaces what is remembered of a group: a text of up to some hundred kilobytes. */
  remember(group: string, memory: string): Promise<void>;
  /** Makes the state table where it is missing; true where it had to. */
  initialise(): Promise<boolean>;
}

export interface Clock {
  /** Epoch milliseconds of the wall clock. */
  now(): number;
  /** How far it is ahead of AWS's own, milliseconds, by each of AWS's latest answers. */
  aheadMs?(): readonly number[];
  /** Ends early once `until` is aborted; never rejects. */
  sleep(durationMs: number, until?: AbortSignal): Promise<void>;
}

export interface Ports {
  readonly tables: TableClient;
  readonly backups: BackupClient;
  readonly metrics: MetricSource;
  readonly state: StateStore;
  readonly clock: Clock;
  /** What a GET of the URL says; never rejects. */
  health(url: string): Promise<Health>;
}
