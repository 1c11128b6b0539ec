/** Something the user has to mend: shown as it is, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What was asked for could not be done: shown as it is, exit code 1. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}
