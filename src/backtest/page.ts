import { type Figures, figuresOf } from './figures.ts';
import { pageScript } from './page-script.ts';
import type { Simulation } from './simulate.ts';
import type { DemandSeries } from './trace.ts';

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Values as runs [length, value, length, value …]: capacity and throttles change seldom. */
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
:root { color-scheme: light dark; }
body { --demand: #9993; font: 14px/1.4 system-ui; margin: 1.5rem; color: light-dark(#222, #ddd); background: light-dark(#fff, #181818); }
canvas { width: 100%; height: 60vh; touch-action: none; cursor: grab; }
label { display: inline-block; margin-right: 1.2em; white-space: nowrap; color: var(--colour); }
small { color: light-dark(#666, #999); }
`;

const choice = (name: string, { costRelative, throttledShare }: Figures): string =>
  `<label><input type="checkbox"> ${escaped(name)} <small>× ${costRelative.toFixed(3)}, ` +
  `${(throttledShare * 100).toFixed(3)} % throttled</small></label>`;

/** A page that needs nothing else: demand, capacity and throttles over time, to zoom into. */
export function pageOf(series: DemandSeries, simulations: ReadonlyMap<string, Simulation>): string {
  const data = {
    start: series.start,
    minutes: series.demand.length,
    demand: runsOf(series.demand),
    methods: [...simulations].map(([name, { capacity, throttled }]) => ({
      name,
      capacity: runsOf(capacity),
      throttled: runsOf(throttled),
    })),
  };
  const choices = [...simulations].map(([name, simulation]) => choice(name, figuresOf(series, simulation)));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(series.name)}: backtest</title>
<style>${style}</style>
<h1>${escaped(series.name)}</h1>
<p>Grey: demand. Lines: capacity. Marks at the foot: throttled minutes.
<small>Wheel or + − to zoom, drag or arrows to move, double click for all.</small></p>
<canvas tabindex="0" role="img" aria-label="Demand, capacity and throttled minutes over time"></canvas>
<p>${choices.join('\n')}</p>
<script id="data" type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script type="module">${pageScript}</script>
</html>
`;
}
