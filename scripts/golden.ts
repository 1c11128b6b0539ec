/**
 * Rewrites the golden files, which tests compare with the output of the code:
 * - test/fixtures/bad: the errors of invalid configurations
 * - examples/application/tables.ts: the module of `turntable generate`
 * - README.md: the excerpt of the demo's output
 *
 * `npm run golden` also generates the files that follow from the schemas. Review the difference before you commit it,
 * because the tests accept the content of these files as correct.
 *
 * Two golden files come from elsewhere and must not be rewritten: test/fixtures/golden/mollom-names.json and
 * docs/vectors.json. The figures in docs/capacity.md come from `node bench/capacity.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badConfigs } from './golden/bad-config.ts';
import { exampleModule } from './golden/example-module.ts';
import { readme } from './golden/readme.ts';

process.chdir(join(import.meta.dirname, '..'));

const sources = [badConfigs, exampleModule, readme];
const changed = sources
  .flatMap((source) => [...source()])
  .filter(([path, text]) => readFileSync(path, 'utf8') !== text);
for (const [path, text] of changed) {
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
console.log(
  changed.length === 0
    ? 'All golden files are up to date.'
    : 'Review the difference: `git diff`. Commit it only if every line is correct.',
);
