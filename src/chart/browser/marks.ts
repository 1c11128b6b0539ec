/** What uPlot does not draw: throttled steps in lanes below the plot, and marks where values are cut off. */
import type uPlot from 'uplot';
import { ceilingOf, cutsOf } from '../ceiling.ts';
import { type ChartData, type ChartLine, stepsIn } from '../series.ts';
import type { View } from '../view.ts';
import { rateText } from '../words.ts';
import { cssColor } from './color.ts';

/** Height of a lane in pixels. */
export const LANE = 14;
/** Pixels between two marks of cut values, and room for the label of one. */
const NEAR = 8;
const LABEL = 64;

export function drawMarks(u: uPlot, data: ChartData, view: View): void {
  const { ctx } = u;
  const [first, end] = stepsIn(data, view);
  ctx.save();
  const shown = data.lines.filter((line) => line.shown);
  shown.forEach((line, row) => {
    drawLane(u, data, line, row, [first, end]);
  });
  drawCuts(u, data, shown, [first, end]);
  ctx.restore();
}

type Steps = readonly [first: number, end: number];

/** The left edge of a step in canvas pixels, within the plot. */
function edge(u: uPlot, { start, stepSeconds }: ChartData, step: number): number {
  const { left, width } = u.bbox;
  return Math.min(left + width, Math.max(left, u.valToPos(start + step * stepSeconds, 'x', true)));
}

function drawLane(u: uPlot, data: ChartData, line: ChartLine, row: number, [first, end]: Steps): void {
  const { ctx, bbox } = u;
  const { devicePixelRatio: ratio } = window;
  const zero = u.valToPos(0, 'y', true);
  const top = zero + (row * LANE + 3) * ratio;
  const height = (LANE - 5) * ratio;
  ctx.fillStyle = cssColor(line.color);
  ctx.globalAlpha = 0.13;
  ctx.fillRect(bbox.left, top, bbox.width, height);
  ctx.globalAlpha = 1;
  let drawnTo = -Infinity;
  for (let step = first; step < end; step += 1) {
    if (!(line.throttled[step]! > 0)) continue;
    const from = Math.max(drawnTo, edge(u, data, step));
    const to = Math.max(edge(u, data, step + 1), edge(u, data, step) + 2 * ratio);
    if (to <= from) continue;
    ctx.fillRect(from, top, to - from, height);
    drawnTo = to;
  }
}

/** A triangle at the top for values above it, with the highest of them. */
function drawCuts(u: uPlot, data: ChartData, shown: readonly ChartLine[], [first, end]: Steps): void {
  const values = [data.area.values, ...shown.map((line) => line.values)];
  const { top, cuts } = ceilingOf(values, first, end);
  if (!cuts) return;
  const { ctx, bbox } = u;
  const { devicePixelRatio: ratio } = window;
  const near = Math.max(1, Math.ceil((NEAR * ratio * (end - first)) / bbox.width));
  let labeledTo = -Infinity;
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.fillStyle = cssColor('--bad');
  for (const cut of cutsOf(values, first, end, top, near)) {
    const x = (edge(u, data, cut.first) + edge(u, data, cut.last + 1)) / 2;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x - 4 * ratio, bbox.top + 7 * ratio);
    ctx.lineTo(x + 4 * ratio, bbox.top + 7 * ratio);
    ctx.fill();
    const label = rateText(cut.highest);
    const left = Math.min(x + 6 * ratio, bbox.left + bbox.width - LABEL * ratio);
    if (left < labeledTo) continue;
    ctx.fillText(label, left, bbox.top - 5 * ratio);
    labeledTo = left + LABEL * ratio;
  }
}
