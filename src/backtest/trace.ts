import { iso, parseInstant } from '../core/calendar/instant.ts';
import { MINUTE_MS } from '../core/calendar/period.ts';

/** Demand on one throughput dimension, as it was recorded: the average over each step, in units per second. */
export interface Trace {
  readonly name: string;
  /** Start of the first step, epoch milliseconds. */
  readonly start: number;
  readonly stepMs: number;
  readonly values: Float64Array;
}

/** A trace that cannot be replayed; the message names the line. */
export class TraceError extends Error {
  override name = 'TraceError';
}

/** More than DynamoDB serves anywhere, and little enough to reckon with. */
const HIGHEST = 1e12;
/** Ten years, minute by minute, fit into memory. */
const LONGEST_MINUTES = 10 * 366 * 1440;

const quoted = (line: string): string => JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);

/**
 * Reads CSV `timestamp,value`: a header, ISO 8601 instants of one regular step, values from zero to 1e12.
 * @throws TraceError
 */
export function parseTrace(name: string, csv: string): Trace {
  const lines = csv.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  const fail = (line: number, what: string): never => {
    throw new TraceError(`${name}, line ${line + 1}: ${what}`);
  };
  if (lines[0]?.trim() !== 'timestamp,value') fail(0, 'the header has to be "timestamp,value".');
  if (lines.length < 3) fail(lines.length, 'a trace has two points at least.');
  const values = new Float64Array(lines.length - 1);
  const instant = (line: number): number =>
    parseInstant(lines[line]!.split(',')[0]!) ?? fail(line, `no instant in ${quoted(lines[line]!)}.`);
  const start = instant(1);
  const stepMs = instant(2) - start;
  if (stepMs < MINUTE_MS || stepMs % MINUTE_MS !== 0) fail(2, 'the step has to be whole minutes.');
  if (((lines.length - 1) * stepMs) / MINUTE_MS > LONGEST_MINUTES) fail(2, 'it is longer than ten years.');
  for (let line = 1; line < lines.length; line++) {
    const at = instant(line);
    if (at !== start + (line - 1) * stepMs) fail(line, `the step before it is not ${stepMs / 1000} s long.`);
    const [, text, ...more] = lines[line]!.split(',');
    const value = Number(text?.trim() || Number.NaN);
    if (!(value >= 0 && value <= HIGHEST)) fail(line, `${quoted(lines[line]!)} has no value from 0 to 1e12.`);
    if (more.length > 0) fail(line, `${quoted(lines[line]!)} has more than two columns.`);
    values[line - 1] = value;
  }
  return { name, start, stepMs, values };
}

/** A trace as CSV that `parseTrace` reads, in ten-thousandths of a unit. */
export function traceCsv({ start, stepMs, values }: Omit<Trace, 'name'>): string {
  const rows = ['timestamp,value'];
  values.forEach((value, i) => {
    rows.push(`${iso(start + i * stepMs).replace('.000Z', 'Z')},${Math.round(value * 1e4) / 1e4}`);
  });
  return `${rows.join('\n')}\n`;
}

/** Steps up to this long are held constant over their minutes; longer ones are interpolated. */
const LONGEST_HELD_MS = 5 * MINUTE_MS;

/** Demand in units per second, one value a minute from `start`. */
export interface DemandSeries {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly demand: Float64Array;
}

/** A trace minute by minute, scaled so that its mean is `mean` units per second; as recorded without one. */
export function minutesOf({ name, start, stepMs, values }: Trace, mean?: number): DemandSeries {
  const perStep = stepMs / MINUTE_MS;
  const held = stepMs <= LONGEST_HELD_MS;
  const demand = new Float64Array(values.length * perStep);
  for (let i = 0; i < values.length; i++) {
    const from = values[i]!;
    const rise = held ? 0 : (values[i + 1] ?? from) - from;
    for (let m = 0; m < perStep; m++) demand[i * perStep + m] = from + (rise * m) / perStep;
  }
  const total = sum(demand);
  if (mean !== undefined && total === 0)
    throw new TraceError(`${name} has no demand, so none can be scaled.`);
  const factor = mean === undefined ? 1 : (mean * demand.length) / total;
  for (let t = 0; t < demand.length; t++) demand[t] = demand[t]! * factor;
  return { name, start, demand };
}

/** The highest demand, units per second. */
export const peakOf = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), 0);

export const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
