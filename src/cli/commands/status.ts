import { visibleJson } from '../../config/quote.ts';
import { sayUnlisted } from '../../core/rotating/environment.ts';
import type { Config } from '../../core/spec.ts';
import { placeOf } from '../../jobs/place.ts';
import { fleetStatus } from '../../jobs/status.ts';
import type { Ports } from '../../ports.ts';
import { type CommonOptions, type Context, configOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { withGivenOptions } from '../given.ts';
import { groupsNamed } from '../group.ts';
import { contextsOf, everywhere, jsonOfPlaces, placesCommand, viewPlaces } from '../places.ts';
import { type PlacedStatus, statusCells, statusColumns, viewStatus } from '../views/status.ts';
import { watch, watchOption } from '../watch.ts';

interface StatusOptions extends CommonOptions {
  readonly watch?: string | true;
}

export const statusCommand = () =>
  placesCommand('status', 'show all tables with phase, capacity, consumption, cost, and next change')
    .argument('[groups...]', 'show only these groups')
    .option('--watch [seconds]', 'show it again and again (default: every 60 seconds)')
    .action(async (groups: string[], options: StatusOptions) => {
      const contexts = contextsOf(options);
      const [context] = contexts as readonly [Context];
      const config = configOf(context);
      const shown = groupsNamed(config, groups);
      const seconds = watchOption(options.watch);
      if (seconds !== undefined && options.at !== undefined)
        throw new UsageError('--watch and --at exclude each other. Use one of them.');
      if (config.unlisted?.similarTo !== undefined) console.error(sayUnlisted(config));
      const ports = new Map(contexts.map(({ chosen }, i) => [placeKey(chosen), portsOf(contexts[i]!)]));
      const read = (now: readonly Context[]) => {
        const one = (context: Context) =>
          readOne(context, config, ports.get(placeKey(context.chosen))!, shown);
        return now.length === 1 ? one(now[0]!).then((status) => viewOne(status, now[0]!)) : readAll(now, one);
      };
      if (seconds === undefined) return console.log(await read(contexts));
      await watch(() => read(contextsOf(options)), seconds, context.json);
    });

const placeKey = ({ region, profile }: Context['chosen']): string => JSON.stringify([region, profile]);

async function readOne(
  context: Context,
  config: Config,
  ports: Ports,
  shown: readonly string[] | undefined,
): Promise<PlacedStatus> {
  const [{ environment, ...fleet }, { region, account = null }] = await Promise.all([
    fleetStatus(config, ports, context.now, shown),
    placeOf(ports, context.environment),
  ]);
  return { environment, region, account, ...fleet };
}

const viewOne = (status: PlacedStatus, { json, given }: Context): string =>
  json ? visibleJson(status, 2) : withGivenOptions(viewStatus(status), given);

async function readAll(
  contexts: readonly Context[],
  one: (context: Context) => Promise<PlacedStatus>,
): Promise<string> {
  const answers = await everywhere(contexts, one);
  return contexts[0]!.json
    ? jsonOfPlaces(answers, 'status')
    : viewPlaces(answers, statusColumns, statusCells, viewOne);
}
