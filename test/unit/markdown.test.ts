/** What a parser of GitHub Flavored Markdown makes of values that contain markup. */
import fc from 'fast-check';
import { lexer, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { escaped, tableHead, tableRow } from '../../src/cli/views/markdown.ts';
import { visible } from '../../src/cli/views/text.ts';

/** The rows of a table as a parser reads them, with the kinds of markup in each cell. */
function parsed(cells: readonly string[]) {
  const [table, ...rest] = lexer(`${tableHead(cells.map((_, i) => `c${i}`))}\n${tableRow(cells)}\n`);
  expect([table?.type, rest]).toEqual(['table', []]);
  const { rows } = table as Tokens.Table;
  return rows.map((row) =>
    row.map(({ tokens }) => {
      // The own comment that separates characters is no markup of the value.
      const own = tokens.filter(({ raw }) => raw !== '<!-- -->');
      const kinds = own.map(({ type }) => type).filter((type) => !['text', 'escape'].includes(type));
      return { kinds, text: own.map((token) => textOf(token as Tokens.Text)).join('') };
    }),
  );
}

const textOf = ({ text }: { readonly text: string }): string => text.replaceAll('&#124;', '|');
/** What a browser shows of white space. */
const shown = (text: string): string => visible(text.replace(/\s+/g, ' ').trim());

const hostile: Readonly<Record<string, string>> = {
  'a cell ends': 'a | b || c',
  'a row ends': 'a |\n| b | c |',
  'a backslash comes before a pipe': 'a \\| b \\\\| c',
  'code begins': '`a | b',
  'emphasis begins': '**a** _b_ ~~c~~',
  'HTML begins': '<script>alert(1)</script> <!-- a -->',
  'a link begins': '[a](https://example.com) ![b](c) <https://example.com>',
  'an address is a link': 'https://example.com/_a_ and www.example.com',
  'an entity begins': '&amp; &#124;',
  'a formula begins': '$a$',
  'a table begins': '| --- |',
};

describe('a cell', () => {
  it.each(Object.entries(hostile))('shows a text as it is if %s', (_, text) => {
    expect(parsed([text, 'x'])).toEqual([
      [
        { kinds: [], text: shown(text) },
        { kinds: [], text: 'x' },
      ],
    ]);
  });

  it('shows any text as it is, and keeps the number of cells', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      stringOf('|\\`*_~[]()<>&$!#@:/-w.\n a1'),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (cells) => {
        const [row] = parsed(cells);
        expect(row).toEqual(cells.map((cell) => ({ kinds: [], text: shown(cell) })));
      }),
    );
  });

  it.each([
    ['@alice', '@<!-- -->alice'],
    ['#12 and GH-12', '#<!-- -->12 and GH-<!-- -->12'],
    [':boom: at 00:04:30', ':<!-- -->boom: at 00:04:30'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['a\u202eb', 'a\\\\u202eb'],
  ])('mentions nothing and has no color: %j', (text, expected) => expect(escaped(text)).toBe(expected));
});

function stringOf(characters: string) {
  return fc.string({ unit: fc.constantFrom(...characters) });
}
