import { ConfigError, loadConfig, readConfig } from '../../config/index.ts';
import { visibleJson } from '../../config/quote.ts';
import type { CommonOptions, Context } from '../context.ts';
import { command, contextOf } from '../context.ts';
import { plural, style } from '../views/text.ts';

export const validateCommand = () =>
  command(
    'validate',
    'check tables.json, settings.json and prices.json, for every environment they name',
  ).action((options: CommonOptions) => {
    const context = contextOf(options);
    if (context.json) return printJson(context);
    const { specs } = loadConfig(context.folder, context.environment);
    const { environments } = readConfig(context.folder, context.environment);
    const groups = specs.map(({ name, scheme }) => `${name} (${scheme})`).join(', ');
    const counted = `${plural(specs.length, 'spec')}${groups && `: ${groups}`}.`;
    console.log(`${style.good('Valid.')} ${counted} ${sayEnvironments(environments, context.environment)}`);
  });

/** An environment that settings do not list is fine, and may be a slip: it is said. */
function sayEnvironments(listed: readonly string[], chosen: string): string {
  const named = listed.length > 0 ? `Environments: ${listed.join(', ')}.` : 'No environment is listed.';
  return listed.includes(chosen) ? named : `${named} ${chosen} gets the defaults.`;
}

/** Machines get the problems as data, and the same exit code. */
function printJson({ folder, environment }: Context): void {
  try {
    loadConfig(folder, environment);
    console.log(visibleJson({ valid: true, problems: [] }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.log(visibleJson({ valid: false, problems: error.problems }, 2));
    process.exitCode = 2;
  }
}
