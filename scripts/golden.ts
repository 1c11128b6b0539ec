/**
 * Rewrites the golden files that follow from the code: what each wrong configuration under test/fixtures/bad is
 * refused with. Review the difference before you commit it: the tests accept whatever stands there.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../src/config/index.ts';

const BAD = 'test/fixtures/bad';

function refusal(folder: string): string {
  try {
    loadConfig(folder, 'production');
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message.replaceAll(`${folder}/`, 'config/')}\n`;
    throw error;
  }
  throw new Error(`${folder} is a valid configuration.`);
}

for (const name of readdirSync(BAD).sort()) {
  const path = join(BAD, name, 'expected.txt');
  const text = refusal(join(BAD, name));
  if (readFileSync(path, 'utf8') === text) continue;
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
