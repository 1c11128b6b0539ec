/** Demand of the newest minutes, units per second, oldest first. */
export type Recent = readonly number[];

const LENGTH = 20;

export const withNewest = (recent: Recent, demand: number): Recent => [...recent.slice(1 - LENGTH), demand];

/** The mean of `count` minutes, or of all known ones if there are fewer. The newest `skip` minutes are left out. */
export function meanOf(recent: Recent, count: number, skip = 0): number {
  const end = recent.length - skip;
  const start = Math.max(0, end - count);
  if (end <= start) return recent[0] ?? 0;
  let total = 0;
  for (let i = start; i < end; i++) total += recent[i]!;
  return total / (end - start);
}

/** Lengths of the windows that are checked, in minutes. The longer a window, the less one more minute changes. */
const WINDOWS = [1, 2, 3, 5, 8, 12];

/**
 * The lowest capacity, units per second, at which demand like that of the newest `count` minutes never uses up a burst
 * capacity of `burstMinutes` of that capacity. A token bucket serves what arrives in any window of j minutes if
 * arrivals(j) ≤ capacity · (j + burstMinutes): the arrival curve of network calculus.
 */
export function sufficient(recent: Recent, count: number, burstMinutes: number): number {
  const start = Math.max(0, recent.length - count);
  let needed = 0;
  for (const length of WINDOWS) {
    if (start + length > recent.length) break;
    needed = Math.max(needed, mostIn(recent, start, length) / (length + burstMinutes));
  }
  return needed;
}

/** The highest demand of any `length` consecutive minutes from `start` on, unit-minutes per second. */
function mostIn(recent: Recent, start: number, length: number): number {
  let arrived = 0;
  for (let i = start; i < start + length; i++) arrived += recent[i]!;
  let most = arrived;
  for (let i = start + length; i < recent.length; i++) {
    arrived += recent[i]! - recent[i - length]!;
    if (arrived > most) most = arrived;
  }
  return most;
}
