import { visibleJson } from '../../config/quote.ts';
import { placeOf } from '../../jobs/place.ts';
import { fleetStatus } from '../../jobs/status.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { print } from '../suggested.ts';
import { viewStatus } from '../views/status.ts';

export const statusCommand = () =>
  command('status', 'show all tables with phase, capacity, consumption, cost, and next change').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      const config = configOf(context);
      const ports = portsOf(context);
      const [{ environment, ...fleet }, { region, account = null }] = await Promise.all([
        fleetStatus(config, ports, context.now),
        placeOf(ports, context.environment),
      ]);
      const status = { environment, region, account, ...fleet };
      if (context.json) console.log(visibleJson(status, 2));
      else print(context, viewStatus(status));
    },
  );
