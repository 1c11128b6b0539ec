import { LANE_HEIGHT, type Scale, type View } from './scale.ts';
import type { Series } from './series.ts';
import { rateText, timeText } from './text.ts';

/** Distances between time labels, in minutes. */
const STEPS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720],
  ...[1440, 2880, 7200, 14_400, 43_200, 129_600, 525_600],
];
const DAY_MINUTES = 1440;
/** Least distance between time labels, in pixels. */
const LABEL_WIDTH = 110;

/** Colors of the grid and its labels. */
export interface GridColors {
  readonly grid: string;
  readonly label: string;
}

/** Draws the lines and labels of both axes. */
export function drawGrid(
  context: CanvasRenderingContext2D,
  scale: Scale,
  view: View,
  series: Series,
  colors: GridColors,
): void {
  context.font = '11px system-ui, sans-serif';
  drawLevels(context, scale, colors);
  drawTimes(context, scale, view, series, colors);
}

function drawLevels(context: CanvasRenderingContext2D, scale: Scale, { grid, label }: GridColors): void {
  const { left, right, top, foot, highest, y } = scale;
  context.textAlign = 'right';
  const step = roundStep(highest / 5);
  for (let level = 0; y(level) > top; level += step) {
    context.fillStyle = grid;
    context.fillRect(left, Math.round(y(level)), right - left, 1);
    context.fillStyle = label;
    context.fillText(rateText(level), left - 6, y(level) + 4);
  }
  context.fillText('throttled', left - 6, foot + LANE_HEIGHT - 2);
}

/** The next higher 1, 2, 5, or 10 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}

function drawTimes(
  context: CanvasRenderingContext2D,
  { left, right, top, axis, x }: Scale,
  { from, to }: View,
  series: Series,
  { grid, label }: GridColors,
): void {
  context.textAlign = 'center';
  const least = (LABEL_WIDTH * (to - from)) / (right - left);
  const step = STEPS.find((minutes) => minutes >= least) ?? STEPS.at(-1)!;
  // Labels are on whole steps of UTC, not of the trace.
  const offset = (series.start / 60_000) % step;
  for (let minute = Math.ceil((from + offset) / step) * step - offset; minute <= to; minute += step) {
    context.fillStyle = grid;
    context.fillRect(Math.round(x(minute)), top, 1, axis - top);
    context.fillStyle = label;
    if (x(minute) > left + 20 && x(minute) < right - 40)
      context.fillText(timeText(series, minute, step >= DAY_MINUTES), x(minute), axis + 16);
  }
}
