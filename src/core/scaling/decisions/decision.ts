import type { Proposal } from '../../capacity/method.ts';
import { nothing, type Outcome } from '../../outcome.ts';
import type { DimensionContext } from '../sampling/dimension-context.ts';

/** What was decided for the reads or the writes of a table or of an index. */
export interface DimensionDecision {
  readonly dimension: DimensionContext;
  /** What capacity should be, within the limits; undefined if it was not decided on. */
  readonly target?: Proposal;
  /** Holds, needs, and what was learned. */
  readonly outcome: Outcome;
}

export const undecided = (dimension: DimensionContext, outcome = nothing): DimensionDecision => ({
  dimension,
  outcome,
});
