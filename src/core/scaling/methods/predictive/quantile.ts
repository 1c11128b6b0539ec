/** How far a quantile moves at one observation. */
const STEP = 0.01;

/**
 * Follows a quantile of a stream, never below zero: up by `share` of a step where an observation lies above it,
 * down by the rest where it does not, so that it rests where a `share` of the observations lie below.
 */
export function towardsQuantile(quantile: number, observed: number, share: number): number {
  return Math.max(0, quantile + STEP * (observed > quantile ? share : share - 1));
}
