import { stripVTControlCharacters } from 'node:util';

/** Output without a terminal, such as a file, has lines of this width. */
const USUAL_COLUMNS = 80;

/** Narrower columns would have a word on each line. */
const FEWEST_COLUMNS = 40;

/** The width to fold text to: that of the terminal, but at most the usual one, so that lines are easy to read. */
export const foldWidth = (columns: number | undefined = process.stdout.columns): number =>
  Math.min(USUAL_COLUMNS, Math.max(FEWEST_COLUMNS, columns ?? USUAL_COLUMNS));

const width = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Whether a line without breaks fits. */
export const fits = (line: string, columns: number): boolean => width(line) <= columns;

/** Breaks a text between words, so that each line fits. All lines but the first are indented. A longer word has its own line. */
export function fold(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of text.split(' ').entries()) {
    const longer = i === 0 ? word : `${line} ${word}`;
    if (line.trim() !== '' && width(longer) > columns) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line].map((one) => one.trimEnd()).join('\n');
}
