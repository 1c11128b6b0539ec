import type { Problems, RecordedPoint, RecordedSeries, Recording } from './series.ts';
import { instantOf, isAmount, isObject, written } from './values.ts';

/** An answer of the HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries */
export const isApiAnswer = (value: unknown): boolean =>
  isObject(value) && (value.status === 'success' || value.status === 'error');

/** The list of series that `promtool query range -o json` prints, which is the `result` of the HTTP API. */
export const isMatrix = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isObject(one) && isObject(one.metric));

/** Reads an answer to a range query. Values are text, and a sample that is NaN is no value. */
export function readPrometheus(value: unknown, problems: Problems): Recording {
  const matrix = isMatrix(value)
    ? { results: value as readonly unknown[], place: '' }
    : { results: resultsOf(value as Record<string, unknown>, problems), place: 'data.result' };
  const series = matrix.results.map((one, i) => seriesOf(one, `${matrix.place}[${i}]`, problems));
  return {
    format: 'the answer to a range query of Prometheus',
    series: series.filter((one) => one !== undefined),
    fromCloudWatch: false,
    notes: [],
  };
}

function resultsOf({ status, error, data }: Record<string, unknown>, problems: Problems): readonly unknown[] {
  if (status === 'error') {
    problems.add('', `is an error of Prometheus: ${written(error)}.`);
    return [];
  }
  const { resultType, result } = isObject(data) ? data : {};
  if (resultType === 'matrix' && Array.isArray(result)) return result;
  const what = `must be "matrix", but is ${written(resultType)}. Use /api/v1/query_range with start, end and step.`;
  problems.add('data.resultType', what);
  return [];
}

function seriesOf(value: unknown, place: string, problems: Problems): RecordedSeries | undefined {
  const { metric, values, histograms } = isObject(value) ? value : {};
  if (!Array.isArray(values)) {
    const histogram = 'contains native histograms. Query a number, for example with histogram_count.';
    problems.add(place, histograms ? histogram : 'must have the list values.');
    return undefined;
  }
  return {
    label: labelOf(isObject(metric) ? metric : {}),
    points: values.flatMap((sample, i) => pointOf(sample, `${place}.values[${i}]`, problems) ?? []),
  };
}

/** `name{a="1",b="2"}` */
function labelOf({ __name__: name = '', ...labels }: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length > 0 || name === '' ? `${name}{${pairs.sort().join(',')}}` : String(name);
}

function pointOf(sample: unknown, place: string, problems: Problems): RecordedPoint | undefined {
  const [instant, text] = Array.isArray(sample) ? sample : [];
  const at = typeof instant === 'number' ? instantOf(instant) : undefined;
  if (at === undefined) {
    problems.add(place, `${written(sample)} must be [epoch seconds, "value"].`);
    return undefined;
  }
  if (text === 'NaN') return undefined;
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : text;
  if (isAmount(value)) return { at, value, place };
  problems.add(place, `the value ${written(text)} is not a number from 0 to 1e12.`);
  return undefined;
}
