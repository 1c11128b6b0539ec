import { moduleOf } from '../../src/cli/views/module.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { GoldenFiles } from './golden-files.ts';

const FOLDER = 'examples/application';

/** The module that `turntable generate` writes for the example application. */
export function exampleModule(): GoldenFiles {
  const config = loadConfig(`${FOLDER}/config`, 'production');
  return new Map([[`${FOLDER}/tables.ts`, moduleOf(config, 'typescript', undefined)]]);
}
