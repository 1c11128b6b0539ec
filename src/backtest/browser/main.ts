/** The script of the backtest page: draws the chart, and shows the methods whose boxes are checked. */
import { chartIn } from '../../chart/browser/chart.ts';
import { rateText } from '../../chart/words.ts';
import { unpacked } from '../../core/report/runs.ts';
import type { PageData } from '../page-data.ts';

const data: PageData = JSON.parse(document.getElementById('data')!.textContent!);
const values = (runs: PageData['demand']) => unpacked(runs, data.minutes);
const lines = data.methods.map(({ name, color, shown, capacity, throttled }) => ({
  name,
  color,
  shown,
  values: values(capacity),
  throttled: values(throttled),
  sayThrottled: (units: number) => `${rateText(units)}/s`,
}));

const chart = chartIn(document.querySelector<HTMLElement>('figure.chart')!, {
  label: 'Demand, capacity and throttled minutes over time. The table below has the figures.',
  start: data.start / 1000,
  stepSeconds: 60,
  area: { name: 'demand', values: values(data.demand) },
  // The first method is drawn last, above the others.
  lines: lines.toReversed(),
});

document.querySelectorAll('input').forEach((box, i) => {
  box.addEventListener('change', () => {
    lines[i]!.shown = box.checked;
    chart.redraw();
  });
});
