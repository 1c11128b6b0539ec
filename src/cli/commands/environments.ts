import { ConfigError, loadConfig, loadPrices, readConfig } from '../../config/index.ts';
import { visibleJson } from '../../config/quote.ts';
import { prices } from '../../core/prices.ts';
import type { Config } from '../../core/spec.ts';
import { type Configured, surveyEnvironments } from '../../jobs/environments.ts';
import { placeOf } from '../../jobs/place.ts';
import { type CommonOptions, type Context, command, contextOf, portsOf } from '../context.ts';
import { print } from '../suggested.ts';
import { viewEnvironments } from '../views/environments.ts';

export const environmentsCommand = () =>
  command('environments', 'show every environment with its groups, tables by phase, size and cost').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      const configured = configuredIn(context);
      const ports = portsOf(context);
      const [{ at, ...sums }, { region, account = null }] = await Promise.all([
        surveyEnvironments(configured, ports, context.now),
        placeOf(ports, context.environment),
      ]);
      const all = { region, account, at, configured: configured.problem === undefined, ...sums };
      if (context.json) return console.log(visibleJson(all, 2));
      print(context, viewEnvironments(all));
      if (configured.problem !== undefined)
        print(
          context,
          `\nThe phases of tables are unknown, because the configuration is invalid. Run \`turntable validate\`.`,
        );
    },
  );

/** What the configuration says of each environment. The command works without one. */
function configuredIn(context: Context): Configured & { readonly problem: string | undefined } {
  const { source } = context;
  const { environments, problems } = readConfig(source);
  const known = new Map<string, Config | undefined>();
  const configOf = (environment: string): Config | undefined => {
    if (!known.has(environment))
      known.set(
        environment,
        unlessInvalid(() => loadConfig(source, environment)),
      );
    return known.get(environment);
  };
  return {
    listed: environments,
    configOf,
    stateOf: (environment) => portsOf({ ...context, environment }).state,
    prices: unlessInvalid(() => loadPrices(source)) ?? prices,
    problem: problems[0]?.message,
  };
}

function unlessInvalid<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
