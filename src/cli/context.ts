import { Command, Option } from 'commander';
import { environmentProblem, unlistedAmong } from '../config/environment.ts';
import { loadConfig, readConfig } from '../config/index.ts';
import { quote } from '../config/quote.ts';
import type { ConfigSource } from '../config/source.ts';
import { parseRunInstant } from '../core/calendar/instant.ts';
import { lacksStateTable, withCure } from '../core/no-state-table.ts';
import type { Config } from '../core/spec.ts';
import { latePorts } from '../late-ports.ts';
import type { Ports } from '../ports.ts';
import { awsPorts, type Chosen, configFolder, wallClock } from '../runtime.ts';
import { UsageError } from './failure.ts';
import type { GivenOptions } from './given.ts';

/** The default stage of Serverless. */
const DEFAULT_ENVIRONMENT = 'dev';

/** Options of every command. */
export interface CommonOptions {
  readonly config?: string;
  readonly env?: string;
  readonly at?: string;
  readonly json?: boolean;
  /** Only of commands that call AWS. */
  readonly region?: string;
  readonly profile?: string;
  /** The files at --config, if that is in S3. */
  readonly fetched?: ConfigSource;
}

/** Creates a command that calls AWS. */
export const command = (name: string, description: string): Command =>
  localCommand(name, description)
    .option('--region <name>', 'AWS region (default: AWS_REGION, then the region of the AWS profile)')
    .option('--profile <name>', 'AWS profile with the credentials and the region (default: AWS_PROFILE)');

/** Creates a command that does not call AWS, with the options that all commands have. */
export function localCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option(
        '-c, --config <dir>',
        'folder that contains tables.json and settings.json, or s3://bucket/prefix',
      ).env('TURNTABLE_CONFIG'),
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
  readonly source: ConfigSource;
  /** For commands to run next. */
  readonly given: GivenOptions;
  /** The region and the profile that the user gave. */
  readonly chosen: Chosen;
  readonly environment: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly json: boolean;
}

/** Where the configuration is, as the user or the variable says. */
export const placeOf = ({ config }: CommonOptions): string => config ?? configFolder();

const sourceOf = (options: CommonOptions): ConfigSource => options.fetched ?? placeOf(options);

/** @throws UsageError */
export function contextOf(options: CommonOptions): Context {
  const { region, profile } = options;
  if (region !== undefined && !REGION.test(region)) throw new UsageError(noRegion(region));
  return {
    source: sourceOf(options),
    given: givenOptions(options),
    chosen: { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) },
    environment: options.env ?? DEFAULT_ENVIRONMENT,
    now: options.at === undefined ? wallClock.now() : instantOption(options.at),
    json: options.json ?? false,
  };
}

function noRegion(text: string): string {
  if (text.includes(','))
    return `--region ${quote(text)} names several regions, which only status, plan and report accept. Name one.`;
  return `--region ${quote(text)} is not a region. Use a name such as eu-west-1.`;
}

/** A part of a host name, which the SDK makes of it. */
const REGION = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** The options that the user gave, and that no variable sets for the next command too. */
export const givenOptions = ({ config, region, profile }: CommonOptions): GivenOptions => ({
  config: config === process.env.TURNTABLE_CONFIG ? undefined : config,
  region,
  profile,
});

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

/**
 * The error of a missing state table, with a better cure if the environment is probably mistyped. Commands that need no
 * configuration have not read it. An invalid one changes nothing.
 */
export function withEnvironmentCure(error: unknown, options: CommonOptions): unknown {
  if (!lacksStateTable(error)) return error;
  const environment = options.env ?? DEFAULT_ENVIRONMENT;
  const { environments } = readConfig(sourceOf(options));
  const unlisted = unlistedAmong(environment, environments);
  return withCure(error, { environment, ...(unlisted && { unlisted }) });
}

/** @throws ConfigError */
export function configOf({ source, environment }: Context): Config {
  return loadConfig(source, environment);
}

export function portsOf({ environment, chosen }: Context): Ports {
  return { ...awsPorts(environment, {}, chosen), ...latePorts(chosen) };
}
