import type { Figures, TraceReport } from '../../backtest/figures.ts';
import { style, table, visible } from './text.ts';

const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;
const usd = (amount: number): string => amount.toFixed(amount < 100 ? 2 : 0);

const columns = [
  { title: 'METHOD' },
  ...['MEAN', 'PEAK', 'USD/MONTH', '× DEMAND', 'THROTTLED', 'MINUTES', 'RAISES', 'LOWERED', 'REFUSED'].map(
    (title) => ({ title, align: 'right' as const }),
  ),
  { title: 'READS USD', align: 'right' as const },
];

/** One table a trace: capacity in units per second, money for 30 days of writes. */
export function viewBacktest({ trace, defaultMethod, methods }: TraceReport): string {
  const row = ([name, figures]: [string, Figures]): string[] => [
    name === defaultMethod ? style.heading(name) : name,
    figures.meanCapacity.toFixed(0),
    figures.peakCapacity.toFixed(0),
    usd(figures.costMonth),
    figures.costRelative.toFixed(3),
    percent(figures.throttledShare),
    String(figures.throttledMinutes),
    String(figures.raises),
    String(figures.decreases),
    String(figures.refused),
    usd(figures.metricReadsMonth),
  ];
  return `${style.heading(visible(trace))}\n${table(columns, Object.entries(methods).map(row))}`;
}
