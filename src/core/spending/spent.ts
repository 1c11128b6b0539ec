/** What the throughput of tables has cost, by their metrics. */
import { HOUR_MS, MINUTE_MS } from '../calendar/period.ts';
import { type MetricQuery, type MetricSeries, provisionedQuery, queryFor } from '../capacity/demand.ts';
import type { StepMs } from '../capacity/history.ts';
import type { Prices } from '../prices.ts';
import { type Subject, stepsOf, subjectsOf, UNKNOWN } from '../report/series.ts';
import type { Spec, Units } from '../spec.ts';
import type { Life } from './lives.ts';

export interface SpentWindow {
  readonly from: number;
  readonly to: number;
  readonly stepMs: StepMs;
}

/** USD of throughput in a window. */
export interface Spent {
  /** As the tables were billed. */
  readonly measured: number;
  /** The part of it for times in which no replay has the table. */
  readonly beside: number;
  /** The same consumption at the price of on-demand. */
  readonly onDemand: number;
  /** The start of the first step with any data, epoch milliseconds; Infinity without any. */
  readonly since: number;
}

/** What one table has cost. */
export interface TableSpent extends Spent {
  /** Units that it and its indexes consumed per second in the last hour of the window. */
  readonly lastHour: Units;
}

export const nothingSpent: Spent = { measured: 0, beside: 0, onDemand: 0, since: Infinity };

export const addSpent = (one: Spent, other: Spent): Spent => ({
  measured: one.measured + other.measured,
  beside: one.beside + other.beside,
  onDemand: one.onDemand + other.onDemand,
  since: Math.min(one.since, other.since),
});

/** Consumed and provisioned, of each subject of the table. */
export const SPENT_METRICS = 2;

export const spentQueries = (spec: Spec, { table }: Life): MetricQuery[] =>
  subjectsOf(spec).flatMap(({ index, dimension }) => [
    queryFor(table, index, dimension, 'consumed'),
    provisionedQuery(table, index, dimension),
  ]);

const NO_THROTTLES: MetricSeries = { sums: new Map() };

/** What a table has cost, from the series of `spentQueries`; or why they could not be read. */
export function spentOn(
  spec: Spec,
  life: Life,
  series: readonly MetricSeries[],
  window: SpentWindow,
  prices: Prices,
): TableSpent | { readonly error: string } {
  let spent = nothingSpent;
  const lastHour = { read: 0, write: 0 };
  for (const [i, subject] of subjectsOf(spec).entries()) {
    const [consumed, provisioned] = series.slice(i * SPENT_METRICS, (i + 1) * SPENT_METRICS);
    if (!consumed || !provisioned) return { error: 'no answer' };
    const steps = stepsOf([alignedTo(window, life)], [[consumed, NO_THROTTLES, provisioned]], 0, window);
    if ('error' in steps) return steps;
    endCapacity(steps.capacity, provisioned, window);
    const since = Math.min(firstOf(consumed), firstOf(provisioned));
    const copies = subject.dimension === 'write' ? 1 + spec.replicas.length : 1;
    spent = addSpent(spent, { ...priced(steps, subject, life, window, prices, copies), since });
    lastHour[subject.dimension] += meanOf(steps.consumed.subarray(-HOUR_MS / window.stepMs));
  }
  return { ...spent, lastHour };
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const alignedTo = ({ from, stepMs }: SpentWindow, life: Life): Life => ({
  ...life,
  from: from + Math.floor((life.from - from) / stepMs) * stepMs,
});

/** The newest points may be missing. Otherwise, a table without further points was deleted, or is on-demand since. */
const LATE_MS = 15 * MINUTE_MS;

function endCapacity(capacity: Float64Array, provisioned: MetricSeries, window: SpentWindow): void {
  const { from, to, stepMs } = window;
  const last = lastOf(provisioned);
  if (last < to - LATE_MS) capacity.fill(UNKNOWN, Math.max(0, (last - from) / stepMs + 1));
}

const lastOf = (series: MetricSeries): number =>
  'sums' in series ? [...series.sums.keys()].reduce((a, b) => Math.max(a, b), -Infinity) : -Infinity;

const firstOf = (series: MetricSeries): number =>
  'sums' in series ? [...series.sums.keys()].reduce((a, b) => Math.min(a, b), Infinity) : Infinity;

/**
 * Provisioned capacity is paid by the hour, and consumption without it by the unit. `copies`: how often AWS bills a unit, because
 * every replica of the spec writes it too.
 */
function priced(
  { consumed, capacity }: { readonly consumed: Float64Array; readonly capacity: Float64Array },
  { dimension }: Subject,
  { replayed, tableClass }: Life,
  { from, stepMs }: SpentWindow,
  { unitHour, onDemandMillion, throughputFactor }: Prices,
  copies: number,
): Omit<Spent, 'since'> {
  const factor = throughputFactor[tableClass];
  const perUnit = (unitHour[dimension] * factor * stepMs) / HOUR_MS;
  const perRequest = (onDemandMillion[dimension] * factor * stepMs) / 1e9;
  const spent = { measured: 0, beside: 0, onDemand: 0 };
  for (let step = 0; step < consumed.length; step += 1) {
    const requested = consumed[step]! * perRequest * copies;
    const usd = capacity[step] === UNKNOWN ? requested : capacity[step]! * perUnit;
    const at = from + step * stepMs;
    spent.onDemand += requested;
    spent.measured += usd;
    if (at < replayed.from || at >= replayed.to) spent.beside += usd;
  }
  return spent;
}
