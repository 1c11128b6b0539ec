import { towardsQuantile } from './quantile.ts';
import { meanOf, type Recent } from './recent.ts';

/** Where demand stood against its level in one minute, and what was expected from that. */
interface Reading {
  readonly level: number;
  /** The newest minute's and the last five minutes' distance from the level, units per second. */
  readonly distance: number;
  readonly distance5: number;
  readonly expected: number;
}

/** Sums of a least squares fit, exponentially forgotten. */
interface Fit {
  readonly xx: number;
  readonly xz: number;
  readonly zz: number;
  readonly xy: number;
  readonly zy: number;
}

/**
 * Expects of the next minutes the level plus what of the distance from it has lately persisted: all of it where
 * demand moves smoothly, little where minutes are noise. Rates are units per second.
 */
export interface Forecast {
  readonly level: number;
  /** Mean demand expected of the next five minutes. */
  readonly expected: number;
  /** How far the highest of three minutes goes above what was expected, as a share, in nine cases of ten. */
  readonly peak: number;
  /** Of a jump above the level, so much is left when a raise could serve: three minutes later. */
  readonly lasting: number;
  /** Change of a ten-minute mean within ten minutes, as a share of the level, that is nothing unusual. */
  readonly usualRise: number;
  readonly fit: Fit;
  /** Readings whose outcome is not known yet, oldest first. */
  readonly readings: readonly Reading[];
}

/** Minutes that a forecast is about. */
const AHEAD = 5;
/** Minutes over which the level is smoothed. */
const LEVEL_MINUTES = 20;
/** Minutes after which a reading counts a third: a day. */
const MEMORY_MINUTES = 1440;
/** Before there are readings, half of a distance is taken to persist; a fit this weak is drawn towards that. */
const PRIOR = { persists: 0.5, weight: 0.02 };
const RISE_MINUTES = 10;
/** A rise that has not gone on for so many minutes was a step, and is over. */
const STILL_RISING = 3;

export const noForecast = (level: number): Forecast => ({
  level,
  expected: level,
  peak: 0.3,
  lasting: 1,
  usualRise: 0.2,
  fit: { xx: 1e-3, xz: 0, zz: 1e-3, xy: 5e-4, zy: 5e-4 },
  readings: [],
});

/** Learns from the newest minute of `recent`; `small` is demand too small for shares to mean much, units per second. */
export function withMinute(forecast: Forecast, recent: Recent, small: number): Forecast {
  const demand = recent.at(-1)!;
  const { readings } = forecast;
  const due = readings.length > AHEAD ? readings[0] : undefined;
  const fit = due ? refit(forecast.fit, due, meanOf(recent, AHEAD), small) : forecast.fit;
  const earlier = due && readings.at(-3)!;
  const peak = earlier
    ? towardsQuantile(
        forecast.peak,
        (highest(recent, 3) - earlier.expected) / (earlier.expected + small),
        0.9,
      )
    : forecast.peak;
  const lasting = lastingOf(forecast, demand, small);
  const rise = riseOf(recent) / (forecast.level + small);
  const usualRise = towardsQuantile(forecast.usualRise, rise, 0.95);
  const level = forecast.level + (demand - forecast.level) / LEVEL_MINUTES;
  const distance = demand - level;
  const distance5 = meanOf(recent, AHEAD) - level;
  const [a, b] = persistence(fit);
  const stays = a * distance + b * distance5;
  // The fit is one of ordinary minutes: of a jump stays no more than jumps have lately left.
  const ahead = distance > level + small ? Math.min(stays, lasting * distance) : stays;
  const expected = Math.max(0, level + ahead);
  const reading = { level, distance, distance5, expected };
  return { level, expected, peak, lasting, usualRise, fit, readings: [...readings.slice(-AHEAD), reading] };
}

/** Jumps over which it is averaged how much of one lasts. */
const JUMPS = 10;

/** A jump takes demand from near the level to twice the level and beyond, within a minute. */
function lastingOf({ lasting, readings }: Forecast, demand: number, small: number): number {
  const [before, jump] = [readings.at(-4), readings.at(-3)];
  if (!before || !jump) return lasting;
  const jumped = jump.distance > jump.level + small && before.distance < 0.5 * (before.level + small);
  if (!jumped) return lasting;
  const left = Math.min(1, Math.max(0, (demand - jump.level) / jump.distance));
  return lasting + (left - lasting) / JUMPS;
}

const highest = (recent: Recent, count: number): number => Math.max(...recent.slice(-count));

const riseOf = (recent: Recent): number =>
  recent.length < 2 * RISE_MINUTES
    ? 0
    : meanOf(recent, RISE_MINUTES) - meanOf(recent, RISE_MINUTES, RISE_MINUTES);

/** What demand gains a minute where it rises beyond what is usual, units per second; 0 where it does not. */
export function surgeOf({ level, usualRise }: Forecast, recent: Recent, small: number): number {
  const rise = riseOf(recent);
  if (rise <= usualRise * (level + small)) return 0;
  const lately = (meanOf(recent, STILL_RISING) - meanOf(recent, STILL_RISING, STILL_RISING)) / STILL_RISING;
  return Math.max(0, Math.min(rise / RISE_MINUTES, lately));
}

/** Shares of the level, so that nights count like days; far-off readings count less. */
function refit(fit: Fit, { level, distance, distance5 }: Reading, outcome: number, small: number): Fit {
  const scale = level + small || 1;
  const x = distance / scale;
  const z = distance5 / scale;
  const y = (outcome - level) / scale;
  const weight = 1 / (1 + 4 * x * x);
  const kept = 1 - 1 / MEMORY_MINUTES;
  return {
    xx: fit.xx * kept + weight * x * x,
    xz: fit.xz * kept + weight * x * z,
    zz: fit.zz * kept + weight * z * z,
    xy: fit.xy * kept + weight * x * y,
    zy: fit.zy * kept + weight * z * y,
  };
}

/** How much of the two distances persists: least squares, drawn towards the prior. */
function persistence({ xx, xz, zz, xy, zy }: Fit): readonly [number, number] {
  const ridge = PRIOR.weight * (xx + zz) + 1e-6;
  const drawn = ridge * PRIOR.persists;
  const determinant = (xx + ridge) * (zz + ridge) - xz * xz;
  return [
    ((xy + drawn) * (zz + ridge) - xz * (zy + drawn)) / determinant,
    ((zy + drawn) * (xx + ridge) - xz * (xy + drawn)) / determinant,
  ];
}
