import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig } from '../../src/config/index.ts';
import type { GoldenFiles } from './golden-files.ts';

const FOLDER = 'test/fixtures/bad';

/** The errors of every invalid configuration under test/fixtures/bad. */
export function badConfigs(): GoldenFiles {
  const folders = readdirSync(FOLDER).map((name) => join(FOLDER, name));
  return new Map(folders.map((folder) => [join(folder, 'expected.txt'), errorsOf(folder)]));
}

/** @throws Error if the configuration is valid */
function errorsOf(folder: string): string {
  try {
    loadConfig(folder, 'production');
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message.replaceAll(`${folder}/`, 'config/')}\n`;
    throw error;
  }
  throw new Error(`${folder} must be an invalid configuration, but is valid.`);
}
