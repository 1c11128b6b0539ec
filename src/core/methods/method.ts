import type { Minute } from '../demand.ts';
import type { Reason } from '../plan.ts';

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
  /** Percent of the provisioned capacity that should be in use. */
  readonly targetUtilization: number;
}

/** Capacity units per second that a method would have, and why. Limits come after. */
export interface Proposal {
  readonly units: number;
  readonly reason: Reason;
  /** The end of a sentence: `12.4/s is 248 % of 5`. */
  readonly message: string;
}

/** A pure function from samples to a proposal. */
export type Method = (input: MethodInput) => Proposal;
