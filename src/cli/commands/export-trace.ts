import { type Command, Option } from 'commander';
import { traceCsv } from '../../backtest/trace-csv.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { iso, sayInstant } from '../../core/calendar/instant.ts';
import type { Dimension } from '../../core/capacity/demand.ts';
import { LONGEST_DAYS } from '../../core/capacity/history.ts';
import { type History, readHistory } from '../../jobs/export-trace.ts';
import { type CommonOptions, command, configOf, contextOf, portsOf } from '../context.ts';
import { CommandFailed, UsageError } from '../failure.ts';
import { mustBeGlobal, specNamed } from '../group.ts';
import { mustBePresent } from '../present.ts';
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
  command('export-trace', 'write what a group consumed as a trace that `backtest` replays')
    .argument('<group>', 'TableName of a spec; its tables are stitched, deleted ones too')
    .option(
      '--days <n>',
      `how far back: up to 15 by the minute, 63 by five, ${LONGEST_DAYS} by the hour`,
      '15',
    )
    .addOption(
      new Option('--dimension <which>', 'demand for what capacity')
        .choices(['read', 'write'])
        .default('write'),
    )
    .option('--index <name>', 'of this global index instead of the table')
    .option('-o, --out <file>', 'where to write the CSV; without it, it is printed')
    .action(async (group: string, options: ExportOptions) => {
      const context = contextOf(options);
      const days = daysOf(options.days);
      mustBePresent('export-trace', context.now);
      const config = configOf(context);
      const spec = specNamed(config, group);
      const { dimension, index, out } = options;
      mustBeGlobal(spec, index);
      const { metrics } = portsOf(context);
      const wanted = { spec, index, dimension, days, now: context.now };
      const history = await read(metrics, wanted);
      const cost = history.metricReads * config.prices.metricRead;
      if (out === undefined) process.stdout.write(traceCsv(history));
      else write(out, traceCsv(history));
      if (context.json && out !== undefined)
        console.log(visibleJson({ file: out, ...summaryOf(history), costUsd: cost }));
      else (out === undefined ? console.error : console.log)(sayWritten(out, history, cost));
    });

/** @throws CommandFailed where any of it could not be read: unknown demand is not none */
async function read(...[metrics, wanted]: Parameters<typeof readHistory>): Promise<History> {
  let progress: ReturnType<typeof progressOn> | undefined;
  const history = await readHistory(metrics, wanted, (what, reads) => {
    progress ??= progressOn(process.stderr, reads);
    progress.step(what);
  });
  progress?.done();
  const { spec, index, dimension, days } = wanted;
  const whose = `${dimension}s of ${spec.name}${index === undefined ? '' : `, index ${index},`}`;
  if ('error' in history)
    throw new CommandFailed(`The ${whose} could not be read, so nothing was written: ${history.error}`);
  if (history.values.length < 2)
    throw new CommandFailed(
      `CloudWatch knows of no ${whose} in ${spec.environment} within ${plural(days, 'day')}, the newest five minutes left out, so nothing was written.`,
    );
  return history;
}

/** @throws UsageError */
function daysOf(text: string): number {
  const days = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : Number.NaN;
  if (days <= LONGEST_DAYS) return days;
  throw new UsageError(
    `--days ${quote(text)} is not a whole number from 1 to ${LONGEST_DAYS}: so long CloudWatch keeps metrics.`,
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

function sayWritten(file: string | undefined, history: History, cost: number): string {
  const { start, stepMs, values, tables, metricReads } = history;
  const span = `${sayInstant(start)} to ${sayInstant(start + values.length * stepMs)}`;
  const points = `${plural(values.length, 'point')} of ${plural(stepMs / 60_000, 'minute')}, ${span}`;
  const paid = `${plural(metricReads, 'metric')} of ${plural(tables, 'table')} were asked for: ${Number(cost.toPrecision(2))} USD.`;
  if (file === undefined) return `${points}. ${paid}`;
  return `Wrote ${visible(file)}: ${points}. ${paid}\nTry: turntable backtest --trace ${shellWord(file)}`;
}
