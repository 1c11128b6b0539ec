import { chartStyle, colors } from '../chart/style.ts';

export const style = `${colors}
* { box-sizing: border-box; }
body { font: 14px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 1500px; color: var(--ink); background: var(--ground); }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--edge); }
h3 { font-size: 1.05rem; margin: 0; display: inline; overflow-wrap: anywhere; }
h4 { font-size: 1rem; margin: 1.2rem 0 0.3rem; }
p, ul { margin: 0.3rem 0; }
a { color: var(--link); }
code { font-size: 0.9em; color: var(--quiet); }
header p, .hint { color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; list-style: none; padding: 0; }
.skip { position: absolute; left: -10000px; }
.skip:focus { position: static; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.bad { color: var(--bad); }
.warn { color: var(--warn); }
.figures { display: flex; flex-wrap: wrap; gap: 0.6rem; padding: 0; margin: 0.8rem 0; list-style: none; }
.figures li { background: var(--panel); border: 1px solid var(--edge); border-radius: 6px; padding: 0.4rem 0.8rem; }
.figures b { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin: 0.3rem 0 0.8rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding: 0.2rem 0; max-width: min(60rem, calc(100vw - 3.5rem)); }
th, td { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left; vertical-align: top; font-weight: normal; border-bottom: 1px solid var(--grid); }
thead th { color: var(--quiet); white-space: nowrap; }
tbody th, time, .line, .state { white-space: nowrap; }
td { min-width: 4rem; max-width: 46rem; overflow-wrap: break-word; }
.right { text-align: right; }
.wide { min-width: min(17rem, 66vw); }
details.group { border: 1px solid var(--edge); border-radius: 6px; margin: 0.5rem 0; padding: 0 0.8rem; }
details.group[hidden] { display: none; }
summary { cursor: pointer; padding: 0.5rem 0; }
.facts { color: var(--quiet); }
.facts > span:not(:first-child)::before { content: "· "; color: var(--quiet); }
input[type="search"] { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; padding: 0.3rem 0.5rem; width: 18rem; max-width: 100%; }
figure { margin: 0; }
.axis { display: flex; justify-content: space-between; gap: 0.6rem; min-width: 16rem; }
.bar { display: block; width: 100%; min-width: 16rem; height: 16px; margin-top: 3px; background: var(--panel); }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; list-style: none; padding: 0; color: var(--quiet); }
.legend svg { width: 1.4em; height: 0.7em; margin-right: 0.4em; }
rect.upcoming { fill: #7fb2f0; }
rect.active { fill: #1f8a5f; }
rect.draining { fill: #d9a514; }
rect.outdated { fill: #8b95a1; }
rect.expired { fill: #d9541e; }
rect.deletion-scheduled { fill: #b3261e; }
rect.missing { fill: none; stroke: var(--bad); stroke-width: 2; }
rect.coming { fill: var(--ground); opacity: 0.55; }
rect.now { fill: var(--ink); }
.state.missing, .state.deletion-scheduled, .state.expired { color: var(--bad); }
${chartStyle}
@media (max-width: 600px) {
  body { padding: 0.6rem; }
  details.group { padding: 0 0.5rem; }
  .bar, .axis { min-width: 14.5rem; }
  .axis > :nth-child(2) { display: none; }
  .prefix { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  th, td { padding-right: 0.6rem; }
}
@media print { .buttons, nav, input { display: none; } }
`;
