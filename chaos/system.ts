import type { Config, Spec } from '../src/core/spec.ts';
import type { StateStore } from '../src/ports.ts';
import type { ActualState } from './ledger.ts';
import type { NewerKind } from './newer.ts';
import type { Files } from './operator.ts';
import type { Remade } from './promises.ts';
import type { Outcome, Run } from './run.ts';

/** The throughput of an index that an operator adds. */
export const ADDED_UNITS = { read: 5, write: 5 };

/** Each returns whether AWS accepted it. */
export interface ByHand {
  /** Deletes a table and creates it again, with the same name, input and tags. `adopted`: with its own creation time. */
  remake(table: string, as: Remade): Promise<boolean>;
  keep(table: string): Promise<boolean>;
  /** Records that the ownership tags of a table have been seen, although it has none. */
  forgeOwnership(table: string, spec: Spec): Promise<boolean>;
  /** Records for purge that no table of the group is managed. */
  forgeUnmanaged(spec: Spec): Promise<boolean>;
  /** Gives a table a status such as ARCHIVED, or takes it away again. */
  impair(table: string, status: string | undefined): void;
  /** Adds a global index, which DynamoDB fills for hours. */
  addIndex(table: string, index: string): Promise<boolean>;
}

/** Durations are milliseconds. */
export interface Behavior {
  /** How late AWS shows new tables, deleted ones, and tags. */
  readonly lateMs: number;
  /** How many tables can be created, changed and deleted at once. */
  readonly changingAtOnce: number;
}

export const usualBehavior: Behavior = { lateMs: 0, changingAtOnce: 500 };

/** The system under test: the jobs on the simulator, or the handlers on the embedded AWS. */
export interface System {
  readonly now: () => number;
  pass(durationMs: number): Promise<void>;
  /** Runs one invocation to its end or to its crash. Several can run at the same time. */
  run(run: Run): Promise<Outcome>;
  /** Replaces the configuration files. Runs that start later read them. */
  edit(files: Files, halfWritten?: boolean): void;
  /** Whether these are the deployed handlers on the embedded AWS, with real files and real processes. */
  readonly embedded?: boolean;
  /** Creates a table by hand, without tags. Returns whether AWS accepted it. */
  createUnmanaged(name: string): Promise<boolean>;
  /** What operators do with their own tools. The embedded AWS does not have it. */
  readonly byHand?: ByHand;
  /** Whether the environment has a topic for notices. */
  readonly hasTopic: boolean;
  /** Tears the environment down, and opens it again. The embedded AWS does not have it. */
  readonly teardown?: {
    /** Returns the tables that purge may delete; undefined if a run of rotate kept the operator from closing it. */
    close(config: Config): Promise<readonly string[] | undefined>;
    /** Returns the tables whose deletions were canceled. */
    open(): Promise<readonly string[]>;
  };
  /** How AWS answers from now on. The embedded AWS does not have it. */
  behave?(behavior: Behavior): void;
  /** A newer version has written the records of a kind; undefined: no longer. The embedded AWS does not have it. */
  writeNewer?(kind: NewerKind | undefined): void;
  /** Adds a minute of traffic to every table in the list, in units per second. Returns the tables that throttled some. */
  traffic(tables: readonly string[], units: number): Promise<ReadonlySet<string>>;
  /** Suspends and resumes purging and lowering. */
  readonly state: Pick<StateStore, 'suspend' | 'resume' | 'recordRetention'>;
  /** Whether S3 has a completed export of the table that has this name now. The embedded AWS does not have it. */
  readonly archived?: (table: string) => boolean;
  actualState(): Promise<ActualState>;
  close(): Promise<void>;
}
