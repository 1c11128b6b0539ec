import { askMetric } from '../ask.ts';
import { stateTableName } from '../calendar/naming.ts';
import { HOUR_MS } from '../calendar/period.ts';
import { queryFor, type Window } from '../capacity/demand.ts';
import type { Observed } from '../observed.ts';
import type { Answer } from '../outcome.ts';

/**
 * Since when CloudWatch has delivered no metrics, epoch milliseconds; undefined if it delivers, so that a table without
 * datapoints was not used. The state table shows it, because every run writes to it, and the run that scheduled the
 * deletion did so when `window` starts. Zeros and invalid values prove nothing.
 */
export function missingSince(
  observed: Observed,
  environment: string,
  window: Window,
): Answer<number | undefined> {
  const query = queryFor(stateTableName(environment), undefined, 'write', 'consumed');
  const series = askMetric(observed, query, window);
  if ('pending' in series) return series;
  const written: number[] = [];
  for (const [at, sum] of 'sums' in series.value ? series.value.sums : [])
    if (at >= window.from && at < window.to && sum > 0) written.push(at);
  written.sort((a, b) => a - b);
  const newest = written.at(-1);
  if (newest === undefined) return { value: window.from };
  return { value: window.to - newest > longestSilence(written) ? newest : undefined };
}

/**
 * How long the state table can have no datapoints although CloudWatch delivers them: twice as long as before. Runs in
 * one or two hours do not show how often jobs run.
 */
function longestSilence(written: readonly number[]): number {
  const hours = [...new Set(written.map((at) => Math.floor(at / HOUR_MS)))];
  if (hours.length < 3) return Infinity;
  const pauses = hours.slice(1).map((hour, i) => hour - hours[i]!);
  return 2 * HOUR_MS * (1 + pauses.reduce((longest, pause) => Math.max(longest, pause), 0));
}
