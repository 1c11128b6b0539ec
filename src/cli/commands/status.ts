import { visibleJson } from '../../config/quote.ts';
import { fleetStatus } from '../../jobs/status.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { viewStatus } from '../views/status.ts';

export const statusCommand = () =>
  command('status', 'show all tables with phase, capacity, consumption, cost, and next change').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      const status = await fleetStatus(configOf(context), portsOf(context), context.now);
      console.log(context.json ? visibleJson(status, 2) : viewStatus(status));
    },
  );
