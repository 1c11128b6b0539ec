import { chartStyle, colors } from '../chart/style.ts';

export const style = `${colors}
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 0; padding: 1rem; color: var(--ink); background: var(--ground); }
figure { margin: 0; }
h1 { font-size: 1.3rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0.3rem 0; color: var(--quiet); }
.scroll { overflow-x: auto; margin-top: 0.6rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); max-width: calc(100vw - 2.5rem); }
th, td { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left; font-weight: normal; white-space: nowrap; border-bottom: 1px solid var(--grid); }
thead th { color: var(--quiet); white-space: normal; max-width: 7rem; vertical-align: bottom; }
th:first-child { position: sticky; left: 0; background: var(--ground); white-space: nowrap; }
.right { text-align: right; }
label { cursor: pointer; }
label svg { width: 1.2em; height: 0.3em; margin: 0 0.4em; vertical-align: middle; }
${chartStyle}
@media (max-width: 600px) {
  body { padding: 0.6rem; }
  th:first-child { min-width: 8.5rem; white-space: normal; }
}
`;
