import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { decisionsCsv } from '../../backtest/decisions.ts';
import { type Figures, figuresOf, type TraceReport } from '../../backtest/figures.ts';
import { groupReplays, replays } from '../../backtest/methods.ts';
import { pageOf } from '../../backtest/page.ts';
import type { Simulation } from '../../backtest/simulate.ts';
import type { DemandSeries } from '../../backtest/trace.ts';
import { visibleJson } from '../../config/quote.ts';
import type { Dimension } from '../../core/capacity/demand.ts';
import { messageOf } from '../../core/failure.ts';
import { type BacktestOptions, requestOf } from '../backtest-request.ts';
import { configOf, contextOf, localCommand } from '../context.ts';
import { CommandFailed } from '../failure.ts';
import { createFolder } from '../folder.ts';
import { progressOn } from '../progress.ts';
import { viewBacktest } from '../views/backtest.ts';
import { visible } from '../views/text.ts';

const namesOf = (record: object): string => Object.keys(record).join(', ');

export const backtestCommand = () =>
  localCommand('backtest', 'replay recorded demand and compare the cost and throttling of scaling methods')
    .requiredOption(
      '--trace <file...>',
      'demand at a regular interval: CSV of export-trace or Grafana, JSON of aws cloudwatch get-metric-data or get-metric-statistics, or of a range query of Prometheus',
    )
    .option('--spec <name>', 'use the scaling method and bounds of this spec')
    .addOption(
      new Option(
        '--dimension <which>',
        'capacity that the trace consumed. Selects the price and the bounds of the spec',
      )
        .choices(['read', 'write'])
        .default('write'),
    )
    .option('--index <name>', 'use this global index of the spec instead of the table')
    .option(
      '--method <name...>',
      `methods to replay (default: all): ${namesOf(replays)}. With --rotate: ${namesOf(groupReplays('daily'))}`,
    )
    .option(
      '--period <seconds>',
      'seconds over which each value is a sum (default: the step for CloudWatch, 1 for others)',
    )
    .addOption(
      new Option(
        '--gaps <what>',
        'what a step without a value means. In files of CloudWatch it is always zero',
      )
        .choices(['error', 'zero'])
        .default('error'),
    )
    .option('--mean <units>', 'scale each trace to this mean demand, in units per second')
    .option(
      '--initial <units>',
      'capacity at the start, in units per second (default: 70% utilization in the first minute)',
    )
    .option(
      '--burst <seconds>',
      'seconds of unused capacity that DynamoDB retains as burst capacity (default: 300)',
    )
    .addOption(
      new Option('--rotate <scheme>', 'replay a group that rotates on this scheme')
        .choices(['none', 'daily', 'weekly', 'monthly'])
        .default('none'),
    )
    .option(
      '--out <dir>',
      'folder for decisions-<method>.csv (one row per minute) and the chart backtest.html',
    )
    .action((options: BacktestOptions) => {
      const context = contextOf(options);
      const { traces, names, known, about, settings, prices, notes } = requestOf(
        options,
        context.source,
        () => configOf(context),
      );
      const { dimension } = options;
      for (const note of notes) console.error(visible(note));
      const progress = progressOn(process.stderr, traces.length * names.length);
      const reports = traces.map((series): TraceReport => {
        const simulations = new Map<string, Simulation>();
        for (const name of names) {
          progress.step(`${series.name} ${name}`);
          simulations.set(name, known[name]!(series, settings));
        }
        const figures = [...simulations].map(([name, simulation]) => [
          name,
          figuresOf(series, simulation, { prices, dimension }),
        ]);
        const methods: Record<string, Figures> = Object.fromEntries(figures);
        const report = { trace: series.name, defaultMethod: about, methods };
        if (options.out !== undefined)
          writeOut(folderFor(options.out, series, traces), series, simulations, report, dimension);
        return report;
      });
      progress.done();
      const tables = reports.map((report, i) => viewBacktest(report, traces[i]!, dimension));
      console.log(context.json ? visibleJson(reports, 2) : tables.join('\n\n'));
      const { out } = options;
      if (out === undefined || context.json) return;
      const folders = traces.map((series) => visible(folderFor(out, series, traces))).join(', ');
      console.log(`\nWrote backtest.html and decisions-<method>.csv to ${folders}.`);
    });

/** With several traces, each one gets its own folder. */
function folderFor(out: string, { name }: DemandSeries, traces: readonly DemandSeries[]): string {
  return traces.length === 1 ? out : join(out, name);
}

/** @throws CommandFailed */
function writeOut(
  folder: string,
  series: DemandSeries,
  simulations: ReadonlyMap<string, Simulation>,
  report: TraceReport,
  dimension: Dimension,
): void {
  try {
    createFolder(folder);
    for (const [name, simulation] of simulations)
      writeFileSync(join(folder, `decisions-${name}.csv`), decisionsCsv(series, simulation));
    writeFileSync(join(folder, 'backtest.html'), pageOf(series, simulations, report, dimension));
  } catch (error) {
    throw new CommandFailed(`Could not write to ${folder}: ${messageOf(error)}`);
  }
}
