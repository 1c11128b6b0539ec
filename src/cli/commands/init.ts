import { visibleJson } from '../../config/quote.ts';
import { stateTableName } from '../../core/calendar/naming.ts';
import { sayMistyped } from '../../core/no-state-table.ts';
import type { Config } from '../../core/spec.ts';
import type { Initialized } from '../../ports.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { UsageError } from '../failure.ts';

export const initCommand = () =>
  command('init', 'create the state table, if you do not deploy with Serverless').action(
    async (options: CommonOptions) => {
      const context = contextOf(options);
      rejectMistyped(configOf(context));
      const done = await portsOf(context).state.initialize();
      const name = stateTableName(context.environment);
      if (context.json) console.log(visibleJson({ name, ...done }));
      else console.log(say(name, done));
    },
  );

function say(name: string, { created, timeToLiveEnabled }: Initialized): string {
  if (created) return `Created the state table ${name}.`;
  const enabled = timeToLiveEnabled ? ' Turned on time to live for its history.' : '';
  return `The state table ${name} already exists.${enabled}`;
}

/** A state table of a mistyped environment would stay behind unnoticed. @throws UsageError */
function rejectMistyped({ environment, unlisted }: Config): void {
  if (unlisted?.similarTo === undefined) return;
  throw new UsageError(
    `${sayMistyped(environment, unlisted.similarTo)} If the name is correct, add it to Environments in settings.json.`,
  );
}
