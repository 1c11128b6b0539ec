import { groupedBy } from '../core/grouped.ts';
import type { Problems, RecordedPoint, RecordedSeries, Recording } from './series.ts';
import { instantOf, isAmount, isObject, written } from './values.ts';

/** An answer and its place in the file: empty, or `[1]` in a list of answers. */
export interface Answer {
  readonly value: Readonly<Record<string, unknown>>;
  readonly place: string;
}

const at = (outer: string, key: string): string => (outer === '' ? key : `${outer}.${key}`);

export const isMetricData = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value.MetricDataResults);

export const isMetricStatistics = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value.Datapoints);

/** A point, or undefined with a problem. */
function pointOf(
  instant: unknown,
  sum: unknown,
  place: string,
  problems: Problems,
): RecordedPoint | undefined {
  const when = instantOf(instant);
  if (when === undefined)
    problems.add(place, `the timestamp ${written(instant)} is neither ISO 8601 nor an epoch in seconds.`);
  if (!isAmount(sum)) problems.add(place, `the value ${written(sum)} is not a number from 0 to 1e12.`);
  return when === undefined || !isAmount(sum) ? undefined : { at: when, value: sum, place };
}

/** One result of get-metric-data. The AWS CLI joins pages, so several results can have the same Id. */
interface Result {
  readonly id: string;
  readonly label: string;
  readonly status: unknown;
  readonly place: string;
  readonly points: readonly RecordedPoint[];
}

function resultOf(value: unknown, place: string, problems: Problems): Result | undefined {
  if (!isObject(value) || !Array.isArray(value.Timestamps) || !Array.isArray(value.Values)) {
    problems.add(place, 'must have the lists Timestamps and Values.');
    return undefined;
  }
  const { Id, Label, StatusCode, Timestamps, Values } = value;
  if (Timestamps.length !== Values.length)
    problems.add(place, `has ${Timestamps.length} Timestamps, but ${Values.length} Values.`);
  const points = Timestamps.flatMap(
    (instant, i) => pointOf(instant, Values[i], `${place}.Values[${i}]`, problems) ?? [],
  );
  const label = String(Label ?? Id ?? '');
  return { id: String(Id ?? label), label, status: StatusCode, place, points };
}

/** Reads answers of `aws cloudwatch get-metric-data`. The statistic is not in them, so it has to be Sum. */
export function readMetricData(answers: readonly Answer[], problems: Problems): Recording {
  const results = answers.flatMap(({ value, place }) =>
    (value.MetricDataResults as unknown[]).flatMap(
      (result, i) => resultOf(result, at(place, `MetricDataResults[${i}]`), problems) ?? [],
    ),
  );
  const byId = groupedBy(results, ({ id, label }) => `${id} ${label}`);
  const series = [...byId.values()].map((pages): RecordedSeries => {
    const { label, status = 'Complete', place } = pages.at(-1)!;
    if (status !== 'Complete')
      problems.add(place, `${written(label)} has the StatusCode ${written(status)}. Run the command again.`);
    return { label, points: pages.flatMap(({ points }) => points) };
  });
  return {
    format: 'the output of aws cloudwatch get-metric-data',
    series,
    fromCloudWatch: true,
    notes: ['The file does not name the statistic, so values are read as Sum.'],
  };
}

/** Reads answers of `aws cloudwatch get-metric-statistics`. Several calls for one metric are one series. */
export function readMetricStatistics(answers: readonly Answer[], problems: Problems): Recording {
  const byLabel = groupedBy(answers, ({ value }) => String(value.Label ?? ''));
  const series = [...byLabel].map(
    ([label, parts]): RecordedSeries => ({
      label,
      points: parts.flatMap((part) => datapointsOf(part, problems)),
    }),
  );
  return {
    format: 'the output of aws cloudwatch get-metric-statistics',
    series,
    fromCloudWatch: true,
    notes: [],
  };
}

function datapointsOf({ value, place }: Answer, problems: Problems): readonly RecordedPoint[] {
  const datapoints = value.Datapoints as unknown[];
  const without = datapoints.findIndex((point) => !isObject(point) || point.Sum === undefined);
  if (without >= 0) {
    const present = Object.keys(Object(datapoints[without])).join(', ') || 'no keys';
    const what = `has ${present}, but no Sum. Run the command with --statistics Sum.`;
    problems.add(at(place, `Datapoints[${without}]`), what);
    return [];
  }
  return datapoints.flatMap((point, i) => {
    const { Timestamp, Sum } = point as Record<string, unknown>;
    return pointOf(Timestamp, Sum, at(place, `Datapoints[${i}]`), problems) ?? [];
  });
}
