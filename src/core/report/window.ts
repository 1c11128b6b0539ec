/** Which time a report is about, and in which steps its metrics are read. */
import { MINUTE_MS } from '../calendar/period.ts';
import type { Window } from '../capacity/demand.ts';
import { isRetained, LONGEST_DAYS, type StepMs } from '../capacity/history.ts';

export interface ReportWindow extends Window {
  readonly stepMs: StepMs;
}

/** A week of five-minute steps. Longer times have longer steps, so that 300 groups can be read in minutes. */
const MOST_STEPS = 2016;
const STEPS: readonly StepMs[] = [60_000, 300_000, 3_600_000];
/** The newest points still change for some minutes. */
const SETTLED_MS = 5 * MINUTE_MS;

/** The whole steps of the last `sinceMs` before `now`, epoch milliseconds. */
export function reportWindow(sinceMs: number, now: number): ReportWindow {
  const fits = (stepMs: StepMs): boolean =>
    sinceMs / stepMs <= MOST_STEPS && isRetained(stepMs, now - sinceMs, now);
  const stepMs = STEPS.find(fits) ?? STEPS.at(-1)!;
  const to = Math.floor((now - SETTLED_MS) / stepMs) * stepMs;
  return { from: Math.min(to - stepMs, Math.ceil((now - sinceMs) / stepMs) * stepMs), to, stepMs };
}

export { LONGEST_DAYS };

/** The points of all charts of a page together, and of one. */
const ALL_POINTS = 120_000;
const LEAST_POINTS = 150;

/** How many steps make one point of a chart, so that the page stays small with many charts. */
export function stepsPerPoint({ from, to, stepMs }: ReportWindow, charts: number): number {
  const points = Math.max(LEAST_POINTS, Math.floor(ALL_POINTS / Math.max(1, charts)));
  return Math.max(1, Math.ceil((to - from) / stepMs / points));
}

/** One value for each `size` values: the result of `reduce` over them. */
export function reduced(
  values: Float64Array,
  size: number,
  reduce: (one: number, other: number) => number,
): Float64Array {
  if (size === 1) return values;
  return Float64Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.subarray(i * size, (i + 1) * size).reduce((one, other) => reduce(one, other)),
  );
}

export const highest = (one: number, other: number): number => Math.max(one, other);
export const sum = (one: number, other: number): number => one + other;
