/** Demand as CloudWatch tells it. Rates are units or events per second, times epoch milliseconds. */
import { MINUTE_MS } from '../calendar/period.ts';
import { ofIndex } from '../spec.ts';

export interface Minute {
  /** Start of the minute. */
  readonly at: number;
  /** Capacity units consumed per second. */
  readonly consumed: number;
  /** Requests throttled per second. */
  readonly throttled: number;
}

export type Dimension = 'read' | 'write';

/** Demand on one table or index: complete minutes in ascending order; undefined where it could not be read. */
export interface ResourceDemand {
  readonly index?: string;
  readonly read?: readonly Minute[];
  readonly write?: readonly Minute[];
  /** Why something could not be read. */
  readonly error?: string;
}

/** Demand on a table and on its global indexes. */
export type Demand = readonly ResourceDemand[];

export interface MetricQuery {
  readonly metric: string;
  readonly table: string;
  readonly index?: string;
}

/** What tells a metric from all others. */
export const metricKey = ({ metric, table, index = '' }: MetricQuery): string =>
  `${metric} ${table} ${index}`;

/** Whole minutes in [from, to), epoch milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What is known of a metric in a window; undefined where nobody has asked yet. */
export type Source = (query: MetricQuery, window: Window) => MetricSeries | undefined;

/** Sums by the start of their minute, or of the longer step that was asked for, or why they could not be read. */
export type MetricSeries = { readonly sums: ReadonlyMap<number, number> } | { readonly error: string };

/**
 * Metrics of AWS/DynamoDB; `hotPartition` counts those of the throttled that are one partition's:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const metricsOf = {
  read: {
    consumed: 'ConsumedReadCapacityUnits',
    throttled: 'ReadThrottleEvents',
    hotPartition: 'ReadKeyRangeThroughputThrottleEvents',
  },
  write: {
    consumed: 'ConsumedWriteCapacityUnits',
    throttled: 'WriteThrottleEvents',
    hotPartition: 'WriteKeyRangeThroughputThrottleEvents',
  },
} as const;

export const dimensions: readonly Dimension[] = ['read', 'write'];

/** `writes`, `index byUser reads`: what sentences call a dimension of a table or index. */
export const sayDimension = (dimension: Dimension, index: string | undefined): string =>
  index === undefined ? `${dimension}s` : `index ${index} ${dimension}s`;

export function queryFor(
  table: string,
  index: string | undefined,
  dimension: Dimension,
  of: keyof (typeof metricsOf)['read'],
): MetricQuery {
  return { metric: metricsOf[dimension][of], table, ...ofIndex(index) };
}

export const QUERIES_A_RESOURCE = 4;

/** The four queries of one table or index, in the order `demandFrom` takes their series. */
export function queriesFor(table: string, index?: string): MetricQuery[] {
  return dimensions.flatMap((dimension) =>
    (['consumed', 'throttled'] as const).map((of) => queryFor(table, index, dimension, of)),
  );
}

/**
 * An idle minute has no datapoint, and a throttle metric exists only in minutes with throttles: absent is
 * zero. A series that could not be read is unknown, and so is its dimension.
 */
export function demandFrom(
  series: readonly MetricSeries[],
  from: number,
  to: number,
  index?: string,
): ResourceDemand {
  const failure = series.find((each) => 'error' in each);
  const read = minutesOf(series[0], series[1], from, to);
  const write = minutesOf(series[2], series[3], from, to);
  return {
    ...ofIndex(index),
    ...(read && { read }),
    ...(write && { write }),
    ...(failure && { error: failure.error }),
  };
}

/** Demand on a table or index in a window; undefined as long as anything of it has yet to be read. */
export function demandOn(
  source: Source,
  table: string,
  index: string | undefined,
  window: Window,
): ResourceDemand | undefined {
  const series = queriesFor(table, index).map((query) => source(query, window));
  const known = series.filter((one) => one !== undefined);
  return known.length < series.length ? undefined : demandFrom(known, window.from, window.to, index);
}

function minutesOf(
  consumed: MetricSeries | undefined,
  throttled: MetricSeries | undefined,
  from: number,
  to: number,
): Minute[] | undefined {
  if (!consumed || !throttled || 'error' in consumed || 'error' in throttled) return undefined;
  return minutesFrom(consumed.sums, throttled.sums, from, to);
}

/** Minutes in [from, to) from one-minute sums; one without a datapoint had none. */
export function minutesFrom(
  consumed: ReadonlyMap<number, number>,
  throttled: ReadonlyMap<number, number>,
  from: number,
  to: number,
): Minute[] {
  const rate = (sums: ReadonlyMap<number, number>, at: number): number => (sums.get(at) ?? 0) / 60;
  const minutes: Minute[] = [];
  for (let at = from; at < to; at += MINUTE_MS)
    minutes.push({ at, consumed: rate(consumed, at), throttled: rate(throttled, at) });
  return minutes;
}

/** A datapoint that is missing so long after its minute is none that is late: nothing was consumed. */
export const LATE_MS = 3 * MINUTE_MS;
/** Minutes of history that a decision looks at. GetMetricData is priced by the metric, however many points. */
export const LOOKBACK_MINUTES = 60;
/** A decrease needs so many quiet minutes in a row. */
export const QUIET_MINUTES = 15;

/** The newest point is partial and points still change for a while: a minute has to be over for a minute. */
export function demandWindow(now: number): Window {
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  return { from: to - LOOKBACK_MINUTES * MINUTE_MS, to };
}
