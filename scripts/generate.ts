/**
 * Generates src/generated/*.ts and docs/configuration.md from the schemas, docs/reasons.md from the record of reasons,
 * docs/metrics.md from those of metrics, src/generated/conforms.ts from the schemas of a configuration, and the scripts of pages in src/generated from src/backtest/browser and
 * src/report/browser.
 * With --check, it writes nothing, lists the files that differ, and exits with 1 if there are any.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { JSONSchema } from 'json-schema-to-typescript';
import { conformsOf } from './generate/conforms.ts';
import { metricsPage } from './generate/metrics.ts';
import { pageScriptOf, pages } from './generate/page-script.ts';
import { reasonsPage } from './generate/reasons.ts';
import { referenceOf } from './generate/reference.ts';
import { typesOf } from './generate/types.ts';

const root = join(import.meta.dirname, '..');
const SUFFIX = '.schema.json';

/** The files that operators edit, in the order of the reference. */
const DESCRIBED = ['tables', 'settings', 'prices', 'deployment'];

function readSchemas(): Map<string, JSONSchema> {
  const files = readdirSync(join(root, 'schemas')).filter((file) => file.endsWith(SUFFIX));
  return new Map(
    files.sort().map((file) => [file, JSON.parse(readFileSync(join(root, 'schemas', file), 'utf8'))]),
  );
}

/** The text of every generated file, by its path from the root. */
async function generate(): Promise<Map<string, string>> {
  const schemas = readSchemas();
  const described = DESCRIBED.map((name) => ({
    file: `${name}.json`,
    schema: schemas.get(name + SUFFIX) ?? {},
  }));
  const outputs = new Map([
    ['docs/configuration.md', referenceOf(described)],
    ['docs/metrics.md', metricsPage()],
    ['docs/reasons.md', reasonsPage()],
  ]);
  outputs.set('src/generated/conforms.ts', await conformsOf(root, (name) => schemas.get(name + SUFFIX)));
  for (const [path, page] of Object.entries(pages)) outputs.set(path, await pageScriptOf(root, page));
  for (const [file, schema] of schemas)
    outputs.set(`src/generated/${basename(file, SUFFIX)}.ts`, await typesOf(schema, file));
  return outputs;
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const differing = [...(await generate())].filter(([path, text]) => current(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of differing) console.error(`${path} is not up to date.`);
  if (differing.length > 0) {
    console.error('Run `npm run generate` and commit the result.');
    process.exitCode = 1;
  }
} else {
  for (const [path, text] of differing) {
    write(path, text);
    console.log(`wrote ${path}`);
  }
  if (differing.length === 0) console.log('All generated files are up to date.');
}
