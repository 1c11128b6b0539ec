/** Prints how many AWS calls each job makes. `--write` also writes the first table of docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsInMarkdown, measureCalls, viewCalls } from './calls.ts';

const sizes = [10, 100, 1_000];

const measurements = [];
for (const size of sizes) {
  process.stderr.write(`${size} tables …\n`);
  measurements.push(...(await measureCalls(size)));
}
console.log(viewCalls(measurements));
if (process.argv.includes('--write')) {
  const page = join(import.meta.dirname, '../docs/benchmarks.md');
  const [, comparison = ''] = readFileSync(page, 'utf8').split(/^(?=## )/m);
  writeFileSync(page, `${callsInMarkdown(measurements)}\n${comparison}`);
}
