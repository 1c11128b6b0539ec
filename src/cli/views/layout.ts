import { COMMANDS } from '../given.ts';
import { pad, style, width } from './text.ts';

/** The least width of a terminal that rows are made for, and the width of output that goes elsewhere. */
export const LEAST_WIDTH = 80;

/** The width to fit, in characters: that of the terminal, or the least width. */
export const fittingWidth = (columns: number | undefined = process.stdout.columns): number =>
  Math.max(LEAST_WIDTH, columns ?? 0);

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

export interface Row {
  readonly cells: readonly string[];
  /** Takes the place of the first `spanned` cells. */
  readonly label?: { readonly text: string; readonly spanned: number };
  /** Sentences that follow the row, each on lines of its own. */
  readonly notes?: readonly string[];
}

const GAP = 2;

/**
 * Breaks a text between words, so that no line is wider than `space`. A longer word is not broken, and neither is a command, which
 * a shell would run in halves.
 */
export function wrap(text: string, space: number, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of wordsOf(text)) {
    const next = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (width(next) <= space || line.trim() === '') line = next;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Words, and each command up to its environment as one word. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(COMMANDS, (command) => command.replaceAll(' ', WITHIN))
    .split(' ')
    .map((word) => word.replaceAll(WITHIN, ' '));

/** Stands for a space where no line may be broken. `visible` leaves none in a text. */
const WITHIN = '\u0000';

/**
 * Formats rows in aligned columns under titles. No line is wider than `space`: the columns that do not fit follow each row on
 * a line of its own, with their titles.
 */
export function layout(
  columns: readonly Column[],
  rows: readonly Row[],
  { indent = '', space = fittingWidth() }: { readonly indent?: string; readonly space?: number } = {},
): string {
  const widths = columns.map(({ title }, i) =>
    Math.max(
      width(title),
      ...rows.map(({ cells, label }) => (label && i < label.spanned ? 0 : width(cells[i] ?? ''))),
    ),
  );
  const count = fittingCount(widths, space - indent.length);
  const shown = columns.slice(0, count);
  const line = (cells: readonly string[]): string =>
    `${indent}${shown.map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align)).join(' '.repeat(GAP))}`.trimEnd();
  const below = `${indent}${' '.repeat((widths[0] ?? 0) + GAP)}`;
  const linesOf = ({ cells, label, notes = [] }: Row): string[] => {
    const rest = columns.flatMap(({ title }, i) =>
      i >= count && cells[i] ? [`${style.faint(title)} ${cells[i]}`] : [],
    );
    const spanned = label ? labeled(label, widths) : undefined;
    return [
      ...(spanned?.own === undefined ? [] : [`${indent}${spanned.own}`]),
      spanned
        ? `${indent}${spanned.start}${line(cells).slice(indent.length + width(spanned.start))}`.trimEnd()
        : line(cells),
      ...(rest.length > 0 ? [wrap(rest.join('  '), space, below)] : []),
      ...notes.map((note) => wrap(note, space, below)),
    ];
  };
  return [style.faint(line(columns.map(({ title }) => title))), ...rows.flatMap(linesOf)].join('\n');
}

/** How many of the first columns fit. At least one. */
function fittingCount(widths: readonly number[], space: number): number {
  let used = -GAP;
  let count = 0;
  for (const each of widths) {
    used += GAP + each;
    if (used > space) break;
    count += 1;
  }
  return Math.max(1, count);
}

/** A label in the place of its cells, or on a line of its own if it is longer. */
function labeled({ text, spanned }: NonNullable<Row['label']>, widths: readonly number[]) {
  const room = widths.slice(0, spanned).reduce((sum, each) => sum + each + GAP, -GAP);
  return width(text) <= room ? { start: pad(text, room) } : { own: text, start: ' '.repeat(room) };
}

/**
 * Formats rows in aligned columns without titles. If a row is wider than the terminal, its last cell gets
 * lines of its own, broken between words. Output that goes elsewhere keeps each row on one line, so that a search finds it.
 */
export function align(
  rows: readonly (readonly string[])[],
  indent = '',
  space = process.stdout.columns ? fittingWidth() : Infinity,
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
    return `${indent}${head.join('  ').trimEnd()}\n${wrap(row.at(-1) ?? '', space, `${indent}   `)}`;
  };
  return rows.map(line).join('\n');
}
