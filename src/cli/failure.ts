/** Problems that the user can correct, one sentence each. Printed as they are, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The command could not do its work. The message is printed as it is, exit code 1. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}
