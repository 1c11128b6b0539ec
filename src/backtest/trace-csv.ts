import { iso, parseInstant } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import { LONGEST_MINUTES, type Trace, TraceError } from './trace.ts';

/** More than DynamoDB serves, and small enough for exact sums. */
export const HIGHEST = 1e12;
/** The number of problems that are shown. */
const SHOWN = 10;
/** Larger numbers are milliseconds: this one is in 1973. As seconds it would be in the year 5138. */
const MILLISECONDS_FROM = 1e11;

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

const cellsOf = (line: string): string[] =>
  line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Epoch milliseconds of ISO 8601, or of an epoch in seconds or milliseconds. */
export function instantOf(text: string): number | undefined {
  if (!/^\d{9,14}(?:\.\d+)?$/.test(text)) return parseInstant(text);
  const epoch = Number(text);
  return Math.round(epoch < MILLISECONDS_FROM ? epoch * SECOND_MS : epoch);
}

interface Point {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Units per second. */
  readonly value: number;
}

/** The point on a line, or what is wrong with the line. */
function pointOf(text: string, line: number): Point | string {
  const [instant = '', units, ...more] = cellsOf(text);
  const at = instantOf(instant);
  if (at === undefined) return `${quoted(text)} has no valid timestamp.`;
  const value = Number(units || Number.NaN);
  if (!(value >= 0 && value <= HIGHEST))
    return `${quoted(text)} has no valid value. A value is a number from 0 to 1e12.`;
  if (more.length > 0) return `${quoted(text)} has more than two columns.`;
  return { line, at, value };
}

/** The most frequent distance between two points, milliseconds; a minute if no point is later than the one before. */
function stepOf(points: readonly Point[]): number {
  const counts = new Map<number, number>();
  let [step, most] = [MINUTE_MS, 0];
  for (let i = 1; i < points.length; i++) {
    const distance = points[i]!.at - points[i - 1]!.at;
    const count = (counts.get(distance) ?? 0) + 1;
    counts.set(distance, count);
    if (distance > 0 && count > most) [step, most] = [distance, count];
  }
  return step;
}

const sayDuration = (ms: number): string =>
  ms % MINUTE_MS === 0 ? plural(ms / MINUTE_MS, 'minute') : plural(ms / SECOND_MS, 'second');

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** What is wrong with a point that is not one step after the one before. */
function misplaced(distance: number, step: number): string {
  if (distance <= 0) return 'the timestamp is not later than the one before.';
  const problem = `the timestamp is ${sayDuration(distance)} after the one before, but a step is ${sayDuration(step)}.`;
  return distance > step ? `${problem} A step without demand needs a line with the value 0.` : problem;
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

/** The points below the header, and what is wrong with the other lines. */
function readPoints(lines: readonly string[], header: number) {
  const points: Point[] = [];
  const problems: Problem[] = [];
  lines.forEach((text, index) => {
    if (index <= header || text.trim() === '') return;
    const line = index + 1;
    const point = pointOf(text, line);
    if (typeof point === 'string') problems.push({ line, what: point });
    else points.push(point);
  });
  return { points, problems };
}

/** Points that are not one step after the one before. After a line that cannot be read, the distance is unknown. */
function outOfStep(points: readonly Point[], stepMs: number, unread: readonly Problem[]): Problem[] {
  const lines = new Set(unread.map(({ line }) => line));
  return points.flatMap(({ line, at }, i) => {
    const distance = i === 0 ? stepMs : at - points[i - 1]!.at;
    return distance === stepMs || lines.has(line - 1) ? [] : [{ line, what: misplaced(distance, stepMs) }];
  });
}

const isHeader = (line = ''): boolean => cellsOf(line).join().toLowerCase() === 'timestamp,value';

const linesOf = (csv: string): string[] => csv.split(/\r\n?|\n/);
const headerIn = (lines: readonly string[]): number => lines.findIndex((line) => line.trim() !== '');

/** Whether a text has the header that `parseTrace` needs. */
export function isTraceCsv(text: string): boolean {
  const lines = linesOf(text.slice(0, 1000));
  return isHeader(lines[headerIn(lines)]);
}

/**
 * Reads CSV `timestamp,value`: a header, timestamps at regular steps (ISO 8601, or an epoch in seconds or milliseconds), and
 * values from zero to 1e12. Cells can be quoted, and lines can be blank.
 * @throws TraceError
 */
export function parseTrace(name: string, csv: string): Trace {
  const fail = (problems: readonly Problem[]): never => {
    const sorted = problems.toSorted((a, b) => a.line - b.line);
    const shown = sorted.slice(0, SHOWN).map(({ line, what }) => `${name}, line ${line}: ${what}`);
    const left = problems.length - shown.length;
    throw new TraceError(left > 0 ? [...shown, `${name}: ${left} more lines are invalid.`] : shown);
  };
  const failAt = (line: number, what: string): never => fail([{ line, what }]);
  const lines = linesOf(csv);
  const header = headerIn(lines);
  if (!isHeader(lines[header])) failAt(Math.max(0, header) + 1, 'the header must be "timestamp,value".');
  const { points, problems } = readPoints(lines, header);
  if (points.length + problems.length < 2) failAt(lines.length, 'a trace needs at least two points.');
  const stepMs = stepOf(points);
  const wrong = [...problems, ...outOfStep(points, stepMs, problems)];
  if (wrong.length > 0) fail(wrong);
  const minutes = (points.length * stepMs) / MINUTE_MS;
  const { line } = points.at(-1)!;
  if (minutes < 1) failAt(line, 'a trace must be at least one minute long.');
  if (minutes > LONGEST_MINUTES) failAt(line, 'the trace is longer than ten years.');
  return { name, start: points[0]!.at, stepMs, values: Float64Array.from(points, ({ value }) => value) };
}

/** A trace as CSV for `parseTrace`. Values have four decimals. */
export function traceCsv({ start, stepMs, values }: Omit<Trace, 'name'>): string {
  const rows = ['timestamp,value'];
  values.forEach((value, i) => {
    rows.push(`${iso(start + i * stepMs).replace('.000Z', 'Z')},${Math.round(value * 1e4) / 1e4}`);
  });
  return `${rows.join('\n')}\n`;
}
