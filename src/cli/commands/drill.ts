import { Option } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { iso } from '../../core/calendar/instant.ts';
import { scratchName } from '../../core/drilling/name.ts';
import type { DrillRecord } from '../../core/drilling/record.ts';
import { sayKind } from '../../core/drilling/say.ts';
import { tableItems } from '../../items.ts';
import { type DrillPlan, drillToEnd, surveyDrill } from '../../jobs/drill-command.ts';
import { leaseOwner, wallClock } from '../../runtime.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, Interrupted } from '../failure.ts';
import { specNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewDrill } from '../views/drill.ts';
import { waiting } from '../views/restoration.ts';
import { shellWord, visible } from '../views/text.ts';

interface DrillCommandOptions extends CommonOptions {
  readonly yes?: boolean;
}

export const drillCommand = () =>
  command('drill', 'preview, then restore the newest backup or export of a group, compare it, and delete it')
    .argument('<group>', 'group name, the TableName of a spec')
    .addOption(new Option('-y, --yes', 'skip the prompt'))
    .action(async (group: string, options: DrillCommandOptions) => {
      const context = contextOf(options);
      rejectFuture('drill', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const ports = { ...portsOf(context), ...tableItems(context.chosen) };
      const plan = await surveyDrill(config, spec, context.now, ports);
      if ('reason' in plan) throw new CommandFailed(plan.message);
      if (!context.json) console.log(viewDrill(plan, context.now));
      const again = `turntable drill ${shellWord(group)} --env ${context.environment}`;
      if (!options.yes && !canPrompt(context)) {
        if (context.json) return report(plan);
        return print(context, `\nNothing was restored. To drill the group: ${again} --yes`);
      }
      if (!options.yes) await confirm();
      const message = `Drilled ${group} with ${sayKind(plan.backup)} ${plan.backup.name} of ${plan.backup.table}.`;
      await record(context, ports, { command: 'drill', group, message });
      const { stop, signal, ignore } = stopOnSignal();
      const { onWait, done } = waiting(process.stderr, () => wallClock.now());
      const owner = () => leaseOwner('drill');
      const ended = await drillToEnd(plan, config, ports, {
        ...{ owner, stop },
        ...(!context.json && { onWait: () => onWait('Drilling') }),
      }).finally(() => {
        done();
        ignore();
      });
      if (!ended) throw new Interrupted(`Interrupted. The drill is not over. To finish: ${again}`, signal());
      if (context.json) report(plan, ended);
      if (ended.outcome === 'failed') throw new CommandFailed(ended.message);
      if (!context.json) console.log(`\n${visible(ended.message)}`);
    });

function report({ spec, backup, usd, started }: DrillPlan, ended?: NonNullable<DrillRecord['last']>): void {
  const { arn, name, table, sizeBytes, createdAt } = backup;
  const json = {
    environment: spec.environment,
    group: spec.name,
    table: scratchName(spec.environment, spec.name),
    backup: { arn, name, table, createdAt: iso(createdAt), sizeBytes },
    costUsd: usd,
    alreadyStarted: started,
    drill: ended ? { outcome: ended.outcome, at: iso(ended.at), message: ended.message } : null,
  };
  console.log(visibleJson(json, 2));
}
