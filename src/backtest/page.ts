import type { Dimension } from '../core/capacity/demand.ts';
import { packed, tenths } from '../core/report/runs.ts';
import { pageScript, plotStyle } from '../generated/page-script.ts';
import { Html, html, jsonFor } from '../page/html.ts';
import { policyFor } from '../page/policy.ts';
import { type Column, type Row, table } from '../page/table.ts';
import type { Figures, TraceReport } from './figures.ts';
import type { PageData } from './page-data.ts';
import type { Simulation } from './simulate.ts';
import { style } from './style.ts';
import type { DemandSeries } from './trace.ts';

/** Distinct on light and dark backgrounds. */
const COLORS = [
  ...['#1f8a5f', '#d9541e', '#8a63d2', '#b8860b', '#2f7de1', '#a0694a', '#d6336c', '#0a9396'],
  ...['#7a8b1f', '#c2185b', '#5c6bc0', '#6d7f8b', '#8d6e97', '#4f9d4f'],
];
/** Methods that the chart shows at first, beside the default method. The others have an empty checkbox. */
const COMPARED = ['target-tracking-70', 'target-tracking-70-with-floor'];

const line = (name: string, index: number, about: string) => ({
  name,
  color: COLORS[index % COLORS.length]!,
  shown: name === about || COMPARED.includes(name),
});

const headOf = (dimension: Dimension): Column[] =>
  [
    'Method',
    'Mean units/s',
    'Peak units/s',
    `USD per month, as ${dimension}s`,
    'Cost × demand',
    'Throttled',
    'Throttled minutes',
    'Raises',
    'Decreases',
    'Refused',
    'USD per month for metrics',
  ].map((title, i) => ({ title, ...(i > 0 && { align: 'right' }) }));

const row = ({ name, color, shown }: ReturnType<typeof line>, figures: Figures): Row => [
  html`<label><input type="checkbox" autocomplete="off"${shown && html` checked`}><svg viewBox="0 0 12 3" preserveAspectRatio="none" aria-hidden="true"><rect fill="${color}" width="12" height="3"/></svg>${name}</label>`,
  figures.meanCapacity.toFixed(1),
  figures.peakCapacity.toFixed(0),
  figures.costMonth.toFixed(2),
  figures.costRelative?.toFixed(3) ?? '–',
  `${(figures.throttledShare * 100).toFixed(3)}%`,
  figures.throttledMinutes,
  figures.raises,
  figures.decreases,
  figures.refused,
  figures.metricReadsMonth.toFixed(2),
];

/** A self-contained HTML page with a chart of demand, capacity, and throttles, and a table of the figures. */
export function pageOf(
  series: DemandSeries,
  simulations: ReadonlyMap<string, Simulation>,
  { defaultMethod, methods }: TraceReport,
  dimension: Dimension = 'write',
): string {
  const about = simulations.has(defaultMethod) ? defaultMethod : [...simulations.keys()][0]!;
  const runs = (values: Float64Array): number[] => packed(values, tenths);
  const data: PageData = {
    start: series.start,
    minutes: series.demand.length,
    demand: runs(series.demand),
    methods: [...simulations].map(([name, { capacity, throttled }], i) => ({
      ...line(name, i, about),
      capacity: runs(capacity),
      throttled: runs(throttled),
    })),
  };
  const rows = Object.entries(methods).map(([name, figures], i) => row(line(name, i, about), figures));
  const css = plotStyle + style;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policyFor(pageScript, css))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${series.name}: backtest</title>
<style>${new Html(css)}</style>
</head>
<body>
<main>
<h1>${series.name}</h1>
<p>Units per second. The area is demand, the lines are capacity, and the marks below are throttled minutes. A red triangle marks a value that is above the axis: zoom in to see it whole.</p>
<p>Zoom with + and −, by selecting with the mouse, with Ctrl and the wheel, or with two fingers. Move with ◀ and ▶, the arrow keys or one finger. Show everything with Home or a double-click.</p>
<figure class="chart"></figure>
${table('Cost and throttling of each method. A checked method is in the chart.', headOf(dimension), rows)}
</main>
<script id="data" type="application/json">${jsonFor(data)}</script>
<script>${new Html(pageScript)}</script>
</body>
</html>
`.text;
}
