import { iso, parseInstant } from '../core/calendar/instant.ts';
import { MINUTE_MS, SECOND_MS } from '../core/calendar/period.ts';
import { LONGEST_MINUTES, type Trace, TraceError } from './trace.ts';

/** More than DynamoDB serves anywhere, and little enough to reckon with. */
const HIGHEST = 1e12;
/** So many problems say what is wrong with a file. */
const SHOWN = 10;
/** Numbers from here on are milliseconds: of 1973, where as seconds they would be of the year 5138. */
const MILLISECONDS_FROM = 1e11;

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

const cellsOf = (line: string): string[] =>
  line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));

/** Epoch milliseconds of ISO 8601, or of an epoch in seconds or milliseconds. */
function instantOf(text: string): number | undefined {
  if (!/^\d{9,14}(?:\.\d+)?$/.test(text)) return parseInstant(text);
  const epoch = Number(text);
  return Math.round(epoch < MILLISECONDS_FROM ? epoch * SECOND_MS : epoch);
}

interface Point {
  /** Of the file, counted from 1. */
  readonly line: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Units per second. */
  readonly value: number;
}

/** What a line says, or what is wrong with it. */
function pointOf(text: string, line: number): Point | string {
  const [instant = '', units, ...more] = cellsOf(text);
  const at = instantOf(instant);
  if (at === undefined) return `no instant in ${quoted(text)}.`;
  const value = Number(units || Number.NaN);
  if (!(value >= 0 && value <= HIGHEST)) return `${quoted(text)} has no value from 0 to 1e12.`;
  if (more.length > 0) return `${quoted(text)} has more than two columns.`;
  return { line, at, value };
}

/** The distance that most points have from the one before, milliseconds; a minute where none comes later. */
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

const saySeconds = (ms: number): string =>
  ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS} min` : `${ms / SECOND_MS} s`;

/** What is wrong with a point that does not come one step after the one before. */
function misplaced(distance: number, step: number): string {
  if (distance <= 0) return 'it is not later than the point before it.';
  const told = `it comes ${saySeconds(distance)} after the point before it, where a step is ${saySeconds(step)}`;
  return distance > step ? `${told}: a step without demand needs its 0.` : `${told}.`;
}

interface Problem {
  readonly line: number;
  readonly what: string;
}

/** What the lines below the header say, and what is wrong with them. */
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

/** Points out of step; beside a line that cannot be read the distance says nothing. */
function outOfStep(points: readonly Point[], stepMs: number, unread: readonly Problem[]): Problem[] {
  const lines = new Set(unread.map(({ line }) => line));
  return points.flatMap(({ line, at }, i) => {
    const distance = i === 0 ? stepMs : at - points[i - 1]!.at;
    return distance === stepMs || lines.has(line - 1) ? [] : [{ line, what: misplaced(distance, stepMs) }];
  });
}

/**
 * Reads CSV `timestamp,value`: a header, instants of one regular step (ISO 8601, or an epoch in seconds or
 * milliseconds), values from zero to 1e12. Cells may be quoted, and lines blank.
 * @throws TraceError
 */
export function parseTrace(name: string, csv: string): Trace {
  const fail = (problems: readonly Problem[]): never => {
    const sorted = problems.toSorted((a, b) => a.line - b.line);
    const shown = sorted.slice(0, SHOWN).map(({ line, what }) => `${name}, line ${line}: ${what}`);
    const left = problems.length - shown.length;
    throw new TraceError(left > 0 ? [...shown, `${name}: ${left} more lines are wrong.`] : shown);
  };
  const failAt = (line: number, what: string): never => fail([{ line, what }]);
  const lines = csv.split(/\r\n?|\n/);
  const header = lines.findIndex((line) => line.trim() !== '');
  if (
    cellsOf(lines[header] ?? '')
      .join()
      .toLowerCase() !== 'timestamp,value'
  )
    failAt(Math.max(0, header) + 1, 'the header has to be "timestamp,value".');
  const { points, problems } = readPoints(lines, header);
  if (points.length + problems.length < 2) failAt(lines.length, 'a trace has two points at least.');
  const stepMs = stepOf(points);
  const wrong = [...problems, ...outOfStep(points, stepMs, problems)];
  if (wrong.length > 0) fail(wrong);
  const minutes = (points.length * stepMs) / MINUTE_MS;
  const { line } = points.at(-1)!;
  if (minutes < 1) failAt(line, 'a trace is a minute long at least.');
  if (minutes > LONGEST_MINUTES) failAt(line, 'it is longer than ten years.');
  return { name, start: points[0]!.at, stepMs, values: Float64Array.from(points, ({ value }) => value) };
}

/** A trace as CSV that `parseTrace` reads, in ten-thousandths of a unit. */
export function traceCsv({ start, stepMs, values }: Omit<Trace, 'name'>): string {
  const rows = ['timestamp,value'];
  values.forEach((value, i) => {
    rows.push(`${iso(start + i * stepMs).replace('.000Z', 'Z')},${Math.round(value * 1e4) / 1e4}`);
  });
  return `${rows.join('\n')}\n`;
}
