/** PutMetricData and ListMetrics, for the metrics of Turntable itself. */
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import { type Dimension, type MetricStore, merge, type Statistics, single } from './metrics.ts';
import type { Operation } from './region.ts';

const METRICS_PER_PAGE = 500;

interface Datum {
  MetricName?: string;
  Dimensions?: Dimension[];
  Timestamp?: number;
  Value?: number;
  Values?: number[];
  Counts?: number[];
  StatisticValues?: { Sum: number; SampleCount: number; Minimum: number; Maximum: number };
}

export function putMetricData(metrics: MetricStore, now: () => number): Operation {
  return (input) => {
    const namespace = String(input.Namespace ?? '');
    if (namespace === '' || namespace.startsWith('AWS/'))
      throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
    for (const datum of (input.MetricData ?? []) as Datum[]) {
      if (!datum.MetricName)
        throw new AwsError('MissingParameter', 'The parameter MetricData.member.MetricName is required.');
      const statistics = statisticsOf(datum);
      if (!statistics)
        throw new AwsError('MissingParameter', 'At least one of the parameters must be specified.');
      const name = { namespace, metric: datum.MetricName, dimensions: datum.Dimensions ?? [] };
      metrics.add(name, datum.Timestamp === undefined ? now() : datum.Timestamp * 1000, statistics);
    }
    return {};
  };
}

function statisticsOf({ Value, Values, Counts, StatisticValues: set }: Datum): Statistics | undefined {
  if (Value !== undefined) return single(Value);
  if (set) return { sum: set.Sum, count: set.SampleCount, minimum: set.Minimum, maximum: set.Maximum };
  return Values?.map((value, i) => ({
    ...single(value),
    sum: value * (Counts?.[i] ?? 1),
    count: Counts?.[i] ?? 1,
  })).reduce(merge);
}

export function listMetrics(metrics: MetricStore): Operation {
  return (input) => {
    const filters = (input.Dimensions ?? []) as { Name: string; Value?: string }[];
    const all: Json[] = [];
    for (const { name } of metrics.list()) {
      if (input.Namespace !== undefined && input.Namespace !== name.namespace) continue;
      if (input.MetricName !== undefined && input.MetricName !== name.metric) continue;
      if (!filters.every((filter) => name.dimensions.some((dimension) => matches(dimension, filter))))
        continue;
      all.push({ Namespace: name.namespace, MetricName: name.metric, Dimensions: name.dimensions });
    }
    const from = Number(input.NextToken ?? 0);
    const next = from + METRICS_PER_PAGE;
    return { Metrics: all.slice(from, next), ...(next < all.length && { NextToken: String(next) }) };
  };
}

const matches = (dimension: Dimension, filter: { Name: string; Value?: string }): boolean =>
  dimension.Name === filter.Name && (filter.Value === undefined || dimension.Value === filter.Value);
