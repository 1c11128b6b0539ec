import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Summary } from '../src/jobs/run.ts';
import type { Weather } from './weather.ts';

/** The process ends at its n-th call, before or after that has had its effect. */
export interface Crash {
  readonly atCall: number;
  readonly performed: boolean;
}

/** One invocation of a job, and what has become of it. */
export interface Run {
  readonly id: string;
  readonly job: Job;
  /** What its operator's files say as it begins. */
  readonly config: Config;
  /** The event's own time, epoch milliseconds. */
  readonly eventTime: number;
  /** What its own wall clock is ahead by. */
  readonly skewMs: number;
  readonly weather: Weather;
  readonly crash?: Crash;
  readonly began: number;
  /** Calls made so far. */
  calls: number;
  /** Virtual milliseconds that it has slept in a process of its own, where time passes for nobody else. */
  sleptMs: number;
  outcome?: Outcome;
}

export type Outcome =
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'crashed' };

/** A change that a run asks for, in the same words for the simulator's ports and for AWS's operations. */
export type Effect =
  | {
      readonly kind: 'create';
      readonly table: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly throughput: readonly Throughput[];
    }
  | { readonly kind: 'unprotect'; readonly table: string }
  | { readonly kind: 'delete'; readonly table: string }
  | { readonly kind: 'resize'; readonly table: string; readonly to: readonly Throughput[] }
  | {
      readonly kind: 'schedule-deletion';
      readonly table: string;
      readonly createdAt: number;
      readonly scheduledAt: number;
    }
  | { readonly kind: 'cancel-deletion'; readonly table: string }
  | { readonly kind: 'back-up'; readonly table: string }
  /** Anything else that changes a table. */
  | { readonly kind: 'change'; readonly table: string; readonly operation: string };

export interface Throughput {
  readonly index?: string;
  readonly read: number;
  readonly write: number;
}

/** Told of every change: before it is performed, and how that went. */
export interface Witness {
  wanted(effect: Effect, run: Run): void;
  /** `instant`: when it took effect, epoch milliseconds. */
  done(effect: Effect, run: Run, instant: number): void;
  refused(effect: Effect, run: Run, message: string): void;
}
