import { visibleJson } from '../../config/quote.ts';
import { stateTableName } from '../../core/calendar/naming.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';

export const initCommand = () =>
  command('init', 'make the state table, for people who do not deploy with Serverless').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      configOf(context);
      const made = await portsOf(context).state.initialise();
      const name = stateTableName(context.environment);
      if (context.json) console.log(visibleJson({ name, made }));
      else console.log(made ? `Made the state table ${name}.` : `The state table ${name} is there already.`);
    },
  );
