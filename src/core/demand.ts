/** Demand as CloudWatch tells it. Rates are units or events per second, times epoch milliseconds. */

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
}

/** Demand on a table and on its global indexes. */
export type Demand = readonly ResourceDemand[];

export interface MetricQuery {
  readonly metric: string;
  readonly table: string;
  readonly index?: string;
}

/** One-minute sums by the start of the minute; undefined where they could not be read. */
export type MetricSeries = ReadonlyMap<number, number> | undefined;

/** Metrics of AWS/DynamoDB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
const metricsOf = {
  read: { consumed: 'ConsumedReadCapacityUnits', throttled: 'ReadThrottleEvents' },
  write: { consumed: 'ConsumedWriteCapacityUnits', throttled: 'WriteThrottleEvents' },
} as const;

const dimensions: readonly Dimension[] = ['read', 'write'];

export const QUERIES_A_RESOURCE = 4;

/** The four queries of one table or index, in the order `demandFrom` takes their series. */
export function queriesFor(table: string, index?: string): MetricQuery[] {
  return dimensions.flatMap((dimension) =>
    (['consumed', 'throttled'] as const).map((of) => ({
      metric: metricsOf[dimension][of],
      table,
      ...(index === undefined ? {} : { index }),
    })),
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
  const minutesOf = (consumed: MetricSeries, throttled: MetricSeries): Minute[] | undefined => {
    if (!consumed || !throttled) return undefined;
    const minutes: Minute[] = [];
    for (let at = from; at < to; at += 60_000) {
      minutes.push({ at, consumed: (consumed.get(at) ?? 0) / 60, throttled: (throttled.get(at) ?? 0) / 60 });
    }
    return minutes;
  };
  const read = minutesOf(series[0], series[1]);
  const write = minutesOf(series[2], series[3]);
  return { ...(index === undefined ? {} : { index }), ...(read && { read }), ...(write && { write }) };
}

/** Minutes of history that a decision looks at. */
export const LOOKBACK_MINUTES = 20;

/** The newest point is partial and points still change for a while: a minute has to be over for a minute. */
export function demandWindow(now: number): { from: number; to: number } {
  const to = Math.floor(now / 60_000) * 60_000 - 60_000;
  return { from: to - LOOKBACK_MINUTES * 60_000, to };
}
