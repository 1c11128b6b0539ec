/** The style of a chart on both pages. `chartStyle` of the generated code has uPlot's own. */
export const colors = `
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --ground: #fff; --panel: #f6f7f9; --quiet: #565c64; --grid: #e3e6ea; --edge: #c9ced6;
  --demand: #cfd8e3; --demand-edge: #7b8ea8; --capacity: #1f6feb; --link: #0b57d0; --bad: #b3261e; --warn: #8a5a00; --good: #1a7f4b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e6e6; --ground: #15181c; --panel: #1d2126; --quiet: #a8aeb6; --grid: #2a2f36; --edge: #454c56;
    --demand: #35414f; --demand-edge: #71839b; --capacity: #6ea8fe; --link: #8ab4f8; --bad: #ff8a80; --warn: #f0b45a; --good: #6fd3a0;
  }
}
`;

export const chartStyle = `
.plot { position: relative; min-height: 220px; border-radius: 4px; }
.plot:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.u-over { touch-action: pan-y; cursor: crosshair; }
.u-hz .u-cursor-x { border-right: 1px dashed var(--quiet); }
.u-select { background: var(--edge); opacity: 0.35; }
output { display: block; min-height: 1.5em; font-variant-numeric: tabular-nums; color: var(--quiet); overflow-wrap: anywhere; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.3rem; margin: 0.3rem 0; }
.buttons button, .chart select {
  font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--edge); border-radius: 4px;
  min-width: 2.6rem; min-height: 2rem; padding: 0 0.6rem; cursor: pointer;
}
`;
