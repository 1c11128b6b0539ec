/**
 * Compares a rotated group with one table that is never rotated, on every trace, and writes the tables of docs/capacity.md:
 * `node bench/rotated.ts`.
 */
import { type Figures, figuresOf } from '../src/backtest/figures.ts';
import { groupReplays } from '../src/backtest/methods.ts';
import { type DemandSeries, minutesOf } from '../src/backtest/trace.ts';
import type { RotationScheme } from '../src/core/calendar/period.ts';
import { geometricMean, markdown, percent, place, traces } from './capacity-page.ts';

const MEAN = 500;
const DAY_MINUTES = 1440;
/** A trace that is shorter is repeated: at least two new periods begin. */
const LEAST_DAYS = { weekly: 21, monthly: 90 };
const GROUP = 'predictive';
const ONE_TABLE = 'predictive-never-rotated';
const SHOWN = [GROUP, ONE_TABLE, 'target-tracking-70-with-floor', 'full-on-both'];

type Row = Readonly<Record<string, Figures>>;

function rotated(series: DemandSeries, scheme: RotationScheme, names: readonly string[]): Row {
  const all = groupReplays(scheme);
  return Object.fromEntries(names.map((name) => [name, figuresOf(series, all[name]!(series, {}))]));
}

/** USD for 30 days: the capacity of all tables, and metric reads. */
const paid = ({ costMonth, metricReadsMonth }: Figures): number => costMonth + metricReadsMonth;
const ratioOf = (row: Row): number => paid(row[GROUP]!) / paid(row[ONE_TABLE]!);
const cell = ({ costRelative, throttledShare }: Figures): string =>
  `${costRelative!.toFixed(3)} / ${percent(throttledShare)}`;

/** Whole days of a series, repeated until it has a number of days, if it is shorter. */
function lasting(series: DemandSeries, days: number): DemandSeries {
  const { demand } = series;
  if (demand.length >= days * DAY_MINUTES) return series;
  const whole = Math.floor(demand.length / DAY_MINUTES) * DAY_MINUTES;
  return {
    ...series,
    demand: Float64Array.from({ length: days * DAY_MINUTES }, (_, t) => demand[t % whole]!),
  };
}

const everyDay = traces.map((trace) => minutesOf(trace, MEAN));

function daily(): string {
  const rows = everyDay.map((series) => ({ name: series.name, row: rotated(series, 'daily', SHOWN) }));
  return markdown([
    ['trace', '× one table', 'predictive', 'one table', 'target tracking with floor', 'full on both'],
    ...rows.map(({ name, row }) => [
      name,
      ratioOf(row).toFixed(3),
      ...SHOWN.map((shown) => cell(row[shown]!)),
    ]),
    [
      'geometric mean',
      `**${geometricMean(rows.map(({ row }) => ratioOf(row))).toFixed(3)}**`,
      '',
      '',
      '',
      '',
    ],
  ]);
}

function longer(): string {
  const schemes = ['weekly', 'monthly'] as const;
  const ratios: Record<(typeof schemes)[number], number[]> = { weekly: [], monthly: [] };
  const rows = everyDay.map((series) => [
    series.name,
    ...schemes.flatMap((scheme) => {
      const row = rotated(lasting(series, LEAST_DAYS[scheme]), scheme, [GROUP, ONE_TABLE]);
      ratios[scheme].push(ratioOf(row));
      return [
        ratioOf(row).toFixed(4),
        ...[GROUP, ONE_TABLE].map((name) => percent(row[name]!.throttledShare)),
      ];
    }),
  ]);
  const titles = schemes.flatMap((scheme) => [`${scheme} × one table`, 'throttled %', 'one table %']);
  const means = schemes.flatMap((scheme) => [`**${geometricMean(ratios[scheme]).toFixed(4)}**`, '', '']);
  return markdown([['trace', ...titles], ...rows, ['geometric mean', ...means]]);
}

place({ 'rotated daily': daily(), 'rotated weekly and monthly': longer() });
