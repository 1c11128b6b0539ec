import { drawGrid } from './grid.ts';
import { LANE_HEIGHT, type Scale, scaleOf, type View } from './scale.ts';
import { highestOf, type Line, type Series } from './series.ts';

/** Draws the visible minutes on the canvas. `pointer` is the minute of the crosshair. */
export function drawChart(
  canvas: HTMLCanvasElement,
  series: Series,
  view: View,
  pointer: number | undefined,
): void {
  const context = cleared(canvas);
  const shown = series.lines.filter((line) => line.shown);
  const scale = scaleOf(series, shown, view, { width: canvas.clientWidth, height: canvas.clientHeight });
  const label = cssColor('--quiet');
  drawGrid(context, scale, view, series, { grid: cssColor('--grid'), label });
  context.fillStyle = cssColor('--demand');
  drawDemand(context, scale, series.demand);
  shown.forEach((line, row) => {
    drawLine(context, scale, line, row);
  });
  if (pointer === undefined) return;
  context.fillStyle = label;
  context.fillRect(Math.round(scale.x(pointer + 0.5)), scale.top, 1, scale.axis - scale.top);
}

/** Sizes the canvas for the screen's resolution, which also clears it. */
function cleared(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d')!;
  const ratio = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** A custom property of the page, which differs between light and dark mode. */
const cssColor = (name: string): string => getComputedStyle(document.body).getPropertyValue(name);

function drawDemand(context: CanvasRenderingContext2D, scale: Scale, demand: Float64Array): void {
  const { left, right, foot, y, column } = scale;
  for (let i = 0; i < right - left; i++) {
    const height = y(highestOf(demand, ...column(i)));
    context.fillRect(left + i, height, 1, foot - height);
  }
}

/** Draws the capacity of a method, and its throttled minutes in a lane below the plot. */
function drawLine(context: CanvasRenderingContext2D, scale: Scale, line: Line, row: number): void {
  const { left, right, foot, y, column } = scale;
  const lane = foot + 4 + row * LANE_HEIGHT;
  context.strokeStyle = line.color;
  context.fillStyle = line.color;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let i = 0; i < right - left; i++) {
    const minutes = column(i);
    context.lineTo(left + i, y(highestOf(line.capacity, ...minutes)));
    if (highestOf(line.throttled, ...minutes) > 0) context.fillRect(left + i, lane, 1.5, LANE_HEIGHT - 4);
  }
  context.stroke();
  context.globalAlpha = 0.15;
  context.fillRect(left, lane, right - left, LANE_HEIGHT - 4);
  context.globalAlpha = 1;
}
