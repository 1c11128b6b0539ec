import { highestOf, type Line, type Series } from './series.ts';

/** The visible minutes: [from, to). Both can be fractions. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Pixels of the canvas: the plot, the lanes of throttled minutes below it, then the axis. */
export interface Scale {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  /** Bottom of the plot. */
  readonly foot: number;
  /** Bottom of the lanes. */
  readonly axis: number;
  /** Highest value in view, units per second. */
  readonly highest: number;
  readonly x: (minute: number) => number;
  readonly y: (units: number) => number;
  /** The minutes that pixel column i of the plot shows, at least one. */
  readonly column: (i: number) => readonly [from: number, to: number];
}

export const LEFT = 64;
export const RIGHT_MARGIN = 8;
export const LANE_HEIGHT = 14;
const TOP = 12;
const AXIS_HEIGHT = 22;
/** Room above the highest value, as a factor. */
const HEADROOM = 1.05;

export function scaleOf(
  { minutes, demand }: Series,
  shown: readonly Line[],
  { from, to }: View,
  { width, height }: { readonly width: number; readonly height: number },
): Scale {
  const right = width - RIGHT_MARGIN;
  const plot = right - LEFT;
  const axis = height - AXIS_HEIGHT;
  const foot = axis - shown.length * LANE_HEIGHT;
  const first = Math.floor(from);
  const end = Math.min(minutes, Math.ceil(to));
  const highest = Math.max(
    1,
    ...[demand, ...shown.map(({ capacity }) => capacity)].map((values) => highestOf(values, first, end)),
  );
  const minuteAt = (i: number): number => Math.floor(from + ((to - from) * i) / plot);
  return {
    left: LEFT,
    right,
    top: TOP,
    foot,
    axis,
    highest,
    x: (minute) => LEFT + ((minute - from) / (to - from)) * plot,
    y: (units) => foot - (units / (HEADROOM * highest)) * (foot - TOP),
    column: (i) => {
      const start = Math.min(end - 1, Math.max(first, minuteAt(i)));
      return [start, Math.min(end, Math.max(start + 1, minuteAt(i + 1)))];
    },
  };
}
