/**
 * A damaged configuration either loads or is rejected with positions. It never causes another error, and the code that checks
 * files in every run agrees with Ajv.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { explained } from '../../src/config/explain.ts';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import { quick } from '../../src/config/quick.ts';
import { type Parse, validate } from '../../src/config/validate.ts';
import { replaceFile } from '../support/replace-file.ts';

const GOOD = 'test/fixtures/good/every-property';
const texts = {
  'tables.json': readFileSync(join(GOOD, 'tables.json'), 'utf8'),
  'settings.json': readFileSync(join(GOOD, 'settings.json'), 'utf8'),
  'prices.json': readFileSync(join(GOOD, 'prices.json'), 'utf8'),
};
type File = keyof typeof texts;

const scratch = mkdtempSync(join(tmpdir(), 'turntable-mutation-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const kinds = { 'tables.json': 'tables', 'settings.json': 'settings', 'prices.json': 'prices' } as const;

/** What a file contains; undefined if its syntax is invalid, a key occurs twice, or it does not conform to its schema. */
function accepted(parse: Parse, file: File, text: string): unknown {
  const parsed = parse(file, text);
  const problems = [...parsed.syntax, ...parsed.duplicates, ...validate(parsed, kinds[file])];
  return problems.length === 0 ? parsed.value : undefined;
}

/** Whether the check of every run finds a violation exactly if Ajv does, also without places and words. */
function agrees(file: File, text: string): boolean {
  const parsed = explained(file, text);
  const isFound = validate(quick(file, text), kinds[file]).length > 0;
  return (
    (parsed.syntax.length > 0 || isFound === parsed.violations(kinds[file]).length > 0) &&
    isDeepStrictEqual(accepted(quick, file, text), accepted(explained, file, text))
  );
}

function loadsOrIsRejected(file: File, text: string): void {
  expect(agrees(file, text)).toBe(true);
  for (const [name, original] of Object.entries(texts))
    replaceFile(join(scratch, name), name === file ? text : original);
  try {
    expect(Object.isFrozen(loadConfig(scratch, 'production'))).toBe(true);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThanOrEqual(1);
    for (const { line, column } of error.problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
    expect(error.message).not.toMatch(/[^\n\P{Cc}]/u);
  }
}

/** The value itself, and every object and array inside it. */
function containers(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(containers)];
}

const files = fc.constantFrom<File>('tables.json', 'settings.json', 'prices.json');
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    0,
    -1,
    1.5,
    1e308,
    '',
    '-1',
    '0x10',
    ' 5',
    'none',
    '__proto__',
    '\u001b[2J',
    null,
    true,
    [],
    {},
  ),
);
const names = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'Tables', 'Min', '0'),
  fc.string(),
);

const damages = fc.record({
  container: fc.nat(),
  entry: fc.nat(),
  kind: fc.constantFrom('delete', 'replace', 'rename', 'repeat'),
  value: junk,
  name: names,
});
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

/** The text of a file with one entry deleted, replaced, renamed or repeated. */
function damaged(text: string, { container, entry, kind, value, name }: Damage): string {
  const root: unknown = JSON.parse(text);
  const all = containers(root).filter((one) => Object.keys(one).length > 0);
  const target = all[container % all.length] as Record<string, unknown>;
  const keys = Object.keys(target);
  const key = keys[entry % keys.length] ?? '';
  const put = (at: string, what: unknown) =>
    Object.defineProperty(target, at, { value: what, enumerable: true, configurable: true, writable: true });
  if (kind === 'replace') put(key, value);
  else if (kind === 'repeat') put(key, [target[key], target[key]]);
  else if (Array.isArray(target))
    target.splice(Number(key), 1, ...(kind === 'rename' ? [[target[Number(key)]]] : []));
  else {
    if (kind === 'rename') put(name, target[key]);
    if (key !== name) delete target[key];
  }
  return JSON.stringify(root);
}

test('loads or rejects a file with an entry deleted, replaced, renamed or repeated', () => {
  fc.assert(
    fc.property(files, damages, (file, damage) => loadsOrIsRejected(file, damaged(texts[file], damage))),
    { numRuns: 500 },
  );
});

test('loads or rejects a file with characters removed, inserted or replaced', () => {
  fc.assert(
    fc.property(
      files,
      fc.nat(),
      fc.nat(20),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('{', '"', ',', '\\')),
      (file, at, length, with_) => {
        const text = texts[file];
        const from = at % text.length;
        loadsOrIsRejected(file, text.slice(0, from) + with_ + text.slice(from + length));
      },
    ),
    { numRuns: 250 },
  );
});

test('loads or rejects a truncated file', () => {
  fc.assert(
    fc.property(files, fc.nat(), (file, at) =>
      loadsOrIsRejected(file, texts[file].slice(0, at % texts[file].length)),
    ),
    { numRuns: 80 },
  );
});

test('loads or rejects a file with arbitrary content', () => {
  fc.assert(
    fc.property(files, fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 200 })), loadsOrIsRejected),
    { numRuns: 200 },
  );
});
