import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config/index.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import { adoptCommand } from './commands/adopt.ts';
import { applyCommand } from './commands/apply.ts';
import { backtestCommand } from './commands/backtest.ts';
import { cancelDeletionCommand } from './commands/cancel-deletion.ts';
import { daemonCommand } from './commands/daemon.ts';
import { exportTraceCommand } from './commands/export-trace.ts';
import { generateCommand } from './commands/generate.ts';
import { initCommand } from './commands/init.ts';
import { planCommand } from './commands/plan.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { rotateCommand } from './commands/rotate.ts';
import { statusCommand } from './commands/status.ts';
import { resumeCommand, suspendCommand } from './commands/suspend.ts';
import { tablesCommand } from './commands/tables.ts';
import { validateCommand } from './commands/validate.ts';
import { CommandFailed, UsageError } from './failure.ts';
import { style, visible, visibleLines } from './views/text.ts';

const FAILED = 1;
const BAD_INPUT = 2;

/** The whole command line. */
export function program(): Command {
  const turntable = new Command('turntable')
    .description(
      'Time-rotated DynamoDB tables: made before they are needed, purged when they are due, scaled with demand.',
    )
    .version(packageJson.version)
    .configureOutput({
      outputError: (text, write) => write(visibleLines(text).replace(/^error:/, () => style.bad('Error:'))),
    })
    .showHelpAfterError('(turntable COMMAND --help says more)')
    .exitOverride();
  const commands = [
    validateCommand(),
    tablesCommand(),
    planCommand(),
    applyCommand(),
    rotateCommand(),
    statusCommand(),
    resolveCommand(),
    generateCommand(),
    backtestCommand(),
    exportTraceCommand(),
    daemonCommand(),
    suspendCommand(),
    resumeCommand(),
    cancelDeletionCommand(),
    restoreCommand(),
    adoptCommand(),
    initCommand(),
  ];
  for (const each of commands) turntable.addCommand(each.copyInheritedSettings(turntable));
  return turntable;
}

/** Shows what went wrong and answers the exit code. No stack trace: those help nobody but us. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const badInput = error instanceof UsageError;
  const expected = badInput || error instanceof CommandFailed || error instanceof ServiceError;
  if (error instanceof ConfigError) {
    console.error(`${style.bad('The configuration is not valid:')}\n${error.message}`);
    return BAD_INPUT;
  }
  const messages = badInput ? error.problems : [messageOf(error)];
  for (const message of messages) console.error(`${style.bad('Error:')} ${visible(message)}`);
  if (!expected) console.error('This should not have happened; TURNTABLE_DEBUG=1 shows where it did.');
  if (process.env.TURNTABLE_DEBUG) console.error(error);
  return badInput ? BAD_INPUT : FAILED;
}

/** Runs one command line, without the program's own name; answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  try {
    await program().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return fail(error);
  }
}
