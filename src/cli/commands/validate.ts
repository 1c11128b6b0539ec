import { ConfigError, loadConfig, readConfig } from '../../config/index.ts';
import { visibleJson } from '../../config/quote.ts';
import type { CommonOptions, Context } from '../context.ts';
import { command, contextOf } from '../context.ts';
import { plural, style } from '../views/text.ts';

export const validateCommand = () =>
  command('validate', 'validate the configuration files for every environment').action(
    (options: CommonOptions) => {
      const context = contextOf(options);
      if (context.json) return printJson(context);
      const { specs } = loadConfig(context.folder, context.environment);
      const { environments } = readConfig(context.folder, context.environment);
      const groups = specs.map(({ name, scheme }) => `${name} (${scheme})`).join(', ');
      const counted = `${plural(specs.length, 'spec')}${groups && `: ${groups}`}.`;
      console.log(`${style.good('Valid.')} ${counted} ${sayEnvironments(environments, context.environment)}`);
    },
  );

/** An environment that settings.json does not list is valid, but could be a typo, so the output mentions it. */
function sayEnvironments(listed: readonly string[], chosen: string): string {
  const named =
    listed.length > 0 ? `Environments: ${listed.join(', ')}.` : 'settings.json lists no environments.';
  return listed.includes(chosen) ? named : `${named} ${chosen} uses the defaults.`;
}

/** Prints the problems as data. The exit code is the same as without --json. */
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
