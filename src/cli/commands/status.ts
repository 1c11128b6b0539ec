import { visibleJson } from '../../config/quote.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import type { Config } from '../../core/spec.ts';
import { placeOf } from '../../jobs/place.ts';
import { fleetStatus } from '../../jobs/status.ts';
import type { Ports } from '../../ports.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { withGivenOptions } from '../given.ts';
import { groupsNamed } from '../group.ts';
import { viewStatus } from '../views/status.ts';
import { watch, watchOption } from '../watch.ts';

interface StatusOptions extends CommonOptions {
  readonly watch?: string | true;
}

export const statusCommand = () =>
  command('status', 'show all tables with phase, capacity, consumption, cost, and next change')
    .argument('[groups...]', 'show only these groups')
    .option('--watch [seconds]', 'show it again and again (default: every 60 seconds)')
    .action(async (groups: string[], options: StatusOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const shown = groupsNamed(config, groups);
      const seconds = watchOption(options.watch);
      if (seconds !== undefined && options.at !== undefined)
        throw new UsageError('--watch and --at exclude each other. Use one of them.');
      if (config.unlisted?.similarTo !== undefined) console.error(sayUnlisted(config));
      const ports = portsOf(context);
      if (seconds === undefined) return console.log(await read(context, config, ports, shown));
      await watch(() => read(contextOf(options), config, ports, shown), seconds, context.json);
    });

async function read(
  context: Context,
  config: Config,
  ports: Ports,
  shown: readonly string[] | undefined,
): Promise<string> {
  const [{ environment, ...fleet }, { region, account = null }] = await Promise.all([
    fleetStatus(config, ports, context.now, shown),
    placeOf(ports, context.environment),
  ]);
  const status = { environment, region, account, ...fleet };
  return context.json ? visibleJson(status, 2) : withGivenOptions(viewStatus(status), context.given);
}
