/** A plot of demand, capacity and throttles by uPlot. */
import uPlot from 'uplot';
import { ceilingOf } from '../ceiling.ts';
import { type ChartData, type ChartLine, stepsIn } from '../series.ts';
import type { View } from '../view.ts';
import { axisTexts, rateText, STEPS } from '../words.ts';
import { cssColor } from './color.ts';
import { drawMarks, LANE } from './marks.ts';

const HEIGHT = { least: 220, most: 420 };
const AXIS = { x: 46, y: 58 };
const TOP = 18;
/** Above so many steps, lines are drawn without corners, which takes a fraction of the time. */
const MOST_CORNERS = 5000;

export interface PlotEvents {
  /** The step below the pointer; undefined if it is elsewhere. */
  readonly onStep: (step: number | undefined) => void;
  /** A selection by the mouse, seconds since 1970. */
  readonly onSelect: (one: number, other: number) => void;
  readonly onReset: () => void;
}

export interface Plot {
  readonly plot: uPlot;
  /** Adapts the size to the page and to the lines that are shown. */
  readonly resize: () => void;
}

/** Draws `data` into `host`. `viewOf` is what it shows: the caller sets the scale `x` after a change. */
export function plotIn(host: HTMLElement, data: ChartData, viewOf: () => View, events: PlotEvents): Plot {
  const shown = (): readonly ChartLine[] => data.lines.filter((line) => line.shown);
  // Each lane needs room of its own.
  const height = (): number =>
    Math.round(Math.min(HEIGHT.most, Math.max(HEIGHT.least, window.innerHeight * 0.42))) +
    LANE * Math.max(0, shown().length - 1);
  const top = (): number => {
    const values = [data.area.values, ...shown().map((line) => line.values)];
    return ceilingOf(values, ...stepsIn(data, viewOf())).top;
  };
  const options: uPlot.Options = {
    width: Math.max(200, host.clientWidth),
    height: height(),
    padding: [TOP, 32, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          events.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { range: () => [viewOf().from, viewOf().to] },
      y: { range: (u) => [-below(u, shown().length) * top(), top()] },
    },
    axes: axes(),
    series: [{}, areaSeries(), ...data.lines.map((line) => lineSeries(line, data.area.values.length))],
    hooks: {
      draw: [(u) => drawMarks(u, data, viewOf())],
      setCursor: [({ cursor }) => events.onStep(cursor.idx ?? undefined)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width > 3) events.onSelect(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  const plot = new uPlot(options, aligned(data), host);
  const resize = (): void => {
    const width = Math.max(200, host.clientWidth);
    if (width !== plot.width || height() !== plot.height) plot.setSize({ width, height: height() });
  };
  new ResizeObserver(resize).observe(host);
  return { plot, resize };
}

/** The room for lanes of throttled steps below zero, as a share of the room above. */
function below({ height }: uPlot, lanes: number): number {
  const room = height - AXIS.x - TOP;
  return (lanes * LANE) / Math.max(1, room - lanes * LANE);
}

function aligned({ start, stepSeconds, area, lines }: ChartData): uPlot.AlignedData {
  const times = Float64Array.from(area.values, (_, i) => start + i * stepSeconds);
  const known = (values: Float64Array) => Array.from(values, (value) => (value < 0 ? null : value));
  const hasUnknown = (values: Float64Array) => values.some((value) => value < 0);
  return [
    times,
    area.values,
    ...lines.map(({ values }) => (hasUnknown(values) ? known(values) : values)),
  ] as uPlot.AlignedData;
}

const quiet = (): string => cssColor('--quiet');
const grid = { stroke: (): string => cssColor('--grid'), width: 1 };
const FONT = '11px system-ui, sans-serif';

const axes = (): uPlot.Axis[] => [
  {
    stroke: quiet,
    grid,
    ticks: grid,
    font: FONT,
    size: AXIS.x,
    space: 80,
    incrs: STEPS,
    values: (_u, splits, _axis, _space, step) => axisTexts(splits, step),
  },
  {
    stroke: quiet,
    grid,
    ticks: grid,
    font: FONT,
    size: AXIS.y,
    space: 36,
    values: (_u, splits) => splits.map((level) => (level < 0 ? '' : rateText(level))),
  },
];

const areaSeries = (): uPlot.Series => ({
  fill: () => cssColor('--demand'),
  stroke: () => cssColor('--demand-edge'),
  width: 1,
  fillTo: 0,
  points: { show: false },
});

const lineSeries = (line: ChartLine, steps: number): uPlot.Series => ({
  stroke: () => cssColor(line.color),
  width: 1.75,
  show: line.shown,
  points: { show: false },
  ...(steps <= MOST_CORNERS && { paths: uPlot.paths.stepped!({ align: 1 }) }),
});
