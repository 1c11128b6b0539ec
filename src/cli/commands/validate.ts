import { ConfigError, loadConfig, readConfig } from '../../config/index.ts';
import type { CommonOptions, Context } from '../context.ts';
import { command, contextOf } from '../context.ts';
import { plural, style } from '../views/text.ts';

export const validateCommand = () =>
  command('validate', 'check tables.json and settings.json, for every environment they name').action(
    (options: CommonOptions) => {
      const context = contextOf(options);
      if (context.json) return printJson(context);
      const { specs } = loadConfig(context.folder, context.environment);
      const { environments } = readConfig(context.folder, context.environment);
      const named = [...new Set([...environments, context.environment])].join(', ');
      const groups = specs.map(({ name, scheme }) => `${name} (${scheme})`).join(', ') || 'no specs';
      console.log(
        `${style.good('Valid.')} ${plural(specs.length, 'spec')}: ${groups}. Environments: ${named}.`,
      );
    },
  );

/** Machines get the problems as data, and the same exit code. */
function printJson({ folder, environment }: Context): void {
  try {
    loadConfig(folder, environment);
    console.log(JSON.stringify({ valid: true, problems: [] }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.log(JSON.stringify({ valid: false, problems: error.problems }, null, 2));
    process.exitCode = 2;
  }
}
