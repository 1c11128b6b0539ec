/** What the user has to mend, each thing a sentence: shown as they are, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** What was asked for could not be done: shown as it is, exit code 1. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}
