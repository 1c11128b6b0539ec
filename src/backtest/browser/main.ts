/** The script of the backtest page: draws the chart, and zooms and moves it by wheel, pointer, and keyboard. */
import type { PageData } from '../page-data.ts';
import { drawChart } from './chart.ts';
import { LEFT, RIGHT_MARGIN, type View } from './scale.ts';
import { seriesOf } from './series.ts';
import { minuteText, rangeText } from './text.ts';

/** The closest zoom, in minutes. */
const LEAST_MINUTES = 20;

const data: PageData = JSON.parse(document.getElementById('data')!.textContent!);
const series = seriesOf(data);
const { minutes, lines } = series;
const canvas = document.querySelector('canvas')!;
const readout = document.querySelector('output')!;

let view: View = { from: 0, to: minutes };
/** The minute under the pointer. */
let pointer: number | undefined;

function draw(): void {
  drawChart(canvas, series, view, pointer);
  const shown = lines.filter((line) => line.shown);
  readout.textContent =
    pointer === undefined ? rangeText(series, view.from, view.to) : minuteText(series, shown, pointer);
}

const withinLimits = (span: number): number =>
  Math.min(minutes, Math.max(Math.min(LEAST_MINUTES, minutes), span));

/** Shows `span` minutes from minute `start`, within the trace. */
function show(start: number, span: number): void {
  const length = withinLimits(span);
  const from = Math.max(0, Math.min(minutes - length, start));
  view = { from, to: from + length };
  draw();
}

/** Changes the span by a factor and keeps the minute `center` where it is. */
function zoom(center: number, factor: number): void {
  const { from, to } = view;
  const span = withinLimits((to - from) * factor);
  show(center - ((center - from) * span) / (to - from), span);
}

const plotWidth = (): number => canvas.clientWidth - LEFT - RIGHT_MARGIN;

function minuteAt({ offsetX }: MouseEvent): number {
  const { from, to } = view;
  return Math.min(to, Math.max(from, from + ((to - from) * (offsetX - LEFT)) / plotWidth()));
}

const keys: Readonly<Record<string, (center: number, span: number) => void>> = {
  '+': (center) => zoom(center, 0.7),
  '=': (center) => zoom(center, 0.7),
  '-': (center) => zoom(center, 1.4),
  ArrowLeft: (_, span) => show(view.from - 0.2 * span, span),
  ArrowRight: (_, span) => show(view.from + 0.2 * span, span),
  Home: () => show(0, minutes),
};

canvas.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    zoom(minuteAt(event), event.deltaY > 0 ? 1.25 : 0.8);
  },
  // A passive listener cannot keep the page from scrolling.
  { passive: false },
);
canvas.addEventListener('dblclick', () => show(0, minutes));
canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
canvas.addEventListener('pointerleave', () => {
  pointer = undefined;
  draw();
});
canvas.addEventListener('pointermove', (event) => {
  const { from, to } = view;
  pointer = Math.floor(minuteAt(event));
  if (event.buttons > 0) show(from - (event.movementX / plotWidth()) * (to - from), to - from);
  else draw();
});
canvas.addEventListener('keydown', (event) => {
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act((view.from + view.to) / 2, view.to - view.from);
});
document.querySelectorAll('input').forEach((box, i) => {
  box.addEventListener('change', () => {
    lines[i]!.shown = box.checked;
    draw();
  });
});
addEventListener('resize', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
draw();
