import { Command, CommanderError } from 'commander';
import packageJson from '../../packages/cli/package.json' with { type: 'json' };
import { visibleJson } from '../config/quote.ts';
import { adoptCommand } from './commands/adopt.ts';
import { applyCommand } from './commands/apply.ts';
import { archiveCommand } from './commands/archive.ts';
import { backtestCommand } from './commands/backtest.ts';
import { cancelDeletionCommand } from './commands/cancel-deletion.ts';
import { completionCommand } from './commands/completion.ts';
import { confirmCommand } from './commands/confirm.ts';
import { costCommand } from './commands/cost.ts';
import { daemonCommand } from './commands/daemon.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drillCommand } from './commands/drill.ts';
import { environmentsCommand } from './commands/environments.ts';
import { explainCommand } from './commands/explain.ts';
import { exportTraceCommand } from './commands/export-trace.ts';
import { generateCommand } from './commands/generate.ts';
import { historyCommand } from './commands/history.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { planCommand } from './commands/plan.ts';
import { policyCommand } from './commands/policy.ts';
import { reportCommand } from './commands/report.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { rotateCommand } from './commands/rotate.ts';
import { statusCommand } from './commands/status.ts';
import { resumeCommand, suspendCommand } from './commands/suspend.ts';
import { tablesCommand } from './commands/tables.ts';
import { teardownCommand } from './commands/teardown.ts';
import { validateCommand } from './commands/validate.ts';
import { type CommonOptions, givenOptions, withEnvironmentCure } from './context.ts';
import { BAD_INPUT, FAILED, printReport, reportOf } from './error-report.ts';
import { fetchInto } from './fetch-config.ts';
import { style, visibleLines } from './views/text.ts';

/** The commands by their heading in `turntable --help`. */
const groups: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Check the configuration:': [validateCommand, tablesCommand, resolveCommand, generateCommand],
  'Plan and apply changes:': [
    planCommand,
    applyCommand,
    rotateCommand,
    statusCommand,
    environmentsCommand,
    explainCommand,
    historyCommand,
    reportCommand,
    doctorCommand,
  ],
  'Suspend, cancel and confirm:': [suspendCommand, resumeCommand, cancelDeletionCommand, confirmCommand],
  'Tear an environment down:': [teardownCommand],
  'Adopt and restore tables:': [importCommand, adoptCommand, restoreCommand, archiveCommand, drillCommand],
  'Compare scaling methods:': [costCommand, exportTraceCommand, backtestCommand],
  'Run without Lambda:': [initCommand, daemonCommand],
  'Give people permissions:': [policyCommand],
  'Set up the shell:': [completionCommand],
};

/** Builds the command line. With `json`, the caller prints the errors of the parser. */
export function program({ json = false }: Partial<Manner> = {}): Command {
  const turntable = new Command('turntable')
    .description(
      'Manages time-rotated DynamoDB tables: creates them in advance, scales them with demand, and purges them when their retention ends.',
    )
    .version(packageJson.version)
    .configureOutput({
      outputError: (text, write) => {
        if (!json) write(visibleLines(text).replace(/^error:/, () => style.bad('Error:')));
      },
    })
    .showHelpAfterError(json ? false : 'Run "turntable COMMAND --help" for usage.')
    .exitOverride();
  for (const [heading, commands] of Object.entries(groups))
    for (const create of commands)
      turntable.addCommand(create().copyInheritedSettings(turntable).helpGroup(heading));
  return turntable;
}

/** How a command line asks for its errors. Known before it is parsed, because that can fail too. */
interface Manner {
  readonly json: boolean;
  /** With it, 2 means that changes are pending, and only that. */
  readonly detailedExitcode: boolean;
}

/** Prints the error and returns the exit code. */
function fail(error: unknown, options: CommonOptions, { json, detailedExitcode }: Manner): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const cured = withEnvironmentCure(error, options);
  const report = reportOf(cured);
  const exitCode = report.exitCode === BAD_INPUT && detailedExitcode ? FAILED : report.exitCode;
  if (json) console.error(visibleJson({ error: { ...report, exitCode } }));
  else if (!(error instanceof CommanderError)) printReport(cured, report, givenOptions(options));
  if (process.env.TURNTABLE_DEBUG) console.error(error);
  return exitCode;
}

/** Runs one command line, given without the program name. Returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  const manner = { json: args.includes('--json'), detailedExitcode: args.includes('--detailed-exitcode') };
  let options: CommonOptions = {};
  const turntable = program(manner).hook('preAction', async (_, command) => {
    options = command.opts();
    await fetchInto(command);
  });
  try {
    await turntable.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return fail(error, options, manner);
  }
}
