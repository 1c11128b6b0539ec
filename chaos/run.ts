import type { AppliedRetention } from '../src/core/facts.ts';
import type { Job } from '../src/core/plan.ts';
import type { Config } from '../src/core/spec.ts';
import type { Summary } from '../src/jobs/run.ts';
import type { FaultSchedule } from './faults.ts';

/** The process dies at one of its calls, before or after the call takes effect. */
export interface Crash {
  /** The number of the call, from 1. */
  readonly atCall?: number;
  /** The number of the call among those that change something, from 1. Only for a run in a process of its own. */
  readonly atChange?: number;
  readonly performed: boolean;
}

/** One invocation of a job, and its outcome. */
export interface Run {
  readonly id: string;
  readonly job: Job;
  /** The configuration at its start. */
  readonly config: Config;
  /** The time of the event, in epoch milliseconds. */
  readonly eventTime: number;
  /** How far its wall clock is ahead, in milliseconds. */
  readonly skewMs: number;
  readonly faults: FaultSchedule;
  readonly crash?: Crash;
  /** An operator runs `turntable apply --at` for `eventTime`. There is no event. */
  readonly byOperator?: true;
  /** The health page of the service fails during this run. */
  readonly unhealthy?: true;
  readonly began: number;
  /** How many calls it has sent. */
  calls: number;
  /** How long it has slept in its own process, in virtual milliseconds. Time does not pass elsewhere meanwhile. */
  sleptMs: number;
  outcome?: Outcome;
}

export type Outcome =
  | { readonly kind: 'summary'; readonly summary: Summary }
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'crashed' };

/** A change that a run requests. It has the same form for calls of the simulator's ports and for operations of AWS. */
export type Effect =
  | {
      readonly kind: 'create';
      readonly table: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly throughput: readonly Throughput[];
      /** Whether it has deletion protection. */
      readonly protected: boolean;
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
  | { readonly kind: 'archive'; readonly table: string }
  /** A retention of a group that takes effect, or the announcement of one. It concerns no single table. */
  | {
      readonly kind: 'record-retention';
      readonly table: '';
      readonly group: string;
      readonly retention: AppliedRetention;
    }
  | { readonly kind: 'notice'; readonly table: ''; readonly message: string }
  /** Entries of the history. `deleted`: the tables whose deletion they tell. */
  | { readonly kind: 'history'; readonly table: ''; readonly deleted: readonly string[] }
  /** Any other change of a table. */
  | { readonly kind: 'change'; readonly table: string; readonly operation: string };

export interface Throughput {
  readonly index?: string;
  readonly read: number;
  readonly write: number;
}

/** Receives every change before it is performed, and its result. */
export interface Observer {
  requested(effect: Effect, run: Run): void;
  /** `instant` is the time at which the change took effect, in epoch milliseconds. */
  done(effect: Effect, run: Run, instant: number): void;
  rejected(effect: Effect, run: Run, message: string): void;
}
