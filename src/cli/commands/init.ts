import { visibleJson } from '../../config/quote.ts';
import { stateTableName } from '../../core/calendar/naming.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';

export const initCommand = () =>
  command('init', 'create the state table, if you do not deploy with Serverless').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      configOf(context);
      const created = await portsOf(context).state.initialize();
      const name = stateTableName(context.environment);
      if (context.json) console.log(visibleJson({ name, created }));
      else
        console.log(created ? `Created the state table ${name}.` : `The state table ${name} already exists.`);
    },
  );
