import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { visible } from '../../config/quote.ts';
import { plural, sayBytes } from '../../core/text.ts';

export { visible };

/**
 * Whether to print colors: on a terminal or with FORCE_COLOR, and never with NO_COLOR. The log of a CI build is not a
 * terminal.
 */
export const usesColor = (
  env: NodeJS.ProcessEnv = process.env,
  { isTTY = false }: { readonly isTTY?: boolean } = process.stdout,
): boolean => !env.NO_COLOR && (env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : isTTY && env.TERM !== 'dumb');

const colors = pc.createColors(usesColor());

/** Colors by meaning. */
export const style = {
  heading: colors.bold,
  faint: colors.dim,
  create: colors.green,
  change: colors.yellow,
  remove: colors.red,
  hold: colors.magenta,
  good: colors.green,
  bad: colors.red,
  warn: colors.yellow,
};

/** `visible` for text in which the line breaks are intended. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** Quotes `text` as one word of a shell command. */
export const shellWord = (text: string): string =>
  /^[\w%+=:,./@-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`;

/** A number for a column, with separators from 10,000 on. */
export const grouped = (value: number | string): string =>
  String(value).replace(/^-?\d{5,}/, (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ','));

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export const width = (text: string): number => [...stripVTControlCharacters(text)].length;

export const pad = (text: string, columns: number, align: Column['align'] = 'left'): string => {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? space + text : text + space;
};

/** Formats rows in aligned columns under titles. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(width(title), ...rows.map((row) => width(row[i] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]?.align))
      .join('  ')
      .trimEnd();
  return [style.faint(line(columns.map(({ title }) => title))), ...rows.map(line)].join('\n');
}

export { plural, sayBytes };

/** A unit of time with its size in seconds, or a count of it. */
type DurationUnit = readonly [number, short: string, long: string];
const durationUnits: readonly DurationUnit[] = [
  [86_400, 'd', 'day'],
  [3_600, 'h', 'hour'],
  [60, 'min', 'minute'],
  [1, 's', 'second'],
];

/** Formats a duration by its two largest units, for sentences: `3 days 4 hours`, `40 seconds`. */
export const sayDuration = (durationMs: number): string =>
  durationParts(durationMs)
    .map(([count, , long]) => plural(count, long))
    .join(' ');

/** Formats a duration by its two largest units, for tables: `3 d 4 h`, `40 s`. */
export const shortDuration = (durationMs: number): string =>
  durationParts(durationMs)
    .map(([count, short]) => `${count} ${short}`)
    .join(' ');

function durationParts(durationMs: number): DurationUnit[] {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const first = durationUnits.findIndex(([size]) => seconds >= size);
  if (first < 0) return [[0, 's', 'second']];
  let rest = seconds;
  const parts = durationUnits.slice(first, first + 2).map(([size, short, long]): DurationUnit => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return [count, short, long];
  });
  return parts.filter(([count]) => count > 0);
}
