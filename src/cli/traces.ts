import { basename } from 'node:path';
import { type DemandSeries, minutesOf, type Trace, TraceError } from '../backtest/trace.ts';
import { parseTrace } from '../backtest/trace-csv.ts';
import { quote } from '../config/quote.ts';
import { messageOf } from '../core/failure.ts';
import { UsageError } from './failure.ts';
import { together } from './together.ts';
import { readWritten } from './written.ts';

/** The traces of some files. @throws UsageError with everything that is wrong with any of them */
export function readTraces(files: readonly string[]): readonly Trace[] {
  const traces = together<readonly Trace[]>(...files.map((file) => () => readTrace(file)));
  const names = namesOf(files);
  return traces.map((trace, i) => ({ ...trace, name: names[i]! }));
}

/** Traces minute by minute, scaled to `mean` units per second; as recorded without one. @throws UsageError */
export const scaled = (traces: readonly Trace[], mean: number | undefined): readonly DemandSeries[] =>
  together<readonly DemandSeries[]>(...traces.map((trace) => () => said(() => minutesOf(trace, mean))));

function readTrace(file: string): Trace {
  return said(() => parseTrace(file, textOf(file)));
}

function textOf(file: string): string {
  try {
    return readWritten(file);
  } catch (error) {
    throw new UsageError(`Cannot read the trace ${file}: ${messageOf(error)}`);
  }
}

function said<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TraceError ? new UsageError(...error.problems) : error;
  }
}

/** What traces are called, each differently: folders' names, too, where several are written out. */
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
  throw new UsageError(`A trace cannot be called ${quote(basename(file))}: give the file another name.`);
}
