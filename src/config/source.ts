import { join } from 'node:path';
import { decode, type Reading, readText } from './read.ts';

/** Files of a configuration that were read from elsewhere than a folder. */
export interface FetchedFiles {
  /** What messages call the place, such as `s3://bucket/prefix`. */
  readonly name: string;
  /** The bytes of each file that exists, by its name. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A folder, or files that were fetched. */
export type ConfigSource = string | FetchedFiles;

/** The files that a configuration can have. */
export const CONFIG_FILES = ['tables.json', 'settings.json', 'prices.json'] as const;
export type ConfigFile = (typeof CONFIG_FILES)[number];

/** The path of a file, as messages show it. */
export const pathOf = (source: ConfigSource, file: ConfigFile): string =>
  typeof source === 'string' ? join(source, file) : `${source.name}/${file}`;

export function readFile(source: ConfigSource, file: ConfigFile): Reading {
  const path = pathOf(source, file);
  if (typeof source === 'string') return readText(path);
  const bytes = source.files.get(file);
  return bytes ? decode(path, bytes) : { absent: true };
}
