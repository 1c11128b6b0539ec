import { visibleJson } from '../../config/quote.ts';
import { fleetStatus } from '../../jobs/status.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { print } from '../suggested.ts';
import { viewStatus } from '../views/status.ts';

export const statusCommand = () =>
  command('status', 'show all tables with phase, capacity, consumption, cost, and next change').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      const status = await fleetStatus(configOf(context), portsOf(context), context.now);
      if (context.json) console.log(visibleJson(status, 2));
      else print(context, viewStatus(status));
    },
  );
