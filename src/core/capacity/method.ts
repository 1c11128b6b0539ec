import type { ActionReason } from '../../generated/plan.ts';
import type { Scaling } from '../spec.ts';
import type { Minute } from './demand.ts';
import type { Decreases } from './quota.ts';

/** All that a method may know of one table's or index's reads or writes. */
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

/** Capacity units per second that a method would have, and why. Limits come after. */
export interface Proposal {
  readonly units: number;
  /** `steady`: the capacity stays. It never becomes the reason of an action. */
  readonly reason: ActionReason | 'steady';
  /** The end of a sentence: `12.4/s is 248 % of 5`. */
  readonly message: string;
}

/** A pure function from samples to a proposal. */
export type Method = (input: MethodInput) => Proposal;

/** What a decision knows beyond what was learned. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Capacity units per second provisioned now. */
  readonly provisioned: number;
  readonly decreases: Decreases;
  /** How much of the burst capacity may be relied on, from 0 to 1, which is the default. */
  readonly reliance?: number;
  /** A decrease is spent by the other dimension anyway, so this one may lower without waiting for a better moment. */
  readonly alongside?: boolean;
}

export interface Decision<Memory> {
  readonly memory: Memory;
  readonly proposal: Proposal;
  /** How soon to read metrics again, milliseconds: rarely where nothing is at risk. */
  readonly sampleAgainMs: number;
}

/**
 * A method that learns. What it knows of one dimension of a group is plain data, folded from its minutes one by
 * one, so that it can be kept between runs and never knows more than has happened. The tables of a rotated group
 * are one series: a table takes over at the capacity of the one before, and what is learned goes on.
 */
export interface Learner<Memory> {
  /** Changes with what a memory means: one of another version is forgotten. */
  readonly version: number;
  /** Before the first minute, at a capacity in units per second. */
  begin(capacity: number): Memory;
  /** After one more minute, and the capacity that served in it. */
  learn(memory: Memory, minute: Minute, capacity: number): Memory;
  decide(memory: Memory, moment: Moment): Decision<Memory>;
}
