/** What a chart draws. One value per step. */
export interface ChartData {
  /** What it is about, for screen readers. */
  readonly label: string;
  /** Start of the first step, seconds since 1970. */
  readonly start: number;
  readonly stepSeconds: number;
  /** What is asked for: an area. Units per second. */
  readonly area: { readonly name: string; readonly values: Float64Array };
  /** What serves it: lines. */
  readonly lines: readonly ChartLine[];
}

export interface ChartLine {
  readonly name: string;
  /** A CSS color, or a custom property of the page such as `--capacity`. */
  readonly color: string;
  shown: boolean;
  /** Units per second. A negative value is unknown. */
  readonly values: Float64Array;
  /** What was throttled, marked below the plot. */
  readonly throttled: Float64Array;
  /** How the text beside the chart says what was throttled in a step: `3/s`, `12 requests`. */
  readonly sayThrottled: (value: number) => string;
}

/** The steps that a view shows, at least one: [first, end). */
export function stepsIn(
  { start, stepSeconds, area }: ChartData,
  { from, to }: { readonly from: number; readonly to: number },
): readonly [first: number, end: number] {
  const count = area.values.length;
  const first = Math.max(0, Math.min(count - 1, Math.floor((from - start) / stepSeconds)));
  return [first, Math.max(first + 1, Math.min(count, Math.ceil((to - start) / stepSeconds)))];
}
