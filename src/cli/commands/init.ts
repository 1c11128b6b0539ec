import { visibleJson } from '../../config/quote.ts';
import { stateTableName } from '../../core/calendar/naming.ts';
import { sayMistyped } from '../../core/no-state-table.ts';
import type { Config } from '../../core/spec.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';

export const initCommand = () =>
  command('init', 'create the state table, if you do not deploy with Serverless').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      rejectMistyped(configOf(context));
      const created = await portsOf(context).state.initialize();
      const name = stateTableName(context.environment);
      if (context.json) console.log(visibleJson({ name, created }));
      else
        console.log(created ? `Created the state table ${name}.` : `The state table ${name} already exists.`);
    },
  );

/** A state table of a mistyped environment would stay behind unnoticed. @throws UsageError */
function rejectMistyped({ environment, unlisted }: Config): void {
  if (unlisted?.similarTo === undefined) return;
  throw new UsageError(
    `${sayMistyped(environment, unlisted.similarTo)} If the name is correct, add it to Environments in settings.json.`,
  );
}
