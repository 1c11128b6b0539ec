import { visibleJson } from '../../config/quote.ts';
import { sayKeep } from '../../core/purging/retention-words.ts';
import type { Confirmation } from '../../core/requests/confirm.ts';
import { confirmRetention, surveyConfirmation } from '../../jobs/confirm.ts';
import { placeOf } from '../../jobs/place.ts';
import { leaseOwner } from '../../runtime.ts';
import { canPrompt, confirmByName } from '../confirm.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { specNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { print } from '../suggested.ts';
import { viewConfirmation } from '../views/confirmation.ts';
import { shellWord } from '../views/text.ts';

interface ConfirmOptions extends CommonOptions {
  readonly retype?: string;
}

export const confirmCommand = () =>
  command('confirm', 'preview, then confirm that the retention of a group is correct')
    .argument('<group>', 'group name, the TableName of a spec')
    .option('--retype <name>', 'the group name again, instead of an answer to the prompt')
    .action(async (group: string, options: ConfirmOptions) => {
      const context = contextOf(options);
      rejectFuture('confirm', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      if (options.retype !== undefined && options.retype !== group)
        throw new UsageError(`--retype must be ${group}, the name of the group.`);
      const ports = portsOf(context);
      const [plan, place] = await Promise.all([
        surveyConfirmation(config, spec, ports, context.now),
        placeOf(ports, context.environment),
      ]);
      if (!context.json) console.log(viewConfirmation(plan, place));
      if (plan.settled) return report(context.json, plan, false);
      if (options.retype === undefined) {
        if (!canPrompt(context)) {
          report(context.json, plan, false);
          const again = `turntable confirm ${shellWord(group)} --env ${context.environment} --retype ${shellWord(group)}`;
          if (!context.json) print(context, `\nNothing was confirmed. To confirm: ${again}`);
          return;
        }
        await confirmByName(group);
      }
      const refusal = await confirmRetention(spec, ports, leaseOwner('confirm'));
      if (refusal !== undefined) throw new CommandFailed(`${refusal} Run the command again.`);
      await record(context, ports, {
        command: 'confirm',
        group,
        message: `PurgeRotation ${sayKeep(spec)} (${spec.scheme}) is confirmed.`,
      });
      if (context.json) report(true, plan, true);
      else console.log(`\nConfirmed. It takes effect in the next run of purge.`);
    });

function report(json: boolean, { spec, applied, settled, due }: Confirmation, confirmed: boolean): void {
  if (!json) return;
  const keepOf = (keep: number): number => (keep === Infinity ? -1 : keep);
  const before = applied && { scheme: applied.scheme, purgeRotation: keepOf(applied.keep) };
  const after = { scheme: spec.scheme, purgeRotation: keepOf(spec.keep) };
  const { environment, name: group } = spec;
  const inForce = settled !== undefined || confirmed;
  console.log(visibleJson({ environment, group, applied: before ?? null, spec: after, due, inForce }, 2));
}
