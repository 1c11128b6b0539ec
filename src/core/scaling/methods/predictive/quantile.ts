/** How far one observation moves a quantile. */
const STEP = 0.01;

/**
 * Follows a quantile of a stream, never below zero. An observation above the estimate moves it up by `share` of a step,
 * and any other moves it down by the rest of a step. The estimate settles at the value that a `share` of the
 * observations are below.
 */
export function towardsQuantile(quantile: number, observed: number, share: number): number {
  return Math.max(0, quantile + STEP * (observed > quantile ? share : share - 1));
}
