import type { Trace } from '../backtest/trace.ts';
import type { Dimension } from '../core/capacity/demand.ts';
import { plural } from '../core/text.ts';
import { meaningOf } from './dimension.ts';
import type { Problems, RecordedSeries, Recording } from './series.ts';
import { traceOf } from './steps.ts';

/** What a user says about files. */
export interface ReadOptions {
  /** Which of the series of DynamoDB's metrics to use. */
  readonly dimension: Dimension;
  /** Seconds over which each value is a sum. Default: what the format says. */
  readonly periodSeconds?: number | undefined;
  /** What a step without a value means. For CloudWatch it is always zero. */
  readonly gaps: 'error' | 'zero';
}

/** The traces of a file and what a reader should know about them, as one line. */
export interface ReadTraces {
  readonly traces: readonly Trace[];
  /** undefined for the format of export-trace. */
  readonly note?: string;
}

/** Converts the series of a dimension to traces, which have the labels as names. What is wrong goes to `problems`. */
export function tracesOf(recording: Recording, options: ReadOptions, problems: Problems): ReadTraces {
  const { used, ignored } = chosen(recording.series, options.dimension, problems);
  const traces = used.flatMap((series) => readSeries(series, recording, options, problems) ?? []);
  return { traces, note: noteOf(recording, traces, ignored) };
}

function readSeries(
  { label, points }: RecordedSeries,
  { fromCloudWatch }: Recording,
  { periodSeconds, gaps }: ReadOptions,
  problems: Problems,
): Trace | undefined {
  if (!fromCloudWatch && periodSeconds === undefined && meaningOf(label) !== 'unknown') {
    const what =
      'is a metric of CloudWatch, whose values are sums over a period. The file does not name the period. Add --period with its seconds, such as --period 60, or --period 1 if values are per second.';
    problems.add(JSON.stringify(label), what);
    return undefined;
  }
  const gapsAreZero = fromCloudWatch || gaps === 'zero';
  return traceOf(label, points, { fromCloudWatch, periodSeconds, gapsAreZero }, problems);
}

/** The series of the dimension; if no label names it, the series whose labels name no metric of DynamoDB. */
function chosen(all: readonly RecordedSeries[], dimension: Dimension, problems: Problems) {
  const having = (meaning: string) => all.filter(({ label }) => meaningOf(label) === meaning);
  const named = having(`consumed ${dimension}`);
  const used = named.length > 0 ? named : having('unknown');
  const ignored = all.filter((series) => !used.includes(series));
  if (all.length === 0) problems.add('', 'has no series.');
  else if (used.length === 0) {
    const other = dimension === 'read' ? 'write' : 'read';
    const hint =
      having(`consumed ${other}`).length > 0 ? ` To replay ${other}s, add --dimension ${other}.` : '';
    problems.add('', `has no consumed ${dimension}s. Its series: ${listed(all)}.${hint}`);
  }
  return { used, ignored };
}

const listed = (series: readonly { readonly label: string }[]): string =>
  series.map(({ label }) => JSON.stringify(label)).join(', ');

function noteOf(
  { format, notes }: Recording,
  traces: readonly Trace[],
  ignored: readonly RecordedSeries[],
): string {
  const series = traces.map(({ name, stepMs, values }) => {
    const step = stepMs % 60_000 === 0 ? plural(stepMs / 60_000, 'minute') : plural(stepMs / 1000, 'second');
    return `${JSON.stringify(name)}, ${plural(values.length, 'step')} of ${step}`;
  });
  const left = ignored.length > 0 ? [`Ignored: ${listed(ignored)}.`] : [];
  return [`Read ${format}: ${series.join('; ')}.`, ...notes, ...left].join(' ');
}
