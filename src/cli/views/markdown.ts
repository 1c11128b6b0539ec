/** Parts of GitHub Flavored Markdown in which a value is only ever text: https://github.github.com/gfm/ */
import { stripVTControlCharacters } from 'node:util';
import { visible } from './text.ts';

/** Stands between two characters that GitHub would read together. Not shown. */
const BREAK = '<!-- -->';

/**
 * Escapes a text for a line or a cell: it has no markup and no line break, ends no cell, and mentions no person, issue or emoji.
 * Colors are removed.
 */
export const escaped = (text: string): string =>
  visible(stripVTControlCharacters(text).replace(/\s+/g, ' ').trim())
    .replace(/[\\`*_~[\]<>&$]/g, '\\$&')
    .replace(/:(?=\/\/)|\.(?<=www\.)/gi, '\\$&')
    .replace(/@(?=\w)|#(?=\d)|-(?<=GH-)(?=\d)|:(?=[\w+-]*[a-z_+-][\w+-]*:)/gi, `$&${BREAK}`)
    .replaceAll('|', '&#124;');

/** The first lines of a table under titles. */
export const tableHead = (titles: readonly string[]): string =>
  `${rowOf(titles)}\n${rowOf(titles.map(() => '---'))}`;

/** A row of a table. The cells are escaped here. */
export const tableRow = (cells: readonly string[]): string => rowOf(cells.map(escaped));

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
