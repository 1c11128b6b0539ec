import type { ActionReason } from '../../generated/plan.ts';
import type { IndexScaling } from '../../generated/settings.ts';
import type { Scaling } from '../spec.ts';
import type { Minute } from './demand.ts';
import type { Decreases } from './quota.ts';

/** All that a method without a memory knows of one table's or index's reads or writes. */
export interface MethodInput {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Complete minutes in ascending order, none from before the table's period. */
  readonly minutes: readonly Minute[];
  /** Capacity units per second provisioned now. */
  readonly provisioned: number;
  /** When capacity was last raised, epoch milliseconds. */
  readonly lastIncrease?: number;
  /** When capacity was last lowered, epoch milliseconds. */
  readonly lastDecrease?: number;
  readonly scaling: Pick<Scaling, 'targetUtilization' | 'step'>;
}

/** Capacity units per second that a method proposes, and why. Limits are applied afterwards. */
export interface Proposal {
  readonly units: number;
  /** `steady` proposes the present capacity. */
  readonly reason: ActionReason | 'steady';
  /** The end of a sentence: `12.4/s is 248% of 5`. */
  readonly message: string;
}

/** The capacity that served in the minute that started at an instant, units per second. */
export type Served = (at: number) => number;

/** What a learning method knows for a decision, besides its memory. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Capacity units per second provisioned now. */
  readonly provisioned: number;
  readonly decreases: Decreases;
  /** How much of the burst capacity may be relied on, from 0 to 1, which is the default. */
  readonly reliance?: number;
  /**
   * Whether this dimension may be lowered without waiting for a better moment, because the other one spends a decrease
   * anyway.
   */
  readonly sharesDecrease?: boolean;
  /** From 0, sample whenever there is a risk, which is the default, to 1, only if the risk is high. */
  readonly thrift?: number;
  /** The share of demand that may be throttled at most, from 0 to 1, which is the default. */
  readonly tolerable?: number;
}

export interface Decision<Memory> {
  readonly memory: Memory;
  readonly proposal: Proposal;
  /** When to read metrics again, milliseconds from now: the lower the risk, the later. */
  readonly sampleAgainMs: number;
}

/**
 * A method that learns. Its memory of one dimension of a group is plain data, folded from its minutes one by one. It
 * can be stored between runs, and never knows the future. The tables of a group are one series: each table starts at
 * the capacity of the previous one, and its method continues with the same memory.
 */
export interface Learner<Memory> {
  /** Changes with the meaning of a memory. A memory of another version is ignored. */
  readonly version: number;
  /** Before the first minute, at a capacity in units per second. */
  begin(capacity: number): Memory;
  /** After one more minute, and the capacity that served in it. */
  learn(memory: Memory, minute: Minute, capacity: number): Memory;
  /** Whether requests were probably throttled in minutes that follow, at the capacity of each, by what they consumed. */
  mayHaveThrottled(memory: Memory, minutes: readonly Minute[], served: Served): boolean;
  decide(memory: Memory, moment: Moment): Decision<Memory>;
}

/** A key of the settings' `Scaling` that only some methods use. */
export type MethodParameter = Exclude<keyof IndexScaling, 'Method' | 'Read' | 'Write'>;

/** What is known about a method besides how it decides. */
interface Described {
  /** The parameters that it uses. The settings of a table cannot have any other. */
  readonly parameters: readonly MethodParameter[];
  /**
   * After this many minutes without demand or datapoints, the method would lower capacity. Capacity then stays until it
   * is certain that datapoints are neither late nor missing.
   */
  readonly silentMinutes: number;
}

/** A method that decides by the newest minutes of one table alone. */
export interface StatelessMethod extends Described {
  readonly learns: false;
  decide(input: MethodInput): Proposal;
}

/** A method that decides by what it has learned of a group. */
export interface LearningMethod<Memory> extends Described, Learner<Memory> {
  readonly learns: true;
  /** What the method knows and weighs, one sentence each, for operators. It decides nothing. */
  explain(memory: Memory, moment: Moment): readonly string[];
}
