import type { StateStore } from '../src/ports.ts';
import type { Truth } from './ledger.ts';
import type { Files } from './operator.ts';
import type { Outcome, Run } from './run.ts';

/** Where a history is played: the simulator, or the handlers on the embedded AWS. */
export interface Stage {
  readonly now: () => number;
  pass(durationMs: number): Promise<void>;
  /** Plays one invocation to its end, or to its crash; several may be under way at once. */
  run(run: Run): Promise<Outcome>;
  /** What operators have written; runs that begin from now on read it. */
  edit(files: Files, halfWritten?: boolean): void;
  /** Whether it is the deployed handlers on the embedded AWS: files are really read, and processes are really killed. */
  readonly embedded?: boolean;
  /** A table that somebody makes by hand, without any tag; false where the name is taken. */
  makeByHand(name: string): Promise<boolean>;
  /** A minute of traffic on every table in the list, units per second. */
  traffic(tables: readonly string[], units: number): Promise<void>;
  /** The switches that work at once: purging, lowering. */
  readonly state: Pick<StateStore, 'suspend' | 'resume'>;
  truth(): Promise<Truth>;
  close(): Promise<void>;
}
