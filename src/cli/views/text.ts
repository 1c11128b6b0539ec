import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { visible } from '../../config/quote.ts';

export { visible };

/**
 * Whether to colour: on a terminal, or where FORCE_COLOR asks for it, and never with NO_COLOR. A build's log
 * (`CI`) is no terminal.
 */
export const colourful = (
  env: NodeJS.ProcessEnv = process.env,
  { isTTY = false }: { readonly isTTY?: boolean } = process.stdout,
): boolean => !env.NO_COLOR && (env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : isTTY && env.TERM !== 'dumb');

const colours = pc.createColors(colourful());

/** By meaning, not by hue. */
export const style = {
  heading: colours.bold,
  faint: colours.dim,
  create: colours.green,
  change: colours.yellow,
  remove: colours.red,
  hold: colours.magenta,
  good: colours.green,
  bad: colours.red,
  warn: colours.yellow,
};

/** `visible` for text of several lines, which are our own. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** `text` as one word of a shell's command line. */
export const shellWord = (text: string): string =>
  /^[\w%+=:,./@-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`;

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const width = (text: string): number => [...stripVTControlCharacters(text)].length;

const pad = (text: string, columns: number, align: Column['align'] = 'left'): string => {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? space + text : text + space;
};

/** Rows in aligned columns under faint titles. */
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

/**
 * Cells in aligned columns without titles. The last one is left as it is, or put on a line of its own where
 * the terminal is too narrow for the row.
 */
export function align(
  rows: readonly (readonly string[])[],
  indent = '',
  space = process.stdout.columns ?? Infinity,
): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => width(row[i] ?? ''))),
  );
  const line = (row: readonly string[]): string => {
    const whole =
      indent + row.map((cell, i) => (i < row.length - 1 ? pad(cell, widths[i] ?? 0) : cell)).join('  ');
    if (width(whole) <= space) return whole;
    const head = row.slice(0, -1).map((cell, i) => pad(cell, widths[i] ?? 0));
    return `${indent}${head.join('  ').trimEnd()}\n${indent}   ${row.at(-1)}`;
  };
  return rows.map(line).join('\n');
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 GB`. */
export function sayBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${byteUnits[power]}`;
}

/** `3 d 4 h`, `2 h 5 min`, `40 s`: the two largest units of a duration. */
export function sayDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
