/** Compares docs/aws.md with the tests and the versions of packages that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/aws.md');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!behavior)/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

/** The tests in a cell such as `test/…` "name", "name". */
function named(cell: string): { file: string; name: string }[] {
  let file = '';
  return [...cell.matchAll(/`(test\/[^`]+\.ts)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    file = path ?? file;
    return name === undefined ? [] : [{ file, name }];
  });
}

test.each(rows.flatMap(([, , held = '']) => named(held)))('$file has a test "$name"', ({ file, name }) => {
  const source = existsSync(join(root, file)) ? read(file) : '';
  expect(["'", '"', '`'].filter((mark) => source.includes(mark + name))).not.toEqual([]);
});

test('names a behavior, a source, a test, and what happens if it changes, in every row', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) {
    expect(row, row[0]).toHaveLength(4);
    expect(named(row[2] ?? ''), row[0]).not.toEqual([]);
    for (const cell of row) expect(cell.trim(), row[0]).not.toBe('');
  }
});

test('names the versions that are installed', () => {
  const versions = [...page.matchAll(/`((?:@aws-sdk\/)?[a-z-]+)` (\d+\.\d+\.\d+)/g)];
  expect(versions.map(([, name]) => name)).toEqual([
    '@aws-sdk/client-dynamodb',
    '@aws-sdk/client-cloudwatch',
    'node-cron',
  ]);
  for (const [, name, version] of versions)
    expect(JSON.parse(read(`node_modules/${name}/package.json`)).version, name).toBe(version);
});
