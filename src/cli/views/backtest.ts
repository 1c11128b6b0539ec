import type { Figures, TraceReport } from '../../backtest/figures.ts';
import { type DemandSeries, peakOf, sum } from '../../backtest/trace.ts';
import { sayInstant } from '../../core/calendar/instant.ts';
import { MINUTE_MS } from '../../core/calendar/period.ts';
import type { Dimension } from '../../core/capacity/demand.ts';
import { grouped, sayDuration, style, table, visible } from './text.ts';

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
const usd = (amount: number): string => grouped(amount.toFixed(amount < 100 ? 2 : 0));

const columns = [
  { title: 'METHOD' },
  ...['MEAN', 'PEAK', 'USD/MONTH', '× DEMAND', 'THROTTLED', 'MINUTES', 'RAISES', 'DECREASES', 'REFUSED'].map(
    (title) => ({ title, align: 'right' as const }),
  ),
  { title: 'METRICS USD', align: 'right' as const },
];

const units = (rate: number): string =>
  rate < 100 ? String(Number(rate.toPrecision(2))) : grouped(rate.toFixed(0));

function describe({ start, demand }: DemandSeries, dimension: Dimension): string {
  const length = sayDuration(demand.length * MINUTE_MS);
  const [mean, peak] = [sum(demand) / demand.length, peakOf(demand)].map(units);
  return [
    `${length} from ${sayInstant(start)}. Mean demand ${mean}/s, peak ${peak}/s.`,
    `Capacity in units per second, cost of ${dimension}s in USD per month of 30 days.`,
  ].join(' ');
}

/** Formats one trace as a table with one row per method. */
export function viewBacktest(
  { trace, defaultMethod, methods }: TraceReport,
  series: DemandSeries,
  dimension: Dimension = 'write',
): string {
  const row = ([name, figures]: [string, Figures]): string[] => [
    name === defaultMethod ? style.heading(name) : name,
    units(figures.meanCapacity),
    grouped(figures.peakCapacity.toFixed(0)),
    usd(figures.costMonth),
    figures.costRelative?.toFixed(3) ?? '–',
    percent(figures.throttledShare),
    grouped(figures.throttledMinutes),
    grouped(figures.raises),
    grouped(figures.decreases),
    grouped(figures.refused),
    usd(figures.metricReadsMonth),
  ];
  return `${style.heading(visible(trace))}: ${describe(series, dimension)}\n${table(columns, Object.entries(methods).map(row))}`;
}
