import { isMetricData, isMetricStatistics, readMetricData, readMetricStatistics } from './cloudwatch.ts';
import { isGrafanaCsv, readGrafana } from './grafana.ts';
import { isApiAnswer, isMatrix, readPrometheus } from './prometheus.ts';
import type { Problems, Recording } from './series.ts';

/** The formats by their shape, for an error. */
export const KNOWN_FORMATS = [
  'the CSV of turntable export-trace, with the header "timestamp,value"',
  'the JSON of aws cloudwatch get-metric-data or get-metric-statistics',
  'the JSON of a range query of Prometheus',
  'the CSV of Grafana, whose first column is Time',
] as const;

/** Whether a text is JSON or nothing. CSV never starts like this. */
export const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** Reads parsed JSON by its shape; undefined if the shape is unknown. */
export function readJson(value: unknown, problems: Problems): Recording | undefined {
  if (isApiAnswer(value) || isMatrix(value)) return readPrometheus(value, problems);
  const isList = Array.isArray(value);
  const answers = (isList ? value : [value]).map((one, i) => ({ value: one, place: isList ? `[${i}]` : '' }));
  if (answers.length === 0) return undefined;
  if (answers.every((answer) => isMetricData(answer.value))) return readMetricData(answers, problems);
  if (answers.every((answer) => isMetricStatistics(answer.value)))
    return readMetricStatistics(answers, problems);
  return undefined;
}

/** Reads CSV by its header; undefined if the header is unknown. */
export function readCsv(text: string, problems: Problems): Recording | undefined {
  return isGrafanaCsv(text) ? readGrafana(text, problems) : undefined;
}
