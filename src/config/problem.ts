/** A place in a file: keys and array indexes from the root. */
export type Path = readonly (string | number)[];

/** One thing that is wrong with the config, and where. */
export interface Problem {
  /** As it was reached from the folder that was given. */
  readonly file: string;
  /** From 1; 0 where the problem is with the file as a whole, which could not be read. */
  readonly line: number;
  /** From 1, in characters as editors count them; 0 like `line`. */
  readonly column: number;
  /** Such as `Tables[0].PurgeRotation`; empty for the whole file. */
  readonly path: string;
  /** What is wrong and what would be right: a sentence whose subject is the path, or else the file. */
  readonly message: string;
  /** A guess at what was meant. */
  readonly hint?: string;
}

/** More than this would scroll the first ones away. */
const SHOWN = 100;

/** The config can't be used. The message is all that an operator needs to read. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(sayProblems(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `config/tables.json:12:5  Tables[0].PurgeRotation  must be …` */
export function sayProblem({ file, line, column, path, message, hint }: Problem): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  const sentence = hint ? `${message} ${hint}` : message;
  return [place, path, sentence].filter((part) => part !== '').join('  ');
}

function sayProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN).map(sayProblem);
  if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more.`);
  return lines.join('\n');
}

/** By file, as files are read, then by position. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return [...problems].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
