import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Option } from 'commander';
import { decisionsCsv } from '../../backtest/decisions.ts';
import { type Figures, figuresOf, type TraceReport } from '../../backtest/figures.ts';
import { defaultMethod, groupReplays, leftToScaling, replays } from '../../backtest/methods.ts';
import { pageOf } from '../../backtest/page.ts';
import type { Simulation, SimulationOptions } from '../../backtest/simulate.ts';
import { type DemandSeries, minutesOf, TraceError } from '../../backtest/trace.ts';
import { parseTrace } from '../../backtest/trace-csv.ts';
import { loadPrices } from '../../config/index.ts';
import { quote, visibleJson } from '../../config/quote.ts';
import { onDemandFactorOf } from '../../core/billing/prices.ts';
import type { RotationScheme } from '../../core/calendar/period.ts';
import type { Spec } from '../../core/spec.ts';
import { type CommonOptions, command, configOf, contextOf } from '../context.ts';
import { UsageError } from '../failure.ts';
import { progressOn } from '../progress.ts';
import { viewBacktest } from '../views/backtest.ts';
import { readWritten } from '../written.ts';

interface BacktestOptions extends CommonOptions {
  readonly trace: readonly string[];
  readonly spec?: string;
  readonly method?: readonly string[];
  readonly mean?: string;
  readonly initial?: string;
  readonly burst?: string;
  readonly rotate: 'none' | RotationScheme;
  readonly out?: string;
}

const namesOf = (record: object): string => Object.keys(record).join(', ');

export const backtestCommand = () =>
  command('backtest', 'replay recorded demand, and compare what scaling would have cost and throttled')
    .requiredOption('--trace <file...>', 'CSV timestamp,value: units per second over a regular step')
    .option('--spec <name>', 'scale as this spec of the configuration would: its method, its write bounds')
    .option(
      '--method <name...>',
      `only these (default: all): ${namesOf(replays)}; with --rotate: ${namesOf(groupReplays('daily'))}`,
    )
    .option('--mean <units>', 'scale each trace to this mean demand, units per second')
    .option('--initial <units>', 'capacity at the start (default: 70 % used by the first minute)')
    .option('--burst <seconds>', 'unused capacity that the table really keeps for bursts (default: 300)')
    .addOption(
      new Option('--rotate <scheme>', 'replay a group whose tables follow each other')
        .choices(['none', 'daily', 'weekly', 'monthly'])
        .default('none'),
    )
    .option(
      '--out <dir>',
      'write decisions-<method>.csv there, one row a minute, and backtest.html to look into',
    )
    .action((options: BacktestOptions) => {
      const context = contextOf(options);
      const known = options.rotate === 'none' ? replays : groupReplays(options.rotate);
      const spec = options.spec === undefined ? undefined : specNamed(configOf(context).specs, options.spec);
      const scaling = spec?.resources.find(({ index }) => index === undefined)?.scaling;
      const settled = spec?.billing === 'either' ? leftToScaling : (scaling?.method ?? defaultMethod);
      const wanted = settled in known ? settled : defaultMethod;
      if (wanted !== settled)
        console.error(
          `Method ${settled} of ${spec?.name} is not replayed${rotatedBy(options)}: its place takes ${wanted}.`,
        );
      const names = methodNames(options, Object.keys(known));
      const traces = options.trace.map((file) => readTrace(file, unitsOption('mean', options.mean)));
      const prices = loadPrices(context.folder);
      const settings = { ...settingsOf(options, spec), onDemandFactor: onDemandFactorOf(prices) };
      const progress = progressOn(process.stderr, traces.length * names.length);
      const reports = traces.map((series): TraceReport => {
        const simulations = new Map<string, Simulation>();
        for (const name of names) {
          progress.step(`${series.name} ${name}`);
          simulations.set(name, known[name]!(series, settings));
        }
        const figures = [...simulations].map(([name, simulation]) => [
          name,
          figuresOf(series, simulation, prices),
        ]);
        const methods: Record<string, Figures> = Object.fromEntries(figures);
        const report = { trace: series.name, defaultMethod: wanted, methods };
        if (options.out) writeOut(folderFor(options.out, series, traces), series, simulations, report);
        return report;
      });
      progress.done();
      const tables = reports.map((report, i) => viewBacktest(report, traces[i]!));
      console.log(context.json ? visibleJson(reports, 2) : tables.join('\n\n'));
    });

function settingsOf(options: BacktestOptions, spec: Spec | undefined): SimulationOptions {
  const burstSeconds = unitsOption('burst', options.burst);
  const initial = unitsOption('initial', options.initial);
  const own = spec?.resources.find(({ index }) => index === undefined);
  return { burstSeconds, initial, ...own?.scaling, ...own?.bounds.write };
}

function specNamed(specs: readonly Spec[], name: string): Spec {
  const spec = specs.find((each) => each.name === name);
  if (spec) return spec;
  throw new UsageError(`There is no spec ${name}; there are ${specs.map((each) => each.name).join(', ')}.`);
}

const rotatedBy = ({ rotate }: BacktestOptions): string =>
  rotate === 'none' ? '' : ` with --rotate ${rotate}`;

function methodNames(options: BacktestOptions, known: readonly string[]): readonly string[] {
  const { method } = options;
  const unknown = (method ?? []).filter((name) => !known.includes(name)).map(quote);
  if (unknown.length === 0) return method ?? known;
  throw new UsageError(
    `There is no method ${unknown.join(', ')}${rotatedBy(options)}; there are ${known.join(', ')}.`,
  );
}

function unitsOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const units = Number(text);
  const least = name === 'burst' ? 0 : Number.MIN_VALUE;
  if (text.trim() !== '' && units >= least && units < Infinity) return units;
  throw new UsageError(`--${name} ${quote(text)} is not a number ${least ? 'above' : 'from'} 0.`);
}

/** What a trace is called: a folder's name, too, where several are written out. */
function nameOf(file: string): string {
  const name = basename(file, '.csv');
  if (name !== '.' && name !== '..') return name;
  throw new UsageError(`A trace cannot be called ${quote(basename(file))}: give the file another name.`);
}

function readTrace(file: string, mean: number | undefined): DemandSeries {
  try {
    const name = nameOf(file);
    return minutesOf({ ...parseTrace(file, readWritten(file)), name }, mean);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof TraceError) throw new UsageError(...error.problems);
    throw new UsageError(`Cannot read the trace ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Several traces get a folder each. */
function folderFor(out: string, { name }: DemandSeries, traces: readonly DemandSeries[]): string {
  return traces.length === 1 ? out : join(out, name);
}

function writeOut(
  folder: string,
  series: DemandSeries,
  simulations: ReadonlyMap<string, Simulation>,
  report: TraceReport,
): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, simulation] of simulations)
    writeFileSync(join(folder, `decisions-${name}.csv`), decisionsCsv(series, simulation));
  writeFileSync(join(folder, 'backtest.html'), pageOf(series, simulations, report));
}
