import { loadDeployment, readDeployment } from '../../config/deployment.ts';
import { ConfigError, type ConfigFiles, loadConfig, readConfig } from '../../config/index.ts';
import { visibleJson } from '../../config/quote.ts';
import { functionSize, tablesOf } from '../../config/shards.ts';
import type { ConfigSource } from '../../config/source.ts';
import { warningsOf } from '../../config/warnings.ts';
import { outgrown } from '../../core/function-size.ts';
import { metricCount, metricsMonth } from '../../core/metrics/published.ts';
import type { Config } from '../../core/spec.ts';
import type { CommonOptions, Context } from '../context.ts';
import { contextOf, localCommand } from '../context.ts';
import { stackLines } from '../views/stack.ts';
import { plural, style, visible } from '../views/text.ts';

export const validateCommand = () =>
  localCommand('validate', 'validate the configuration files for every environment').action(
    (options: CommonOptions) => {
      const context = contextOf(options);
      if (context.json) return printJson(context);
      const config = validConfig(context);
      const files = readConfig(context.source, context.environment);
      const environments = environmentsOf(context);
      console.log(
        `${style.good('Valid.')} ${saySpecs(config.specs)} ${sayEnvironments(files, context.environment)}`,
      );
      for (const warning of warnings(context, environments))
        console.log(`${style.warn('Warning:')} ${visible(warning)}`);
      console.log(sayMetrics(context, environments));
      const deployed = options.env === undefined ? deployedOf(context) : [context.environment];
      for (const environment of deployed)
        for (const line of linesOf({ ...context, environment })) console.log(line);
    },
  );

/** What to know about the stack of an environment. */
function linesOf(context: Context): string[] {
  const stack = stackOf(context);
  if (!stack) return [];
  const { source, environment, now } = context;
  return stackLines(stack, environment, functionSize(stack, loadConfig(source, environment), now).shards);
}

/** The environments that deployment.json lists, and the chosen one. */
const deployedOf = ({ source, environment }: Context): string[] => [
  ...new Set([...readDeployment(localFolder(source), environment).environments, environment]),
];

/** The environments that settings.json or deployment.json lists, and the chosen one. */
const environmentsOf = (context: Context): string[] => [
  ...new Set([...readConfig(context.source, context.environment).environments, ...deployedOf(context)]),
];

/** @throws ConfigError with every problem in every file, deployment.json included */
function validConfig({ source, environment }: Context): Config {
  const { problems, environments } = readDeployment(localFolder(source), environment);
  let others: ConfigError['problems'] = [];
  try {
    const config = loadConfig(source, environment);
    if (problems.length === 0) {
      // Names of tables can be too long in one of them.
      for (const listed of environments) loadConfig(source, listed);
      return config;
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    others = error.problems;
  }
  throw new ConfigError([...others, ...problems]);
}

/** The folder of deployment.json, which is never read from S3. */
const localFolder = (source: ConfigSource): string => (typeof source === 'string' ? source : 'config');

/** The parameters of the stack; undefined if the folder has no deployment.json, as without Serverless. */
const stackOf = ({ source, environment }: Context) =>
  readDeployment(localFolder(source), environment).written
    ? loadDeployment(localFolder(source), environment)
    : undefined;

/** How many specs are named. `turntable tables` lists all. */
const NAMED = 20;

/** `2 specs: Events (daily), Flags (none).` */
function saySpecs(specs: Config['specs']): string {
  const named = specs.slice(0, NAMED).map(({ name, scheme }) => `${name} (${scheme})`);
  const more = specs.length > NAMED ? ` and ${specs.length - NAMED} more` : '';
  return `${plural(specs.length, 'spec')}${specs.length > 0 ? `: ${named.join(', ')}${more}` : ''}.`;
}

/** An environment that settings.json does not list is valid, but could be a typo, so the output mentions it. */
function sayEnvironments({ environments: listed, settings }: ConfigFiles, chosen: string): string {
  if (!settings)
    return `There is no settings.json, so ${chosen} uses the defaults. To list environments, create that file: {"Environments": {"${chosen}": {}}}`;
  const named =
    listed.length > 0 ? `Environments: ${listed.join(', ')}.` : 'settings.json lists no environments.';
  return listed.includes(chosen) ? named : `${named} ${chosen} uses the defaults.`;
}

/** How many metrics an environment sends, and what they cost. ConfigBucket and RestoreDrills of deployment.json add one each. */
function metricsOf(source: ConfigSource, environment: string) {
  const folder = localFolder(source);
  const isValid = readDeployment(folder, environment).problems.length === 0;
  const stack = isValid ? loadDeployment(folder, environment) : undefined;
  const has = (['ConfigBucket', 'RestoreDrills'] as const).filter((key) => stack?.[key]);
  const config = loadConfig(source, environment);
  return { environment, count: metricCount(config, has), usdPerMonth: metricsMonth(config, has) };
}

/** `Metrics that a deployment sends to CloudWatch: 10 in production (at most USD 3.00 per month).` */
function sayMetrics({ source }: Context, environments: readonly string[]): string {
  const said = environments.map((name) => {
    const { count, usdPerMonth } = metricsOf(source, name);
    return `${count} in ${name} (at most USD ${usdPerMonth.toFixed(2)} per month)`;
  });
  return `Metrics that a deployment sends to CloudWatch: ${said.join(', ')}.`;
}

/** The warnings for all these environments. */
const warnings = ({ source, now }: Context, environments: readonly string[]): string[] =>
  environments.flatMap((name) => {
    const config = loadConfig(source, name);
    return [...warningsOf(config, process.env.AWS_REGION), ...sizeWarning(source, config, now)];
  });

/** That scale is too small for the fleet of an environment. Without deployment.json, nothing is known of its function. */
function sizeWarning(source: ConfigSource, config: Config, now: number): string[] {
  const folder = localFolder(source);
  const { environment } = config;
  if (!readDeployment(folder, environment).written) return [];
  const size = functionSize(loadDeployment(folder, environment), config, now);
  const trouble = outgrown(tablesOf(config, now), size);
  return trouble ? [`${environment}: ${trouble.message} ${trouble.cure}`] : [];
}

/** Prints the problems as data. The exit code is the same as without --json. */
function printJson(context: Context): void {
  try {
    validConfig(context);
    const environments = environmentsOf(context);
    const stack = stackOf(context);
    const metrics = environments.map((name) => metricsOf(context.source, name));
    console.log(
      visibleJson({
        valid: true,
        problems: [],
        warnings: warnings(context, environments),
        metrics,
        ...(stack && { stack }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.log(visibleJson({ valid: false, problems: error.problems }, 2));
    process.exitCode = 2;
  }
}
