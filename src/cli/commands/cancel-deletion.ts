import {
  type CommonOptions,
  type Context,
  command,
  contextOf,
  portsOf,
  requireValidEnvironment,
} from '../context.ts';
import { UsageError } from '../failure.ts';
import { record } from '../recorded.ts';
import { plural, visible } from '../views/text.ts';

interface CancelDeletionOptions extends CommonOptions {
  readonly all?: boolean;
}

export const cancelDeletionCommand = () =>
  command('cancel-deletion', 'cancel scheduled deletions. Tables still due start a new waiting period')
    .argument('[tables...]', 'table names')
    .option('--all', 'cancel every scheduled deletion in the environment')
    .action(async (names: string[], options: CancelDeletionOptions) => {
      const context = contextOf(options);
      requireValidEnvironment(context);
      if (names.length > 0 === (options.all ?? false))
        throw new UsageError('Name the tables whose deletion to cancel, or use --all.');
      const ports = portsOf(context);
      const { state } = ports;
      const scheduled = (await state.scheduledDeletions()).map(({ table }) => table).sort();
      const chosen = options.all ? scheduled : [...new Set(names)];
      const unknown = chosen.filter((name) => !scheduled.includes(name));
      if (unknown.length > 0) throw new UsageError(notScheduled(unknown, scheduled));
      for (const name of chosen) await state.cancelDeletion(name);
      if (chosen.length > 0)
        await record(context, ports, { command: 'cancel-deletion', message: sayCanceled(chosen) });
      report(context, chosen);
    });

/** More names make an entry too long to read. */
const NAMED = 10;

function sayCanceled(names: readonly string[]): string {
  const rest = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
  return `Canceled ${plural(names.length, 'scheduled deletion')}: ${names.slice(0, NAMED).join(', ')}${rest}.`;
}

function notScheduled(unknown: readonly string[], scheduled: readonly string[]): string {
  const known = scheduled.length > 0 ? ` Scheduled: ${scheduled.join(', ')}.` : '';
  return `No deletion is scheduled for ${unknown.join(', ')}.${known} Nothing was changed.`;
}

function report({ json }: Context, canceled: readonly string[]): void {
  if (json) return console.log(JSON.stringify({ canceled }));
  if (canceled.length === 0) return console.log('No deletion is scheduled.');
  for (const name of canceled) console.log(`Deletion canceled: ${visible(name)}.`);
  console.log('Tables still due start a new waiting period. To keep a table, add the tag turntable:keep.');
}
