import { basename } from 'node:path';
import { type DemandSeries, minutesOf, type Trace, TraceError } from '../backtest/trace.ts';
import { parseTrace } from '../backtest/trace-csv.ts';
import { quote } from '../config/quote.ts';
import { messageOf } from '../core/failure.ts';
import { UsageError } from './failure.ts';
import { together } from './together.ts';
import { readWritten } from './written.ts';

/** Reads the traces. @throws UsageError with the problems of all files */
export function readTraces(files: readonly string[]): readonly Trace[] {
  const traces = together<readonly Trace[]>(...files.map((file) => () => readTrace(file)));
  const names = namesOf(files);
  return traces.map((trace, i) => ({ ...trace, name: names[i]! }));
}

/** Converts traces to one value per minute, scaled to `mean` units per second if given. @throws UsageError */
export const scaled = (traces: readonly Trace[], mean: number | undefined): readonly DemandSeries[] =>
  together<readonly DemandSeries[]>(
    ...traces.map((trace) => () => asUsageError(() => minutesOf(trace, mean))),
  );

function readTrace(file: string): Trace {
  return asUsageError(() => parseTrace(file, textOf(file)));
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

/** Unique names of the traces. With several traces they also name the output folders. */
function namesOf(files: readonly string[]): readonly string[] {
  const names = new Set<string>();
  return together<readonly string[]>(...files.map((file) => () => nameOf(file))).map((name) => {
    let own = name;
    for (let n = 2; names.has(own); n++) own = `${name}-${n}`;
    names.add(own);
    return own;
  });
}

function nameOf(file: string): string {
  const name = basename(file, '.csv');
  if (name !== '.' && name !== '..') return name;
  throw new UsageError(`${quote(basename(file))} is not a valid trace name. Rename the file.`);
}
