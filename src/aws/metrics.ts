import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import pMap from 'p-map';
import type { MetricQuery, MetricSeries } from '../core/capacity/demand.ts';
import type { StepMs } from '../core/capacity/history.ts';
import type { MetricSource } from '../ports.ts';
import { translate } from './errors.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_PER_CALL = 500;
const POINTS_PER_CALL = 100_800;
const CONCURRENT_CALLS = 4;
const MINUTE: StepMs = 60_000;

/** Metrics of AWS/DynamoDB. `workers`: how many processes share the quotas of CloudWatch. Each call has as many queries as fit into one page of results. */
export function awsMetrics(client: CloudWatchClient, workers = 1): MetricSource {
  const concurrency = Math.max(1, Math.floor(CONCURRENT_CALLS / workers));
  return {
    async read(queries, from, to, stepMs = MINUTE) {
      const most = queriesPerCall(from, to, stepMs);
      const batches: MetricQuery[][] = [];
      for (let i = 0; i < queries.length; i += most) batches.push(queries.slice(i, i + most));
      const read = (batch: MetricQuery[]) =>
        readBatch(client, batch, from, to, stepMs).catch((error: unknown) => {
          const { message } = translate(error);
          return batch.map(() => ({ error: message }));
        });
      return (await pMap(batches, read, { concurrency })).flat();
    },
  };
}

function queriesPerCall(from: number, to: number, stepMs: StepMs): number {
  const points = Math.max(1, Math.ceil((to - from) / stepMs));
  return Math.min(QUERIES_PER_CALL, Math.max(1, Math.floor(POINTS_PER_CALL / points)));
}

async function readBatch(
  client: CloudWatchClient,
  batch: readonly MetricQuery[],
  from: number,
  to: number,
  stepMs: StepMs,
): Promise<MetricSeries[]> {
  const series = batch.map(() => new Map<number, number>());
  const statuses = new Map<number, string>();
  const incomplete = new Set<number>();
  const lacking = new Map<number, string>();
  let NextToken: string | undefined;
  do {
    const answer = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: batch.map((query, place) => queryInput(query, place, stepMs)),
        NextToken,
      }),
    );
    for (const { Id, Timestamps, Values, StatusCode } of answer.MetricDataResults ?? []) {
      const place = Number(Id?.slice(1));
      if (!Timestamps || !Values) {
        lacking.set(place, Timestamps ? 'Values' : 'Timestamps');
        continue;
      }
      Timestamps.forEach((timestamp, i) => {
        series[place]?.set(timestamp.getTime(), Values[i] ?? 0);
      });
      statuses.set(place, StatusCode ?? 'InternalError');
      // A time without a number is not a zero.
      if (!Timestamps.every((_, i) => Number.isFinite(Values[i]))) incomplete.add(place);
    }
    NextToken = answer.NextToken;
  } while (NextToken);
  return series.map((sums, place) => {
    const lack = lacking.get(place);
    if (lack !== undefined) return { error: `GetMetricData got a result without ${lack}` };
    if (incomplete.has(place)) return { error: 'CloudWatch answered with times that have no values' };
    const status = statuses.get(place) ?? 'with no result';
    return status === 'Complete' ? { sums } : { error: `CloudWatch answered ${status}` };
  });
}

function queryInput(
  { metric, table, index, statistic = 'Sum' }: MetricQuery,
  place: number,
  stepMs: StepMs,
): MetricDataQuery {
  const Dimensions = [{ Name: 'TableName', Value: table }];
  if (index !== undefined) Dimensions.push({ Name: 'GlobalSecondaryIndexName', Value: index });
  return {
    Id: `q${place}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/DynamoDB', MetricName: metric, Dimensions },
      Period: stepMs / 1000,
      Stat: statistic,
    },
    ReturnData: true,
  };
}
