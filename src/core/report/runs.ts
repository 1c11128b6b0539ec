/** Runs of equal values, as [length, value, length, value, …]: capacity and throttles change rarely. */
export type Runs = readonly number[];

/** Packs values as runs. `rounded` decides which values are equal. */
export function packed(values: ArrayLike<number>, rounded: (value: number) => number): number[] {
  const runs: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    const value = rounded(values[i]!);
    if (runs.length > 0 && runs.at(-1) === value) runs[runs.length - 2]! += 1;
    else runs.push(1, value);
  }
  return runs;
}

/** The `count` values of runs. */
export function unpacked(runs: Runs, count: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const end = at + runs[i]!;
    values.fill(runs[i + 1]!, at, end);
    at = end;
  }
  return values;
}

/** Three significant digits: a chart shows no more, and the page stays small. */
export const threeDigits = (value: number): number => Number(value.toPrecision(3));

export const tenths = (value: number): number => Math.round(value * 10) / 10;
