import type { StateStore } from '../src/ports.ts';
import type { ActualState } from './ledger.ts';
import type { Files } from './operator.ts';
import type { Outcome, Run } from './run.ts';

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
  /** Creates a table by hand, without tags. Returns false if the name exists. */
  createUnmanaged(name: string): Promise<boolean>;
  /** Adds a minute of traffic to every table in the list, in units per second. */
  traffic(tables: readonly string[], units: number): Promise<void>;
  /** Suspends and resumes purging and lowering. */
  readonly state: Pick<StateStore, 'suspend' | 'resume' | 'recordRetention'>;
  actualState(): Promise<ActualState>;
  close(): Promise<void>;
}
