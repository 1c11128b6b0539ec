import { Document } from './document.ts';
import type { Problem } from './problem.ts';
import { problemOfFile, type Reading, readText } from './read.ts';
import { type ConfigFile, type ConfigSource, pathOf, readFile } from './source.ts';

/** A file that could be read, or why it could not be. Both are absent if the file is, and may be. */
export interface Opened {
  readonly document?: Document;
  readonly problems: Problem[];
}

/** Opens a configuration file. A missing file is a problem only if `ifAbsent` has a message for it. */
export const open = (source: ConfigSource, file: ConfigFile, ifAbsent?: string): Opened =>
  opened(pathOf(source, file), readFile(source, file), ifAbsent);

/** Opens a file that is always local and can be missing. */
export const openLocal = (path: string): Opened => opened(path, readText(path));

function opened(path: string, reading: Reading, ifAbsent?: string): Opened {
  if ('text' in reading) return { document: new Document(path, reading.text), problems: [] };
  if ('problem' in reading) return { problems: [reading.problem] };
  return { problems: ifAbsent ? [problemOfFile(path, ifAbsent)] : [] };
}
