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
  /** For `--json`. */
  readonly details: unknown;
  /** What follows the message on the terminal, line by line. */
  readonly lines: readonly string[];

  constructor(message: string, details?: unknown, lines: readonly string[] = []) {
    super(message);
    this.details = details;
    this.lines = lines;
  }
}

/** The signals by which a person or the system ends a command, with the numbers that shells add to 128 for an exit code. */
const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
export type StopSignal = keyof typeof signalNumbers;

export const exitCodeOf = (signal: StopSignal): number => 128 + signalNumbers[signal];

/** A person or the system ended the command. The message is printed as it is, exit code 130 or 143. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  readonly signal: StopSignal;

  constructor(message: string, signal: StopSignal = 'SIGINT') {
    super(message);
    this.signal = signal;
  }
}
