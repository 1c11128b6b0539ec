import { Option } from 'commander';
import { visibleJson } from '../../config/quote.ts';
import { iso, isoOrNull } from '../../core/calendar/instant.ts';
import { type Period, periodAt } from '../../core/calendar/period.ts';
import type { TableState } from '../../core/facts.ts';
import type { Restoration } from '../../core/requests/restore.ts';
import type { Spec } from '../../core/spec.ts';
import { restore, surveyRestoration } from '../../jobs/restore.ts';
import type { Ports } from '../../ports.ts';
import { wallClock } from '../../runtime.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, Interrupted, UsageError } from '../failure.ts';
import { periodOption, specNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { record } from '../recorded.ts';
import { stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { viewRestoration, viewRestored, waiting } from '../views/restoration.ts';
import { shellWord } from '../views/text.ts';
import { restoreFromArchive } from './restore-archive.ts';

interface RestoreOptions extends CommonOptions {
  readonly period?: string;
  readonly from: 'backup' | 'archive';
  readonly yes?: boolean;
}

export const restoreCommand = () =>
  command(
    'restore',
    'preview, then restore a deleted table from its newest backup, or its newest export to S3',
  )
    .argument('<group>', 'group name, the TableName of a spec')
    .option('--period <period>', 'period of the table: 20261121 or 2026-11-21')
    .addOption(
      new Option('--from <source>', 'what to restore from: a backup, or an export to S3')
        .choices(['backup', 'archive'])
        .default('backup'),
    )
    .addOption(new Option('-y, --yes', 'skip the prompt'))
    .action(async (group: string, options: RestoreOptions) => {
      const context = contextOf(options);
      rejectFuture('restore', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const period = periodOf(spec, options.period, context.now);
      const repeated = again(group, context.environment, options);
      if (options.from === 'archive')
        return restoreFromArchive({
          context,
          config,
          spec,
          period,
          again: repeated,
          yes: options.yes === true,
        });
      const ports = portsOf(context);
      const plan = await surveyRestoration(config, spec, period, ports, context.now);
      if ('refusal' in plan) throw new CommandFailed(`Nothing was restored. ${plan.refusal}`);
      if (!context.json) console.log(viewRestoration(plan, config.prices, context.now));
      if (!options.yes && !canPrompt(context)) {
        if (context.json) return report(plan);
        return print(context, `\nNothing was restored. To restore the table: ${repeated} --yes`);
      }
      if (!options.yes) await confirm();
      const { restored, signal } = await carryOut(plan, ports, context);
      const { table, backup } = plan;
      const ended = restored ? 'Restored' : 'Started to restore';
      const message = `${ended} ${table.name} from the backup ${backup.name}.`;
      await record(context, ports, { command: 'restore', group, message });
      if (!restored)
        throw new Interrupted(`Interrupted. DynamoDB continues the restore. To finish: ${repeated}`, signal);
      if (context.json) report(plan, restored);
      else console.log(`\n${viewRestored(plan, restored)}`);
    });

/** @throws UsageError */
function periodOf(spec: Spec, text: string | undefined, now: number): Period {
  if (text !== undefined) return periodOption('--period', spec, text);
  if (spec.scheme === 'none') return periodAt('none', now);
  throw new UsageError('--period is required. Use the date in the table name, such as --period 20261121.');
}

const again = (group: string, environment: string, { period, from }: RestoreOptions): string => {
  const ofPeriod = period === undefined ? '' : ` --period ${shellWord(period)}`;
  return `turntable restore ${shellWord(group)}${ofPeriod}${from === 'archive' ? ' --from archive' : ''} --env ${environment}`;
};

async function carryOut(plan: Restoration, ports: Ports, { json }: Context) {
  const { stop, signal, ignore } = stopOnSignal();
  const { onWait, done } = waiting(process.stderr, () => wallClock.now());
  try {
    const restored = await restore(plan, ports, { stop, ...(!json && { onWait }) });
    return { restored, signal: signal() };
  } finally {
    done();
    ignore();
  }
}

function report({ table, backup, usd, started, warnings }: Restoration, restored?: TableState): void {
  const { name, spec, period } = table;
  const { arn, type, sizeBytes, createdAt } = backup;
  const json = {
    environment: spec.environment,
    group: spec.name,
    table: name,
    period: isoOrNull(period.start),
    backup: { arn, name: backup.name, type, createdAt: iso(createdAt), sizeBytes },
    costUsd: usd,
    alreadyRestored: started,
    warnings,
    restored: restored ? { arn: restored.arn, createdAt: iso(restored.createdAt) } : null,
  };
  console.log(visibleJson(json, 2));
}
