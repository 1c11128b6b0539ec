import type { Proposal } from '../../capacity/method.ts';
import { nothing, type Outcome } from '../../outcome.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';

/** The decision for the reads or the writes of a table or of an index. */
export interface DimensionDecision {
  readonly dimension: DimensionContext;
  /** The capacity to set, within the limits; undefined if nothing was decided. */
  readonly target?: Proposal;
  /** Whether requests were throttled in the newest minutes, also by a hot partition. */
  readonly throttled?: boolean;
  /** Requests per second that DynamoDB refused in the newest minutes. Default: none. */
  readonly refused?: number;
  /** Holds, needs, and what was learned. */
  readonly outcome: Outcome;
}

export const undecided = (dimension: DimensionContext, outcome = nothing): DimensionDecision => ({
  dimension,
  outcome,
});
