/** What a chart shows of its time, and how zooming and moving change it. Times are seconds since 1970, as uPlot has them. */

/** The visible time: [from, to). */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** The whole time of a chart, and the shortest part of it that can be shown, in seconds. */
export interface Limits extends View {
  readonly least: number;
}

/** `span` seconds from `start`, moved and stretched into the limits. */
export function within({ from, to, least }: Limits, start: number, span: number): View {
  const length = Math.min(to - from, Math.max(Math.min(least, to - from), span));
  const first = Math.max(from, Math.min(to - length, start));
  return { from: first, to: first + length };
}

/** Changes the span by a factor, and keeps the instant `center` where it is. */
export function zoomed(limits: Limits, { from, to }: View, center: number, factor: number): View {
  const whole = within(limits, from, (to - from) * factor);
  const span = whole.to - whole.from;
  return within(limits, center - ((center - from) * span) / (to - from), span);
}

/** Moves by a share of the visible time. */
export const moved = (limits: Limits, { from, to }: View, share: number): View =>
  within(limits, from + share * (to - from), to - from);

/** What a selection by the pointer shows, in either direction. */
export const selected = (limits: Limits, one: number, other: number): View =>
  within(limits, Math.min(one, other), Math.abs(other - one));

/**
 * The view after two fingers have moved: the instants that they touched stay below them. `before` and `after` are the places of
 * the fingers in pixels, from the left of a plot of this width.
 */
export function pinched(
  limits: Limits,
  { from, to }: View,
  before: readonly [number, number],
  after: readonly [number, number],
  width: number,
): View {
  const perPixel = (to - from) / width;
  const distance = Math.max(1, Math.abs(after[1] - after[0]));
  const span = (to - from) * (Math.abs(before[1] - before[0]) / distance);
  const touched = from + (perPixel * (before[0] + before[1])) / 2;
  const bounded = within(limits, from, span);
  const length = bounded.to - bounded.from;
  return within(limits, touched - ((after[0] + after[1]) / 2 / width) * length, length);
}
