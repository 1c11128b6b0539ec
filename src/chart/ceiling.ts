/** The highest value of a chart's axis: one outlier must not flatten everything else. */

/** This share of the visible values is always below the top of the axis. */
const SHARE = 0.99;
/** Room above the highest value. */
const HEADROOM = 1.08;
/** Values above the usual ones are cut off only if they would make the rest this many times lower. */
const FLATTENS = 3;
/** Values are sampled, because a year has half a million minutes. */
const MOST_SAMPLES = 2000;

export interface Ceiling {
  /** Top of the axis. */
  readonly top: number;
  /** Whether some visible values are higher. */
  readonly cuts: boolean;
}

/** The top for the visible part, [first, end), of some series. Zooming in on an outlier shows it whole. */
export function ceilingOf(series: readonly ArrayLike<number>[], first: number, end: number): Ceiling {
  let most = 0;
  let usual = 0;
  for (const values of series) {
    const highest = highestOf(values, first, end);
    most = Math.max(most, highest);
    usual = Math.max(usual, usualOf(values, first, end));
  }
  const enough = usual > 0 && most > FLATTENS * usual;
  return { top: HEADROOM * Math.max(1, enough ? usual : most), cuts: enough };
}

/** The highest value of [first, end). */
export function highestOf(values: ArrayLike<number>, first: number, end: number): number {
  let highest = 0;
  for (let i = Math.max(0, first); i < Math.min(values.length, end); i += 1)
    if (values[i]! > highest) highest = values[i]!;
  return highest;
}

/** The value that `SHARE` of the values do not exceed, of those above zero. */
function usualOf(values: ArrayLike<number>, first: number, end: number): number {
  const last = Math.min(values.length, end);
  const every = Math.max(1, Math.floor((last - first) / MOST_SAMPLES));
  const samples: number[] = [];
  for (let i = Math.max(0, first); i < last; i += every)
    if (values[i]! > 0) samples.push(highestOf(values, i, Math.min(last, i + every)));
  samples.sort((a, b) => a - b);
  return samples[Math.max(0, Math.ceil(SHARE * samples.length) - 1)] ?? 0;
}

/** Neighboring values above the top, as one mark: [first, last], and the highest of them. */
export interface Cut {
  readonly first: number;
  readonly last: number;
  readonly highest: number;
}

/** The marks of the values above the top in [first, end). Values at most `near` apart share one. */
export function cutsOf(
  series: readonly ArrayLike<number>[],
  first: number,
  end: number,
  top: number,
  near: number,
): Cut[] {
  const cuts: Cut[] = [];
  for (let i = first; i < end; i += 1) {
    const value = Math.max(...series.map((values) => values[i] ?? 0));
    if (value <= top) continue;
    const before = cuts.at(-1);
    if (before && i - before.last <= near)
      cuts[cuts.length - 1] = { ...before, last: i, highest: Math.max(before.highest, value) };
    else cuts.push({ first: i, last: i, highest: value });
  }
  return cuts;
}
