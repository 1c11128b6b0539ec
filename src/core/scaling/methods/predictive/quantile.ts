/** How far one observation moves a quantile. */
const STEP = 0.01;

/**
 * Follows a quantile of a stream, never below zero. An observation above it moves it up by `share` of a step, and any
 * other down by the rest of a step, so that it settles where a `share` of the observations are below it.
 */
export function towardsQuantile(quantile: number, observed: number, share: number): number {
  return Math.max(0, quantile + STEP * (observed > quantile ? share : share - 1));
}
