/** GetMetricData. */

import { MINUTE_MS } from '../core/calendar/period.ts';
import type { Json } from './engine.ts';
import { AwsError } from './failure.ts';
import { type Point, points, STATISTICS } from './metric-data.ts';
import type { Dimension, MetricStore } from './metrics.ts';
import type { Operation } from './region.ts';
import type { ServedCapacity } from './served-capacity.ts';
import { seconds } from './wire.ts';

/** The limits of GetMetricData (CloudWatch API reference). */
const MAX_QUERIES = 500;
const MAX_POINTS = 100_800;

interface Query {
  Id?: string;
  Label?: string;
  ReturnData?: boolean;
  Expression?: string;
  MetricStat?: { Metric?: Metric; Period?: number; Stat?: string };
}

interface Metric {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: Dimension[];
}

export interface CloudWatchOptions {
  readonly metrics: MetricStore;
  readonly served: ServedCapacity;
  readonly now: () => number;
  /** A minute can be read this many milliseconds after it starts. */
  readonly metricDelayMs: number;
}

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

export function getMetricData(options: CloudWatchOptions): Operation {
  return (input) => {
    const queries = (input.MetricDataQueries ?? []) as Query[];
    const range = { start: Number(input.StartTime) * 1000, end: Number(input.EndTime) * 1000 };
    check(queries, range, input);
    // The token contains the time of the first page, so that later pages do not shift.
    const { asOf, skip } = resume(input.NextToken, options.now());
    const seen = { newestMinute: asOf - options.metricDelayMs, now: asOf };
    const wanted = queries.filter((query) => query.ReturnData !== false);
    const all = wanted.map((query) => read(options, query, range, seen));
    if (input.ScanBy !== 'TimestampAscending') for (const series of all) series.reverse();
    const limit = (input.MaxDatapoints as number | undefined) ?? MAX_POINTS;
    const results = page(wanted, all, skip, limit);
    const total = all.reduce((sum, series) => sum + series.length, 0);
    const more = skip + limit < total;
    return {
      MetricDataResults: results,
      Messages: [],
      ...(more && { NextToken: `${asOf}:${skip + limit}` }),
    };
  };
}

function read(
  { metrics, served }: CloudWatchOptions,
  { MetricStat: stat }: Query,
  range: { start: number; end: number },
  seen: { newestMinute: number; now: number },
): Point[] {
  const name = {
    namespace: stat?.Metric?.Namespace ?? '',
    metric: stat?.Metric?.MetricName ?? '',
    dimensions: stat?.Metric?.Dimensions ?? [],
  };
  const dimension = (of: string) => name.dimensions.find(({ Name }) => Name === of)?.Value;
  const [table, index] = [dimension('TableName') ?? '', dimension('GlobalSecondaryIndexName')];
  const series =
    metrics.find(name) ??
    served.series(name.metric, table, index, range.start, Math.min(range.end, seen.now));
  const statistic = STATISTICS[stat?.Stat ?? ''];
  if (!statistic) return [];
  return points(series, { ...range, periodMs: (stat?.Period ?? 60) * 1000 }, statistic, seen);
}

/** Points [skip, skip + limit) of all series in turn, without the series that ended on earlier pages. */
function page(queries: readonly Query[], all: readonly Point[][], skip: number, limit: number): Json[] {
  let offset = 0;
  return queries.flatMap((query, i) => {
    const series = all[i] ?? [];
    const from = Math.max(0, skip - offset);
    const to = Math.max(0, Math.min(series.length, skip + limit - offset));
    offset += series.length;
    const finishedBefore = skip > 0 && from >= series.length;
    if (finishedBefore) return [];
    const points = series.slice(from, to);
    return {
      Id: query.Id,
      Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
      Timestamps: points.map(({ at }) => seconds(at)),
      Values: points.map(({ value }) => value),
      StatusCode: to < series.length ? 'PartialData' : 'Complete',
    };
  });
}

function resume(token: unknown, now: number): { asOf: number; skip: number } {
  if (token === undefined || token === null) return { asOf: now, skip: 0 };
  const match = /^(-?[\d.]+):(\d+)$/.exec(String(token));
  if (!match) throw new AwsError('InvalidNextToken', 'The service could not process the next token.');
  return { asOf: Number(match[1]), skip: Number(match[2]) };
}

function check(queries: readonly Query[], range: { start: number; end: number }, input: Json): void {
  if (queries.length === 0) throw invalid('The parameter MetricDataQueries is required.');
  if (queries.length > MAX_QUERIES)
    throw invalid(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
  if (!Number.isFinite(range.start)) throw invalid('The parameter StartTime is required.');
  if (!Number.isFinite(range.end)) throw invalid('The parameter EndTime is required.');
  if (range.start >= range.end)
    throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const limit = Number(input.MaxDatapoints ?? MAX_POINTS);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_POINTS)
    throw invalid(`The parameter MaxDatapoints must be between 1 and ${MAX_POINTS}.`);
  const ids = new Set<string>();
  for (const query of queries) {
    const id = checkQuery(query);
    if (ids.has(id)) throw invalid(`The values for parameter id in MetricDataQueries are not unique: ${id}.`);
    ids.add(id);
  }
}

function checkQuery({ Id: id = '', Expression: expression, MetricStat: stat }: Query): string {
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id))
    throw invalid(
      `The value ${id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  if (expression !== undefined || !stat)
    throw invalid(`The embedded AWS supports only MetricStat, not expressions: ${id}.`);
  if (!stat.Metric?.Namespace || !stat.Metric.MetricName)
    throw invalid(
      `The parameter MetricDataQueries.member.MetricStat.Metric of ${id} needs Namespace and MetricName.`,
    );
  if (!stat.Period || (stat.Period * 1000) % MINUTE_MS !== 0)
    throw invalid(
      `The embedded AWS stores one-minute points, so the Period of ${id} must be a multiple of 60.`,
    );
  if (!STATISTICS[stat.Stat ?? ''])
    throw invalid(`The value ${stat.Stat} for parameter Stat of ${id} is not supported.`);
  return id;
}
