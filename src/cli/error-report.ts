import { CommanderError } from 'commander';
import { ConfigError, type Problem } from '../config/index.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import { CommandFailed, exitCodeOf, Interrupted, UsageError } from './failure.ts';
import { type GivenOptions, withGivenOptions } from './given.ts';
import { style, visible } from './views/text.ts';

export const FAILED = 1;
export const BAD_INPUT = 2;

/** An error as `--json` prints it. */
export interface ErrorReport {
  /** `invalid-input`, `invalid-configuration`, `failed`, `interrupted`, `bug`, or the code of a failed call to AWS. */
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  /** Each problem, if there can be several. */
  readonly problems?: readonly (string | Problem)[];
  /** What else a program can use, as the error has it. */
  readonly details?: unknown;
}

export function reportOf(error: unknown): ErrorReport {
  const message = messageOf(error);
  if (error instanceof CommanderError) {
    const problem = message.replace(/^error: /, '');
    return { code: 'invalid-input', exitCode: BAD_INPUT, message: problem, problems: [problem] };
  }
  if (error instanceof UsageError)
    return { code: 'invalid-input', exitCode: BAD_INPUT, message, problems: error.problems };
  if (error instanceof ConfigError)
    return { code: 'invalid-configuration', exitCode: BAD_INPUT, message, problems: error.problems };
  if (error instanceof Interrupted)
    return { code: 'interrupted', exitCode: exitCodeOf(error.signal), message };
  if (error instanceof CommandFailed) {
    const { details } = error;
    return { code: 'failed', exitCode: FAILED, message, ...(details !== undefined && { details }) };
  }
  if (error instanceof ServiceError) return { code: error.code, exitCode: FAILED, message };
  return { code: BUG, exitCode: FAILED, message };
}

const BUG = 'bug';

/** Prints an error as text. A stack trace helps only developers, so it needs TURNTABLE_DEBUG. */
export function printReport(error: unknown, report: ErrorReport, given: GivenOptions): void {
  const { code, message, problems = [message] } = report;
  const say = (text: string): string => withGivenOptions(visible(text), given);
  // The lines of this message are those of the problems, each of them safe.
  if (error instanceof ConfigError)
    return console.error(`${style.bad('The configuration is invalid:')}\n${message}`);
  if (code === 'interrupted') return console.error(say(message));
  for (const problem of problems)
    console.error(`${style.bad('Error:')} ${say(typeof problem === 'string' ? problem : problem.message)}`);
  if (error instanceof CommandFailed) for (const line of error.lines) console.error(say(line));
  if (code === BUG)
    console.error('This error is a bug in Turntable. Set TURNTABLE_DEBUG=1 to print the stack trace.');
}
