/** Demand from CloudWatch's metrics. Rates are units or events per second, times epoch milliseconds. */
import { sayInstant } from '../calendar/instant.ts';
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

/** Demand on one table or index: complete minutes in ascending order; undefined if it could not be read. */
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
  /** What the points of a step are reduced to. Default: their sum. */
  readonly statistic?: 'Sum' | 'Maximum';
}

/** A key that identifies a metric. */
export const metricKey = ({ metric, table, index = '' }: MetricQuery): string =>
  `${metric} ${table} ${index}`;

/** Whole minutes in [from, to), epoch milliseconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A metric in a window; undefined until it is read. */
export type Source = (query: MetricQuery, window: Window) => MetricSeries | undefined;

/** Sums, or the query's other statistic, by the start of their minute or longer step; or why they could not be read. */
export type MetricSeries = { readonly sums: ReadonlyMap<number, number> } | { readonly error: string };

/**
 * Metrics of AWS/DynamoDB. `hotPartition` counts the throttled requests that exceeded the limit of one partition:
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

/** `writes`, `index byUser reads`: the name of a dimension in messages. */
export const sayDimension = (dimension: Dimension, index: string | undefined): string =>
  index === undefined ? `${dimension}s` : `index ${index} ${dimension}s`;

/** `Scaling.Indexes.byUser.Write.Max`: the setting that is the maximum of a dimension. */
export const maxSetting = (dimension: Dimension, index: string | undefined): string =>
  [
    'Scaling',
    ...(index === undefined ? [] : ['Indexes', index]),
    dimension === 'read' ? 'Read' : 'Write',
    'Max',
  ].join('.');

export function queryFor(
  table: string,
  index: string | undefined,
  dimension: Dimension,
  of: keyof (typeof metricsOf)['read'],
): MetricQuery {
  return { metric: metricsOf[dimension][of], table, ...ofIndex(index) };
}

/**
 * Provisioned capacity, which DynamoDB publishes about every five minutes while a table is provisioned:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export function provisionedQuery(
  table: string,
  index: string | undefined,
  dimension: Dimension,
): MetricQuery {
  const metric = `Provisioned${dimension === 'read' ? 'Read' : 'Write'}CapacityUnits`;
  return { metric, table, ...ofIndex(index), statistic: 'Maximum' };
}

export const QUERIES_PER_RESOURCE = 4;

/** The four queries of one table or index, in the order in which `demandFrom` expects their series. */
export function queriesFor(table: string, index?: string): MetricQuery[] {
  return dimensions.flatMap((dimension) =>
    (['consumed', 'throttled'] as const).map((of) => queryFor(table, index, dimension, of)),
  );
}

/**
 * Demand from series. A minute without a datapoint counts as zero, because DynamoDB publishes none for an idle minute. If a
 * series could not be read, its dimension is unknown.
 */
export function demandFrom(
  series: readonly MetricSeries[],
  from: number,
  to: number,
  index?: string,
  minutes: typeof minutesFrom = minutesFrom,
): ResourceDemand {
  const failure = series.find((each) => 'error' in each);
  const minutesOf = (consumed?: MetricSeries, throttled?: MetricSeries): Minute[] | undefined =>
    consumed && throttled && 'sums' in consumed && 'sums' in throttled
      ? minutes(consumed.sums, throttled.sums, from, to)
      : undefined;
  const read = minutesOf(series[0], series[1]);
  const write = minutesOf(series[2], series[3]);
  return {
    ...ofIndex(index),
    ...(read && { read }),
    ...(write && { write }),
    ...(failure && { error: failure.error }),
  };
}

/** Demand on a table or index in a window; undefined until all of it is read. */
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

/** Minutes in [from, to) from one-minute sums. A minute without a datapoint counts as zero. */
export function minutesFrom(
  consumed: ReadonlyMap<number, number>,
  throttled: ReadonlyMap<number, number>,
  from: number,
  to: number,
): Minute[] {
  const minutes: Minute[] = [];
  for (let at = from; at < to; at += MINUTE_MS) minutes.push(minuteAt(consumed, throttled, at));
  return minutes;
}

/** More units or requests per second than any table serves. */
const ABSURD = 1e9;

/** Whether a number of units or requests per second is possible. An invalid value is no evidence of idleness. */
export const isPossible = (rate: number): boolean => rate >= 0 && rate <= ABSURD;

/**
 * A series, or an error if a value in the last hour of its window is invalid, so that its dimension counts as unknown.
 * Older invalid values are ignored: otherwise, one of them would keep demand unknown for days.
 */
export function soundSeries(series: MetricSeries, { to }: Window): MetricSeries {
  if ('error' in series) return series;
  const invalid = [...series.sums].filter(([, sum]) => !isPossible(sum / 60));
  if (invalid.length === 0) return series;
  const recent = invalid.find(([at]) => at >= to - LOOKBACK_MINUTES * MINUTE_MS);
  if (recent)
    return { error: `CloudWatch returned the invalid value ${recent[1]} at ${sayInstant(recent[0])}` };
  const times = new Set(invalid.map(([at]) => at));
  return { sums: new Map([...series.sums].filter(([at]) => !times.has(at))) };
}

/** The same minutes, without those that have no datapoint: few of the many minutes in which a table was idle. */
export function minutesWithData(
  consumed: ReadonlyMap<number, number>,
  throttled: ReadonlyMap<number, number>,
  from: number,
  to: number,
): Minute[] {
  return [...new Set([...consumed.keys(), ...throttled.keys()])]
    .filter((at) => at >= from && at < to)
    .sort((a, b) => a - b)
    .map((at) => minuteAt(consumed, throttled, at));
}

function minuteAt(
  consumed: ReadonlyMap<number, number>,
  throttled: ReadonlyMap<number, number>,
  at: number,
): Minute {
  return { at, consumed: (consumed.get(at) ?? 0) / 60, throttled: (throttled.get(at) ?? 0) / 60 };
}

/** If a datapoint is still missing this long after its minute, it is not late: nothing was consumed. */
export const LATE_MS = 3 * MINUTE_MS;
/** Minutes of history that a decision reads. GetMetricData is priced by the metric, whatever the number of points. */
export const LOOKBACK_MINUTES = 60;
/** Capacity is lowered only after this many quiet minutes in a row. */
export const QUIET_MINUTES = 15;

/** The newest point is partial, and points still change for a while. So a minute counts a minute after its end. */
export function demandWindow(now: number): Window {
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  return { from: to - LOOKBACK_MINUTES * MINUTE_MS, to };
}
