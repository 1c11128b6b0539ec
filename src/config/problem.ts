/** A path in a file: keys and array indexes from the root. */
export type Path = readonly (string | number)[];

/** One problem in the configuration and its position. */
export interface Problem {
  /** Path of the file, relative to the same base as the folder that was given. */
  readonly file: string;
  /** Starts at 1. 0 means that the whole file could not be read. */
  readonly line: number;
  /** Starts at 1, in UTF-16 code units like in editors. 0 if `line` is 0. */
  readonly column: number;
  /** For example `Tables[0].PurgeRotation`. Empty for the whole file. */
  readonly path: string;
  /** What is wrong and what would be right. The subject of the sentence is the path, or the file without one. */
  readonly message: string;
  /** What the user probably meant, as a sentence. */
  readonly hint?: string;
}

/** With more lines, the first problems would scroll off the screen. */
const SHOWN = 100;

/** The configuration is invalid. The message has one line for each problem. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `config/tables.json:12:5  Tables[0].PurgeRotation  is "four", but must be …` */
function formatProblem({ file, line, column, path, message, hint }: Problem): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  const sentence = hint ? `${message} ${hint}` : message;
  return [place, path, sentence].filter((part) => part !== '').join('  ');
}

function formatProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, SHOWN).map(formatProblem);
  if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more.`);
  return lines.join('\n');
}

/** Sorts problems by file, in the order in which the files were read, and then by position. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return [...problems].sort(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
