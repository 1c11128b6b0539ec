import { type Command, Option } from 'commander';
import { traceCsv } from '../../backtest/trace-csv.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { iso, sayInstant } from '../../core/calendar/instant.ts';
import type { Dimension } from '../../core/capacity/demand.ts';
import { LONGEST_DAYS } from '../../core/capacity/history.ts';
import { type History, readHistory } from '../../jobs/export-trace.ts';
import { type CommonOptions, type Context, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { repeatedOptions } from '../given.ts';
import { requireGlobalIndex, specNamed } from '../group.ts';
import { rejectFuture } from '../present.ts';
import { progressOn } from '../progress.ts';
import { plural, shellWord, visible } from '../views/text.ts';
import { write } from '../written.ts';

interface ExportOptions extends CommonOptions {
  readonly days: string;
  readonly dimension: Dimension;
  readonly index?: string;
  readonly out?: string;
}

export const exportTraceCommand = (): Command =>
  command('export-trace', 'export the consumption of a group as a trace for backtest')
    .argument(
      '<group>',
      'group name, the TableName of a spec. The trace joins all its tables, deleted tables included',
    )
    .option(
      '--days <n>',
      `days to export: up to 15 at 1 minute, 63 at 5 minutes, ${LONGEST_DAYS} at 1 hour`,
      '15',
    )
    .addOption(
      new Option('--dimension <which>', 'capacity to export').choices(['read', 'write']).default('write'),
    )
    .option('--index <name>', 'export this global index instead of the table')
    .option('-o, --out <file>', 'CSV file to write (default: standard output)')
    .action(async (group: string, options: ExportOptions) => {
      const context = contextOf(options);
      const days = daysOf(options.days);
      rejectFuture('export-trace', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const { dimension, index, out } = options;
      requireGlobalIndex(spec, index);
      const { metrics } = portsOf(context);
      const wanted = { spec, index, dimension, days, now: context.now };
      const history = await read(metrics, wanted);
      const cost = history.metricReads * config.prices.metricRead;
      if (out === undefined) process.stdout.write(traceCsv(history));
      else write(out, traceCsv(history));
      if (context.json && out !== undefined)
        console.log(visibleJson({ file: out, ...summaryOf(history), costUsd: cost }));
      else (out === undefined ? console.error : console.log)(sayWritten(out, history, cost, context));
    });

/** @throws CommandFailed if any of the demand is unknown, because unknown demand is not zero demand */
async function read(...[metrics, wanted]: Parameters<typeof readHistory>): Promise<History> {
  let progress: ReturnType<typeof progressOn> | undefined;
  const history = await readHistory(metrics, wanted, (what, reads) => {
    progress ??= progressOn(process.stderr, reads);
    progress.step(what);
  });
  progress?.done();
  const { spec, index, dimension, days } = wanted;
  const subject = `${dimension}s of ${spec.name}${index === undefined ? '' : `, index ${index},`}`;
  if ('error' in history)
    throw new CommandFailed(`Nothing was written: could not read the ${subject}: ${history.error}`);
  if (history.values.length < 2)
    throw new CommandFailed(
      `Nothing was written: CloudWatch has no ${subject} in ${spec.environment} within the last ${plural(days, 'day')}. The newest 5 minutes are excluded.`,
    );
  return history;
}

/** @throws UsageError */
function daysOf(text: string): number {
  const days = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= LONGEST_DAYS) return days;
  throw new UsageError(
    `--days ${quote(text)} is not an integer from 1 to ${LONGEST_DAYS}, the retention of CloudWatch metrics.`,
  );
}

const summaryOf = ({ start, stepMs, values, tables, metricReads }: History) => ({
  from: iso(start),
  to: iso(start + values.length * stepMs),
  stepSeconds: stepMs / 1000,
  points: values.length,
  tables,
  metricReads,
});

function sayWritten(file: string | undefined, history: History, cost: number, { given }: Context): string {
  const { start, stepMs, values, tables, metricReads } = history;
  const span = `${sayInstant(start)} to ${sayInstant(start + values.length * stepMs)}`;
  const points = `${plural(values.length, 'point')} of ${plural(stepMs / 60_000, 'minute')}, ${span}`;
  const paid = `Read ${plural(metricReads, 'metric')} of ${plural(tables, 'table')} for USD ${Number(cost.toPrecision(2))}.`;
  if (file === undefined) return `${points}. ${paid}`;
  return `Wrote ${visible(file)}: ${points}. ${paid}\nTo replay it: turntable backtest --trace ${shellWord(file)}${repeatedOptions({ config: given.config })}`;
}
