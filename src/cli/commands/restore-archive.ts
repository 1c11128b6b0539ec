import { visibleJson } from '../../config/quote.ts';
import { iso, isoOrNull } from '../../core/calendar/instant.ts';
import type { Period } from '../../core/calendar/period.ts';
import type { ArchiveRestoration } from '../../core/requests/restore-archive.ts';
import type { Config, Spec } from '../../core/spec.ts';
import { type Loaded, restoreArchive, surveyArchiveRestoration } from '../../jobs/restore-archive.ts';
import type { Ports } from '../../ports.ts';
import { wallClock } from '../../runtime.ts';
import { canPrompt, confirm } from '../confirm.ts';
import { type Context, portsOf } from '../context.ts';
import { CommandFailed, Interrupted } from '../failure.ts';
import { record } from '../recorded.ts';
import { stopOnSignal } from '../stop.ts';
import { print } from '../suggested.ts';
import { addressOfArchive, viewArchiveRestoration, viewLoaded } from '../views/archives.ts';
import { waiting } from '../views/restoration.ts';
import { plural } from '../views/text.ts';

/** A restore that a person asks for. `again`: the command that repeats it. */
export interface Asked {
  readonly context: Context;
  readonly config: Config;
  readonly spec: Spec;
  readonly period: Period;
  readonly again: string;
  readonly yes: boolean;
}

/** Previews, then restores a table from its newest export in S3. @throws CommandFailed, Interrupted */
export async function restoreFromArchive({
  context,
  config,
  spec,
  period,
  again,
  yes,
}: Asked): Promise<void> {
  const ports = portsOf(context);
  const plan = await surveyArchiveRestoration(config, spec, period, ports, context.now);
  if ('refusal' in plan) throw new CommandFailed(`Nothing was restored. ${plan.refusal}`);
  if (!context.json) console.log(viewArchiveRestoration(plan, config.prices, context.now));
  if (!yes && !canPrompt(context)) {
    if (context.json) return report(plan);
    return print(context, `\nNothing was restored. To restore the table: ${again} --yes`);
  }
  if (!yes) await confirm();
  const { loaded, signal } = await carryOut(plan, ports, context);
  const ended = loaded ? `Restored ${sayItems(loaded)} of` : 'Started to restore';
  const message = `${ended} ${plan.table.name} from the export ${addressOfArchive(plan.archive)}.`;
  await record(context, ports, { command: 'restore', group: spec.name, message });
  if (!loaded) throw new Interrupted(`Interrupted. DynamoDB continues the load. To finish: ${again}`, signal);
  if (context.json) report(plan, loaded);
  else console.log(`\n${viewLoaded(plan, loaded)}`);
  if (loaded.load.failed > 0 || itemsOf(loaded) < plan.archive.itemCount) process.exitCode = 1;
}

const itemsOf = ({ load }: Loaded): number => load.processed - load.failed;
const sayItems = (loaded: Loaded): string => plural(itemsOf(loaded), 'item');

async function carryOut(plan: ArchiveRestoration, ports: Ports, { json }: Context) {
  const { stop, signal, ignore } = stopOnSignal();
  const { onWait, done } = waiting(process.stderr, () => wallClock.now());
  try {
    const loaded = await restoreArchive(plan, ports, { stop, ...(!json && { onWait }) });
    return { loaded, signal: signal() };
  } finally {
    done();
    ignore();
  }
}

function report({ table, archive, usd, started }: ArchiveRestoration, loaded?: Loaded): void {
  const { name, spec, period } = table;
  const json = {
    environment: spec.environment,
    group: spec.name,
    table: name,
    period: isoOrNull(period.start),
    archive: {
      arn: archive.exportArn,
      address: addressOfArchive(archive),
      exportTime: iso(archive.exportTime),
      itemCount: archive.itemCount,
    },
    costUsd: usd,
    alreadyCreated: started,
    restored: loaded
      ? {
          arn: loaded.state.arn,
          createdAt: iso(loaded.state.createdAt),
          status: loaded.load.status,
          processedItemCount: loaded.load.processed,
          failedItemCount: loaded.load.failed,
        }
      : null,
  };
  console.log(visibleJson(json, 2));
}
