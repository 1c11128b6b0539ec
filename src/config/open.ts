import type { Problem } from './problem.ts';
import { problemOfFile, type Reading, readText } from './read.ts';
import { type ConfigFile, type ConfigSource, pathOf, readFile } from './source.ts';
import type { Parse, Parsed } from './validate.ts';

/** A file that could be read, or why it could not be. Both are absent if the file is, and may be. */
export interface Opened<T> {
  readonly document?: T;
  readonly problems: Problem[];
}

/** Opens a configuration file. A missing file is a problem only if `ifAbsent` has a message for it. */
export const open = (
  parse: Parse,
  source: ConfigSource,
  file: ConfigFile,
  ifAbsent?: string,
): Opened<Parsed> => opened(parse, pathOf(source, file), readFile(source, file), ifAbsent);

/** Opens a file that is always local and can be missing. */
export const openLocal = <T>(parse: (file: string, text: string) => T, path: string): Opened<T> =>
  opened(parse, path, readText(path));

function opened<T>(
  parse: (file: string, text: string) => T,
  path: string,
  reading: Reading,
  ifAbsent?: string,
): Opened<T> {
  if ('text' in reading) return { document: parse(path, reading.text), problems: [] };
  if ('problem' in reading) return { problems: [reading.problem] };
  return { problems: ifAbsent ? [problemOfFile(path, ifAbsent)] : [] };
}
