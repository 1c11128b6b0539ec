/** A chart with its buttons and the text beside it. */
import { type ChartData, stepsIn } from '../series.ts';
import { type Limits, selected, type View } from '../view.ts';
import { rangeText, rateText, timeText } from '../words.ts';
import { buttons, listenToFingers, listenToKeys, listenToWheel, type Viewer } from './input.ts';
import { plotIn } from './plot.ts';

/** The closest zoom, in steps. */
const LEAST_STEPS = 20;

export interface ChartHandle {
  /** Draws again, after lines were shown or hidden or colors have changed. */
  redraw(): void;
  remove(): void;
}

/** Draws a chart into an element, which gets the buttons, the plot and a line of text. */
export function chartIn(host: HTMLElement, data: ChartData): ChartHandle {
  const { start, stepSeconds, area } = data;
  const end = start + area.values.length * stepSeconds;
  const limits: Limits = { from: start, to: end, least: LEAST_STEPS * stepSeconds };
  let view: View = limits;
  const readout = document.createElement('output');
  const frame = document.createElement('div');
  frame.className = 'plot';
  frame.tabIndex = 0;
  frame.setAttribute('role', 'img');
  frame.setAttribute('aria-label', data.label);
  const show = (next: View): void => {
    view = next;
    plot.setScale('x', { min: view.from, max: view.to });
    readout.textContent = rangeText(view.from, view.to);
  };
  const viewer: Viewer = { limits, view: () => view, show };
  host.append(buttons(viewer, data.label), frame, readout);
  const { plot, resize } = plotIn(frame, data, () => view, {
    onStep: (step) => {
      readout.textContent = step === undefined ? rangeText(view.from, view.to) : stepText(data, step);
    },
    onSelect: (one, other) => show(selected(limits, one, other)),
    onReset: () => show(limits),
  });
  listenToKeys(frame, viewer);
  listenToWheel(plot.over, viewer);
  listenToFingers(plot.over, viewer);
  readout.textContent = rangeText(view.from, view.to);
  const redraw = (): void => {
    data.lines.forEach((line, i) => {
      if (plot.series[i + 2]!.show !== line.shown) plot.setSeries(i + 2, { show: line.shown });
    });
    resize();
    show(view);
    plot.redraw(false);
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', redraw);
  return {
    redraw,
    remove: () => {
      dark.removeEventListener('change', redraw);
      plot.destroy();
      host.replaceChildren();
    },
  };
}

/** The text beside the chart while the pointer is on a step. */
function stepText(data: ChartData, pointed: number): string {
  const { start, stepSeconds, area, lines } = data;
  const [step] = stepsIn(data, { from: start + pointed * stepSeconds, to: start });
  const values = lines
    .filter((line) => line.shown)
    .map(({ name, values: own, throttled, sayThrottled }) => {
      const value = own[step]! < 0 ? 'unknown or on-demand' : `${rateText(own[step]!)}/s`;
      const lost = throttled[step]! > 0 ? `, throttled ${sayThrottled(throttled[step]!)}` : '';
      return `${name} ${value}${lost}`;
    });
  const asked = `${area.name} ${rateText(area.values[step]!)}/s`;
  return [`${timeText(start + step * stepSeconds)} UTC`, asked, ...values].join('  ·  ');
}
