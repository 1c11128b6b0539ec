import type { Dimension } from '../core/capacity/demand.ts';
import { pageScript } from '../generated/page-script.ts';
import type { Figures, TraceReport } from './figures.ts';
import type { PageData } from './page-data.ts';
import type { Simulation } from './simulate.ts';
import type { DemandSeries } from './trace.ts';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Packs values as runs, rounded to 0.1: capacity and throttles change rarely. */
export function runsOf(values: Float64Array): number[] {
  const runs: number[] = [];
  for (const value of values) {
    const rounded = Math.round(value * 10) / 10;
    if (runs.length > 0 && runs.at(-1) === rounded) runs[runs.length - 2]!++;
    else runs.push(1, rounded);
  }
  return runs;
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --ground: #fff; --quiet: #5a6068; --demand: #cfd8e3; --grid: #e8eaee; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --ground: #15181c; --quiet: #a5abb3; --demand: #3d4857; --grid: #2a2f36; }
}
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; color: var(--ink); background: var(--ground); }
h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.3rem 0; color: var(--quiet); }
canvas { display: block; width: 100%; height: 56vh; min-height: 280px; touch-action: none; cursor: crosshair; }
output { display: block; min-height: 1.5em; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 1rem 0.2rem 0; text-align: right; white-space: nowrap; font-weight: normal; }
th { color: var(--quiet); }
td:first-child, th:first-child { text-align: left; }
label { cursor: pointer; }
i { display: inline-block; width: 1.2em; height: 0.25em; margin: 0 0.4em; vertical-align: middle; border-radius: 2px; }
`;

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

const headOf = (dimension: Dimension): string[] => [
  'method',
  'mean units/s',
  'peak units/s',
  `USD per month, as ${dimension}s`,
  'cost × demand',
  'throttled',
  'throttled minutes',
  'raises',
  'decreases',
  'refused',
  'USD per month for metrics',
];

function row({ name, color, shown }: ReturnType<typeof line>, figures: Figures): string {
  const cells = [
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
  const box = `<input type="checkbox" autocomplete="off"${shown ? ' checked' : ''}>`;
  const label = `<label>${box}<i style="background: ${color}"></i>${escaped(name)}</label>`;
  return `<tr><td>${label}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

/** A self-contained HTML page with a chart of demand, capacity, and throttles, and a table of the figures. */
export function pageOf(
  series: DemandSeries,
  simulations: ReadonlyMap<string, Simulation>,
  { defaultMethod, methods }: TraceReport,
  dimension: Dimension = 'write',
): string {
  const about = simulations.has(defaultMethod) ? defaultMethod : [...simulations.keys()][0]!;
  const data: PageData = {
    start: series.start,
    minutes: series.demand.length,
    demand: runsOf(series.demand),
    methods: [...simulations].map(([name, { capacity, throttled }], i) => ({
      ...line(name, i, about),
      capacity: runsOf(capacity),
      throttled: runsOf(throttled),
    })),
  };
  const rows = Object.entries(methods).map(([name, figures], i) => row(line(name, i, about), figures));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(series.name)}: backtest</title>
<style>${style}</style>
<h1>${escaped(series.name)}</h1>
<p>Units per second. The area is demand, the lines are capacity, and the marks below are throttled minutes.</p>
<p>Zoom with the wheel or + and −. Move by dragging or with the arrow keys. Double-click or press Home to show everything.</p>
<output></output>
<canvas tabindex="0" role="img" aria-label="Demand, capacity and throttled minutes over time"></canvas>
<div class="scroll"><table>
<thead><tr>${headOf(dimension)
    .map((title) => `<th>${title}</th>`)
    .join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>
<script id="data" type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script type="module">${pageScript}</script>
</html>
`;
}
