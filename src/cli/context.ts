import { Command, Option } from 'commander';
import { environmentProblem } from '../config/environment.ts';
import { loadConfig } from '../config/index.ts';
import { quote } from '../config/quote.ts';
import { parseRunInstant } from '../core/calendar/instant.ts';
import type { Config } from '../core/spec.ts';
import { latePorts } from '../late-ports.ts';
import type { Ports } from '../ports.ts';
import { awsPorts, configFolder, wallClock } from '../runtime.ts';
import { UsageError } from './failure.ts';

/** The default stage of Serverless. */
const DEFAULT_ENVIRONMENT = 'dev';

/** Options of every command. */
export interface CommonOptions {
  readonly config?: string;
  readonly env?: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** Creates a command that has the common options. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option('-c, --config <dir>', 'folder that contains tables.json and settings.json').env(
        'TURNTABLE_CONFIG',
      ),
    )
    .addOption(
      new Option('-e, --env <name>', `environment name (default: ${DEFAULT_ENVIRONMENT})`).env(
        'TURNTABLE_ENVIRONMENT',
      ),
    )
    .option(
      '--at <instant>',
      'evaluate at this time, in ISO 8601, UTC unless it has an offset (default: now)',
    )
    .option('--json', 'print JSON');
}

/** The common options of one invocation, checked. */
export interface Context {
  readonly folder: string;
  /** The folder as the user gave it with --config, for commands to run next. A variable is still set for those. */
  readonly givenConfig?: string;
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly json: boolean;
}

/** @throws UsageError */
export function contextOf(options: CommonOptions): Context {
  const givenConfig = givenConfigOf(options);
  return {
    folder: options.config ?? configFolder(),
    ...(givenConfig !== undefined && { givenConfig }),
    environment: options.env ?? DEFAULT_ENVIRONMENT,
    now: options.at === undefined ? wallClock.now() : instantOption(options.at),
    json: options.json ?? false,
  };
}

/** The value of --config; undefined if it is from the variable. */
export const givenConfigOf = ({ config }: CommonOptions): string | undefined =>
  config === process.env.TURNTABLE_CONFIG ? undefined : config;

function instantOption(text: string): number {
  const instant = parseRunInstant(text);
  if (instant !== undefined) return instant;
  throw new UsageError(
    `--at ${quote(text)} is not a valid time between the years 2000 and 8999. Use a form such as 2026-11-21 or 2026-11-21T06:00:00Z.`,
  );
}

/** For commands that do not read the configuration. @throws UsageError if the environment name is invalid */
export function requireValidEnvironment({ environment }: Context): void {
  const problem = environmentProblem(environment);
  if (problem) throw new UsageError(`--env ${quote(environment)} ${problem.message}`);
}

/** @throws ConfigError */
export function configOf({ folder, environment }: Context): Config {
  return loadConfig(folder, environment);
}

export function portsOf({ environment }: Context): Ports {
  return { ...awsPorts(environment), ...latePorts() };
}
