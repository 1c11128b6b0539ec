import type { Dimension } from '../core/capacity/demand.ts';
import {
  demandOfParts,
  historyWindow,
  METRICS_PER_PART,
  type Part,
  partQueries,
  partsOf,
  type StepMs,
  stepFor,
  stretchesOf,
} from '../core/capacity/history.ts';
import type { Spec } from '../core/spec.ts';
import type { MetricSource } from '../ports.ts';

export interface Wanted {
  readonly spec: Spec;
  /** undefined for the table itself. */
  readonly index: string | undefined;
  readonly dimension: Dimension;
  /** A whole number from 1 to `LONGEST_DAYS`. */
  readonly days: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Demand on a group across all its tables: the mean of each step since the first demand, in units per second. */
export interface History {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  /** How many tables and metrics were read. AWS charges each metric. */
  readonly tables: number;
  readonly metricReads: number;
}

/** Reads what was consumed and throttled, or returns why not. `onRead` is called before each read, with how many there are. */
export async function readHistory(
  metrics: MetricSource,
  { spec, index, dimension, days, now }: Wanted,
  onRead: (what: string, of: number) => void = () => {},
): Promise<History | { readonly error: string }> {
  const stepMs = stepFor(days);
  const window = historyWindow(days, now);
  const parts = partsOf(spec, window);
  const demand = await readDemand(metrics, { parts, index, dimension, stepMs }, onRead);
  if ('error' in demand) return demand;
  const start = Math.min(window.to, firstOf(demand));
  const values = Float64Array.from(
    { length: (window.to - start) / stepMs },
    (_, i) => demand.get(start + i * stepMs) ?? 0,
  );
  return { start, stepMs, values, tables: parts.length, metricReads: METRICS_PER_PART * parts.length };
}

/** The demand of each step, in units per second, of the table that was current in it. */
export async function readDemand(
  metrics: MetricSource,
  {
    parts,
    index,
    dimension,
    stepMs,
  }: Pick<Wanted, 'index' | 'dimension'> & { readonly parts: readonly Part[]; readonly stepMs: StepMs },
  onRead: (what: string, of: number) => void = () => {},
): Promise<ReadonlyMap<number, number> | { readonly error: string }> {
  const stretches = stretchesOf(parts, stepMs);
  const demand = new Map<number, number>();
  for (const stretch of stretches) {
    onRead(stretch[0]!.table, stretches.length);
    const queries = partQueries(stretch, index, dimension);
    const series = await metrics.read(queries, stretch[0]!.from, stretch.at(-1)!.to, stepMs);
    const read = demandOfParts(stretch, series, stepMs);
    if ('error' in read) return read;
    for (const [at, units] of read) demand.set(at, units);
  }
  return demand;
}

const firstOf = (demand: ReadonlyMap<number, number>): number =>
  [...demand.keys()].reduce((first, at) => Math.min(first, at), Infinity);
