import { Command, CommanderError } from 'commander';
import packageJson from '../../packages/cli/package.json' with { type: 'json' };
import { ConfigError } from '../config/index.ts';
import { messageOf, ServiceError } from '../core/failure.ts';
import { adoptCommand } from './commands/adopt.ts';
import { applyCommand } from './commands/apply.ts';
import { backtestCommand } from './commands/backtest.ts';
import { cancelDeletionCommand } from './commands/cancel-deletion.ts';
import { confirmCommand } from './commands/confirm.ts';
import { daemonCommand } from './commands/daemon.ts';
import { exportTraceCommand } from './commands/export-trace.ts';
import { generateCommand } from './commands/generate.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { rotateCommand } from './commands/rotate.ts';
import { statusCommand } from './commands/status.ts';
import { resumeCommand, suspendCommand } from './commands/suspend.ts';
import { tablesCommand } from './commands/tables.ts';
import { validateCommand } from './commands/validate.ts';
import { givenConfigOf } from './context.ts';
import { CommandFailed, UsageError } from './failure.ts';
import { withConfigOption } from './suggested.ts';
import { style, visible, visibleLines } from './views/text.ts';

const FAILED = 1;
const BAD_INPUT = 2;

/** The commands by their heading in `turntable --help`. */
const groups: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Check the configuration:': [validateCommand, tablesCommand, resolveCommand, generateCommand],
  'Plan and apply changes:': [planCommand, applyCommand, rotateCommand, statusCommand, reportCommand],
  'Suspend, cancel and confirm:': [suspendCommand, resumeCommand, cancelDeletionCommand, confirmCommand],
  'Adopt and restore tables:': [importCommand, adoptCommand, restoreCommand],
  'Compare scaling methods:': [exportTraceCommand, backtestCommand],
  'Run without Lambda:': [initCommand, daemonCommand],
};

/** Builds the command line. */
export function program(): Command {
  const turntable = new Command('turntable')
    .description(
      'Manages time-rotated DynamoDB tables: creates them in advance, scales them with demand, and purges them when their retention ends.',
    )
    .version(packageJson.version)
    .configureOutput({
      outputError: (text, write) => write(visibleLines(text).replace(/^error:/, () => style.bad('Error:'))),
    })
    .showHelpAfterError('Run "turntable COMMAND --help" for usage.')
    .exitOverride();
  for (const [heading, commands] of Object.entries(groups))
    for (const create of commands)
      turntable.addCommand(create().copyInheritedSettings(turntable).helpGroup(heading));
  return turntable;
}

/** Prints the error and returns the exit code. A stack trace helps only developers, so it needs TURNTABLE_DEBUG. */
function fail(error: unknown, givenConfig: string | undefined): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_INPUT;
  const badInput = error instanceof UsageError;
  const expected = badInput || error instanceof CommandFailed || error instanceof ServiceError;
  if (error instanceof ConfigError) {
    console.error(`${style.bad('The configuration is invalid:')}\n${error.message}`);
    return BAD_INPUT;
  }
  const messages = badInput ? error.problems : [messageOf(error)];
  for (const message of messages)
    console.error(`${style.bad('Error:')} ${withConfigOption(visible(message), givenConfig)}`);
  if (!expected)
    console.error('This error is a bug in Turntable. Set TURNTABLE_DEBUG=1 to print the stack trace.');
  if (process.env.TURNTABLE_DEBUG) console.error(error);
  return badInput ? BAD_INPUT : FAILED;
}

/** Runs one command line, given without the program name. Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  let givenConfig: string | undefined;
  const turntable = program().hook('preAction', (_, command) => {
    givenConfig = givenConfigOf(command.opts());
  });
  try {
    await turntable.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return fail(error, givenConfig);
  }
}
