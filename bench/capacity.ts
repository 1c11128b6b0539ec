import { type Figures, figuresOf } from '../src/backtest/figures.ts';
import { replays } from '../src/backtest/methods.ts';
import { type DemandSeries, minutesOf, type Trace } from '../src/backtest/trace.ts';
import { TOLERABLE } from '../src/core/capacity/comparison.ts';
import { prices } from '../src/core/prices.ts';
import { geometricMean, markdown, percent, place, traces } from './capacity-page.ts';
import { isSteady, NEGLIGIBLE, throttlesMore } from './tracking.ts';

/** Compares every method on every trace, by the rules of docs/capacity.md, and writes the tables into that page. */
const MEAN = 500;
/** Units per second at which metric reads are measured. */
const READ_MEANS = [500, 100, 20, 5];

const shown = [
  'predictive',
  'predictive-auto-billing',
  'reactive',
  'step',
  'target-tracking-50',
  'target-tracking-70',
  'target-tracking-90',
  'dynamic-dynamodb',
  'mollom-template',
  'lambda-autoscale',
  'static-peak',
  'on-demand',
  'clairvoyant',
];

type Row = Readonly<Record<string, Figures>>;

function compare(series: DemandSeries, burstSeconds: number): Row {
  return Object.fromEntries(
    shown.map((name) => [name, figuresOf(series, replays[name]!(series, { burstSeconds }))]),
  );
}

const cell = ({ costRelative, throttledShare }: Figures): string =>
  `${costRelative!.toFixed(3)} / ${percent(throttledShare)}`;

function ratios(tables: ReadonlyMap<string, Row>, negligible: number): string {
  const rows = [['trace', '× target tracking', '× clairvoyant', 'throttled %', 'target tracking %', '']];
  const steady: number[] = [];
  for (const [trace, row] of tables) {
    const { predictive, clairvoyant, 'target-tracking-70': tracking } = row;
    const ratio = predictive!.costRelative! / tracking!.costRelative!;
    if (!isSteady(tracking!)) continue;
    steady.push(ratio);
    rows.push([
      trace,
      ratio.toFixed(3),
      (predictive!.costRelative! / clairvoyant!.costRelative!).toFixed(3),
      percent(predictive!.throttledShare),
      percent(tracking!.throttledShare),
      throttlesMore(predictive!, tracking!, negligible) ? 'more throttled' : '',
    ]);
  }
  rows.push(['geometric mean', `**${geometricMean(steady).toFixed(3)}**`, '', '', '', '']);
  return markdown(rows);
}

function unsteady(tables: ReadonlyMap<string, Row>): string {
  const rows = [['trace', 'predictive', 'predictive-auto-billing', 'on-demand', 'target-tracking-70']];
  for (const [trace, row] of tables) {
    if (isSteady(row['target-tracking-70']!)) continue;
    rows.push([trace, ...rows[0]!.slice(1).map((name) => cell(row[name]!))]);
  }
  return markdown(rows);
}

/** Minutes after which `auto` usually knows the demand. */
const FIRST_DAY = 1440;

/** What a method costs after the first day. It knows no later minute, so the first day by itself costs the same. */
function billedLater(series: DemandSeries, name: string): number {
  const replay = replays[name]!;
  const first = { ...series, demand: series.demand.subarray(0, FIRST_DAY) };
  return replay(series, {}).billed - replay(first, {}).billed;
}

/** Traces on which `predictive` throttles no more than `auto` accepts. */
function provisionedIsRight(all: readonly DemandSeries[], tables: ReadonlyMap<string, Row>): string {
  const rows = [['trace', '× predictive after the first day', 'predictive', 'predictive-auto-billing']];
  for (const series of all) {
    const { predictive, 'predictive-auto-billing': auto } = tables.get(series.name)!;
    if (predictive!.throttledShare > TOLERABLE) continue;
    const ratio = billedLater(series, 'predictive-auto-billing') / billedLater(series, 'predictive');
    rows.push([series.name, ratio.toFixed(3), cell(predictive!), cell(auto!)]);
  }
  return markdown(rows);
}

function everything(tables: ReadonlyMap<string, Row>): string {
  const rows = [['trace', ...shown]];
  for (const [trace, row] of tables) rows.push([trace, ...shown.map((name) => cell(row[name]!))]);
  return markdown(rows);
}

/** What metric reads of a trace cost at some means, USD for 30 days, and their highest share of the capacity's cost. */
function readsOf(traces: readonly Trace[]): string {
  const rows = [['mean', 'writes, USD', 'highest share %', 'reads, USD', 'highest share %']];
  for (const mean of READ_MEANS) {
    const cells = (['write', 'read'] as const).flatMap((dimension) => {
      const all = traces.map((trace) => {
        const series = minutesOf(trace, mean);
        return figuresOf(series, replays.predictive!(series, { dimension }), { prices, dimension });
      });
      const months = all.map(({ metricReadsMonth }) => metricReadsMonth);
      const shares = all.map(({ metricReadsMonth, costMonth }) => metricReadsMonth / costMonth);
      return [
        (months.reduce((a, b) => a + b, 0) / months.length).toFixed(3),
        (Math.max(...shares) * 100).toFixed(1),
      ];
    });
    rows.push([String(mean), ...cells]);
  }
  return markdown(rows);
}

const withBurst = new Map<string, Row>();
const withoutBurst = new Map<string, Row>();
for (const trace of traces) {
  const series = minutesOf(trace, MEAN);
  const began = performance.now();
  withBurst.set(series.name, compare(series, 300));
  withoutBurst.set(series.name, compare(series, 0));
  process.stderr.write(`${series.name} ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
const parts = {
  'one table': ratios(withBurst, NEGLIGIBLE),
  'without burst': ratios(withoutBurst, 0.002),
  'auto billing': unsteady(withBurst),
  'auto billing where provisioned is right': provisionedIsRight(
    traces.map((trace) => minutesOf(trace, MEAN)),
    withBurst,
  ),
  'metric reads': readsOf(traces),
  'all methods': everything(withBurst),
};
place(parts);
