import { type CsvRow, csvRows, delimiterOf } from './csv-rows.ts';
import { formattedValue } from './grafana-value.ts';
import type { Problems, RecordedPoint, RecordedSeries, Recording } from './series.ts';
import { instantOf, isAmount, written } from './values.ts';

/** `sep=,` tells Excel the delimiter. */
const EXCEL_HEADER = /^sep=.\r?\n/i;

const isTimeHeader = (cell = ''): boolean => cell.trim().toLowerCase() === 'time';

const firstRow = (text: string): CsvRow | undefined => {
  const [line = ''] = text
    .replace(EXCEL_HEADER, '')
    .trimStart()
    .split(/\r\n|\r|\n/, 1);
  return csvRows(line, delimiterOf(line))[0];
};

/** Whether a text has a header that Grafana writes: `Time` and one column per series, or `Series;Time;Value`. */
export function isGrafanaCsv(text: string): boolean {
  const cells = firstRow(text)?.cells ?? [];
  return cells.length > 1 && (isTimeHeader(cells[0]) || isSeriesRows(cells));
}

const isSeriesRows = (cells: readonly string[]): boolean =>
  cells.join().toLowerCase() === 'series,time,value';

/** What was seen while reading, for the notes. */
interface Seen {
  /** A time without a zone. */
  zoneless: boolean;
  /** A value with a scale or a unit. */
  formatted: boolean;
}

/** Reads the CSV of Grafana's panel inspector, and those of its versions before 7. */
export function readGrafana(text: string, problems: Problems): Recording {
  const skipped = EXCEL_HEADER.test(text) ? 1 : 0;
  const body = text.replace(EXCEL_HEADER, '');
  const [header, ...rows] = csvRows(body, delimiterOf(body.trimStart().split(/\r\n|\r|\n/, 1)[0]!));
  const seen: Seen = { zoneless: false, formatted: false };
  const placed = rows.map(({ line, cells }) => ({ line: line + skipped, cells }));
  const series = isSeriesRows(header!.cells)
    ? seriesByRow(placed, problems, seen)
    : seriesByColumn(header!.cells, placed, problems, seen);
  return { format: 'the CSV of Grafana', series, fromCloudWatch: false, notes: notesOf(seen) };
}

const notesOf = ({ zoneless, formatted }: Seen): string[] => [
  ...(zoneless ? ['Its times have no zone and are read as UTC.'] : []),
  ...(formatted ? ['Its values are rounded for reading. For exact values, turn off "Formatted data".'] : []),
];

function seriesByColumn(
  header: readonly string[],
  rows: readonly CsvRow[],
  problems: Problems,
  seen: Seen,
): RecordedSeries[] {
  const instants = rows.map((row) => instantAt(row, 0, problems, seen));
  for (const { line, cells } of rows)
    if (cells.length > header.length)
      problems.add(`line ${line}`, `has ${cells.length} cells, but the header has ${header.length}.`);
  return header.slice(1).map((label, i) => ({
    label,
    points: rows.flatMap((row, r) => pointAt(row, instants[r], i + 1, problems, seen) ?? []),
  }));
}

function seriesByRow(rows: readonly CsvRow[], problems: Problems, seen: Seen): RecordedSeries[] {
  const byLabel = new Map<string, RecordedPoint[]>();
  for (const row of rows) {
    const label = row.cells[0] ?? '';
    const points = byLabel.get(label) ?? [];
    byLabel.set(label, points);
    const point = pointAt(row, instantAt(row, 1, problems, seen), 2, problems, seen);
    if (point) points.push(point);
  }
  return [...byLabel].map(([label, points]) => ({ label, points }));
}

function instantAt(
  { line, cells }: CsvRow,
  column: number,
  problems: Problems,
  seen: Seen,
): number | undefined {
  const text = cells[column] ?? '';
  const at = instantOf(text);
  if (at === undefined)
    problems.add(
      `line ${line}`,
      `the time ${written(text)} is neither ISO 8601 nor an epoch in milliseconds. In Grafana, turn off "Formatted data".`,
    );
  else if (/^\d{4}-\d\d-\d\d[ t]?[\d:.]*$/i.test(text)) seen.zoneless = true;
  return at;
}

/** Grafana leaves a cell empty if a series has no value. Earlier versions wrote `undefined` or `null`. */
const isEmpty = (text: string): boolean => ['', 'undefined', 'null', 'nan'].includes(text.toLowerCase());

function pointAt(
  { line, cells }: CsvRow,
  at: number | undefined,
  column: number,
  problems: Problems,
  seen: Seen,
): RecordedPoint | undefined {
  const text = cells[column] ?? '';
  if (isEmpty(text) || at === undefined) return undefined;
  const plain = Number(text);
  const formatted = Number.isNaN(plain) ? formattedValue(text) : undefined;
  const value = formatted ?? plain;
  if (formatted !== undefined) seen.formatted = true;
  if (isAmount(value)) return { at, value, place: `line ${line}` };
  const right =
    'must be a number from 0 to 1e12, or a rate such as "1.5 K" or "12 ops/s". In Grafana, turn off "Formatted data".';
  problems.add(`line ${line}`, `the value ${written(text)} ${right}`);
  return undefined;
}
