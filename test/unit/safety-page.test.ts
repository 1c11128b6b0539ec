/** Compares docs/safety.md with the tests that it names and the messages that it quotes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/safety.md');
const section = (title: string): string => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .slice(1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?| ?\|$/g, '')));

/** The tests in a cell such as `test/…` "name", "name". Names before the first file belong to `defaultFile`. */
function named(text: string, defaultFile = ''): { file: string; name: string }[] {
  let file = defaultFile;
  return [...text.matchAll(/`(test\/[^`]+\.test\.ts)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    file = path ?? file;
    return name === undefined ? [] : [{ file, name }];
  });
}

const tests = [
  ...rowsOf(section('Promises')).flatMap((row) => named(row[2] ?? '')),
  ...rowsOf(section('Least privilege')).flatMap((row) =>
    named(row[1] ?? '', 'test/e2e/template-roles.test.ts'),
  ),
];

test.each(tests)('$file has a test "$name"', ({ file, name }) => {
  const source = read(file);
  const quotes = ["'", '"', '`'];
  expect(quotes.filter((mark) => source.includes(mark + name))).not.toEqual([]);
});

test('names a file and a test for every promise', () => {
  const rows = rowsOf(section('Promises'));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    expect(named(row[2] ?? ''), row[0]).not.toEqual([]);
    for (const [, file] of (row[1] ?? '').matchAll(/`([^`]+)`/g))
      expect(() => readdirOrFile(file!), file).not.toThrow();
  }
});

const readdirOrFile = (path: string) => (path.endsWith('/') ? readdirSync(join(root, path)) : read(path));

describe('incidents', () => {
  const folder = join(root, 'test/incidents');
  const source = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => read(`test/incidents/${file}`).replaceAll("\\'", "'"))
    .join('\n');
  const rows = rowsOf(section('Incidents from the field'));

  test.each(rows)('%s. %s', (number, _what, _now, says = '') => {
    expect(source).toMatch(new RegExp(`test(\\.each[\\s\\S]{0,1000}?)?\\(\\s*'${number}\\. `));
    for (const [, message] of says.matchAll(/`([^`]+)`/g)) expect(source).toContain(message);
  });
});
