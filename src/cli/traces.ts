import { basename } from 'node:path';
import { type DemandSeries, minutesOf, type Trace, TraceError } from '../backtest/trace.ts';
import { isTraceCsv, parseTrace } from '../backtest/trace-csv.ts';
import { Document } from '../config/document.ts';
import { quote } from '../config/quote.ts';
import { messageOf } from '../core/failure.ts';
import { KNOWN_FORMATS, looksLikeJson, readCsv, readJson } from '../recorded/read.ts';
import { Problems } from '../recorded/series.ts';
import { type ReadOptions, type ReadTraces, tracesOf } from '../recorded/traces.ts';
import { UsageError } from './failure.ts';
import { together } from './together.ts';
import { readWritten } from './written.ts';

/** The traces of all files, and a line for each file that another tool wrote. */
export interface TraceFiles {
  readonly traces: readonly Trace[];
  readonly notes: readonly string[];
}

/** Reads the traces. @throws UsageError with the problems of all files */
export function readTraces(files: readonly string[], options: ReadOptions): TraceFiles {
  const read = together<readonly ReadTraces[]>(...files.map((file) => () => readFile(file, options)));
  const traces = read.flatMap((one) => one.traces);
  const names = namesOf(files.flatMap((file, i) => read[i]!.traces.map(({ name }) => ({ file, name }))));
  return {
    traces: traces.map((trace, i) => ({ ...trace, name: names[i]! })),
    notes: read.flatMap(({ note }, i) => (note === undefined ? [] : [`${files[i]}: ${note}`])),
  };
}

/** Converts traces to one value per minute, scaled to `mean` units per second if given. @throws UsageError */
export const scaled = (traces: readonly Trace[], mean: number | undefined): readonly DemandSeries[] =>
  together<readonly DemandSeries[]>(
    ...traces.map((trace) => () => asUsageError(() => minutesOf(trace, mean))),
  );

/** The format of a file follows from its contents, never from its name. */
function readFile(file: string, options: ReadOptions): ReadTraces {
  const text = textOf(file);
  return asUsageError(() => {
    if (isTraceCsv(text)) return { traces: [perSecond(parseTrace(file, text), options)] };
    const problems = new Problems(file);
    const recording = looksLikeJson(text) ? readJson(jsonOf(file, text), problems) : readCsv(text, problems);
    if (!recording) throw new UsageError(unknownFormat(file, text));
    const read = problems.any ? undefined : tracesOf(recording, options, problems);
    problems.throwIfAny();
    return read!;
  });
}

/** Values that are sums, per second. */
function perSecond(trace: Trace, { periodSeconds = 1 }: ReadOptions): Trace {
  return periodSeconds === 1
    ? trace
    : { ...trace, values: trace.values.map((value) => value / periodSeconds) };
}

function unknownFormat(file: string, text: string): string {
  const place = looksLikeJson(text) ? '' : ', line 1';
  const what = looksLikeJson(text) ? 'the JSON has an unknown shape' : 'the header is unknown';
  return `${file}${place}: ${what}. Known formats: ${KNOWN_FORMATS.join('; ')}. To make a trace from your tables, run turntable export-trace.`;
}

/** @throws UsageError */
function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(...syntaxProblems(file, text, messageOf(error)));
  }
}

/** Beyond this, an error has no line, because positions of all values do not fit into memory. */
const LARGEST_WITH_LINES = 8 * 1024 * 1024;

function syntaxProblems(file: string, text: string, message: string): readonly string[] {
  if (text.length > LARGEST_WITH_LINES) return [`${file}: is not valid JSON: ${message}.`];
  return new Document(file, text).syntax
    .slice(0, 10)
    .map(({ line, column, message: what }) => `${file}, line ${line}, column ${column}: ${what}`);
}

function textOf(file: string): string {
  try {
    return readWritten(file);
  } catch (error) {
    throw new UsageError(`Could not read the trace ${file}: ${messageOf(error)}`);
  }
}

function asUsageError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TraceError ? new UsageError(...error.problems) : error;
  }
}

/** Where a trace is from. The name differs from the file if the file has several series. */
interface Source {
  readonly file: string;
  readonly name: string;
}

/** Unique names of the traces. With several traces they also name the output folders. */
function namesOf(sources: readonly Source[]): readonly string[] {
  const names = new Set<string>();
  const own = (source: Source) =>
    nameOf(source, sources.filter(({ file }) => file === source.file).length > 1);
  return together<readonly string[]>(...sources.map((source) => () => own(source))).map((name) => {
    let unique = name;
    for (let n = 2; names.has(unique); n++) unique = `${name}-${n}`;
    names.add(unique);
    return unique;
  });
}

/** The name of the file; with several series in it, also the label, without what a folder cannot be named. */
function nameOf({ file, name: label }: Source, isOneOfSeveral: boolean): string {
  const name = basename(file).replace(/\.(csv|json|txt)$/i, '');
  const slug = label
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  if (isOneOfSeveral && slug !== '') return `${name}-${slug}`;
  if (name !== '.' && name !== '..') return name;
  throw new UsageError(`${quote(basename(file))} is not a valid trace name. Rename the file.`);
}
