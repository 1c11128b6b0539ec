/** Demand as files of other tools show it, in the shapes that their documentation describes. */
export interface Samples {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly stepMs: number;
  /** Units per second. undefined: the file has no value. */
  readonly values: readonly (number | undefined)[];
}

interface Sample {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly value: number;
}

const samplesOf = ({ start, stepMs, values }: Samples): Sample[] =>
  values.flatMap((value, i) => (value === undefined ? [] : [{ at: start + i * stepMs, value }]));

/** As the AWS CLI writes times. */
const cliTime = (at: number): string => new Date(at).toISOString().replace('.000Z', '+00:00');

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html, newest first as by default */
export function metricData(samples: Samples, Label = 'ConsumedWriteCapacityUnits') {
  const newestFirst = samplesOf(samples).reverse();
  return {
    MetricDataResults: [
      {
        Id: 'm1',
        Label,
        Timestamps: newestFirst.map(({ at }) => cliTime(at)),
        Values: newestFirst.map(({ value }) => (value * samples.stepMs) / 1000),
        StatusCode: 'Complete',
      },
    ],
    Messages: [],
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html, in no order */
export function metricStatistics(samples: Samples, Label = 'ConsumedWriteCapacityUnits') {
  const all = samplesOf(samples);
  const mixed = [...all.filter((_, i) => i % 2), ...all.filter((_, i) => i % 2 === 0)];
  return {
    Label,
    Datapoints: mixed.map(({ at, value }) => ({
      Timestamp: cliTime(at),
      Sum: (value * samples.stepMs) / 1000,
      Unit: 'Count',
    })),
  };
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries: values are text, a missing one is NaN */
export function rangeQuery(
  { start, stepMs, values }: Samples,
  metric: Record<string, string> = { job: 'app' },
) {
  const pairs = values.map((value, i) => [(start + i * stepMs) / 1000, String(value ?? Number.NaN)]);
  return { status: 'success', data: { resultType: 'matrix', result: [{ metric, values: pairs }] } };
}

/** Panel inspector, "Series joined by time", formatted data off. */
export function grafanaCsv({ start, stepMs, values }: Samples, label = 'writes'): string {
  const rows = values.map((value, i) => `${start + i * stepMs},${value ?? ''}`);
  return [`"Time","${label.replaceAll('"', '""')}"`, ...rows, ''].join('\r\n');
}
