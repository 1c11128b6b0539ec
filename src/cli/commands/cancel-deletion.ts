import {
  type CommonOptions,
  type Context,
  command,
  contextOf,
  environmentMustBeRight,
  portsOf,
} from '../context.ts';
import { UsageError } from '../failure.ts';
import { visible } from '../views/text.ts';

interface PardonOptions extends CommonOptions {
  readonly all?: boolean;
}

export const pardonCommand = () =>
  command('pardon', 'lift the sentence of condemned tables: they begin with a first look again')
    .argument('[tables...]', 'names of tables')
    .option('--all', 'every condemned table of the environment')
    .action(async (names: string[], options: PardonOptions) => {
      const context = contextOf(options);
      environmentMustBeRight(context);
      if (names.length > 0 === (options.all ?? false))
        throw new UsageError('Say which tables to pardon: their names, or --all.');
      const { state } = portsOf(context);
      const condemned = (await state.sentences()).map(({ table }) => table).sort();
      const chosen = options.all ? condemned : [...new Set(names)];
      const unknown = chosen.filter((name) => !condemned.includes(name));
      if (unknown.length > 0) throw new UsageError(notCondemned(unknown, condemned));
      for (const name of chosen) await state.pardon(name);
      report(context, chosen);
    });

function notCondemned(unknown: readonly string[], condemned: readonly string[]): string {
  const known = condemned.length > 0 ? `Condemned are: ${condemned.join(', ')}.` : 'No table is condemned.';
  return `Not condemned: ${unknown.join(', ')}. ${known} Nothing was done.`;
}

function report({ json }: Context, pardoned: readonly string[]): void {
  if (json) return console.log(JSON.stringify({ pardoned }));
  if (pardoned.length === 0) return console.log('No table is condemned.');
  for (const name of pardoned) console.log(`Pardoned ${visible(name)}.`);
  console.log(
    'Those still due begin with a first look. To keep one for good, give it the tag turntable:keep.',
  );
}
