import { towardsQuantile } from './quantile.ts';
import { meanOf, type Recent } from './recent.ts';

/** How far demand was from its level in one minute, and the forecast based on that. */
interface Observation {
  readonly level: number;
  /** Deviation from the level, units per second: of the newest minute, and of the mean of five minutes. */
  readonly deviation: number;
  readonly deviation5: number;
  readonly expected: number;
}

/** Sums of a least squares fit, in which older observations count less. */
interface Fit {
  readonly xx: number;
  readonly xz: number;
  readonly zz: number;
  readonly xy: number;
  readonly zy: number;
}

/**
 * The forecast is the level, plus the part of the deviation from it that has recently lasted: all of it if demand moves
 * smoothly, little if single minutes are noise. Rates are units per second.
 */
export interface Forecast {
  readonly level: number;
  /** Expected mean demand of the next five minutes. */
  readonly expected: number;
  /** In nine of ten cases, the highest of three minutes is above expected demand by no more than this share. */
  readonly peak: number;
  /** The part of a jump above the level that is left when a raise could take effect, three minutes later. */
  readonly lasting: number;
  /** The usual change of the ten-minute mean within ten minutes, as a share of the level. */
  readonly usualRise: number;
  readonly fit: Fit;
  /** Observations whose outcome is not known yet, oldest first. */
  readonly observations: readonly Observation[];
}

/** Minutes that a forecast covers. */
const AHEAD = 5;
/** Minutes over which the level is smoothed. */
const LEVEL_MINUTES = 20;
/** Minutes after which an observation has a third of its weight: a day. */
const MEMORY_MINUTES = 1440;
/**
 * Without observations, half of a deviation is assumed to last. A fit of few observations is drawn towards that half.
 */
const PRIOR = { lasts: 0.5, weight: 0.02 };
const RISE_MINUTES = 10;
/** If a rise did not continue in the last minutes, it was a step and has ended. */
const STILL_RISING = 3;

export const newForecast = (level: number): Forecast => ({
  level,
  expected: level,
  peak: 0.3,
  lasting: 1,
  usualRise: 0.2,
  fit: { xx: 1e-3, xz: 0, zz: 1e-3, xy: 5e-4, zy: 5e-4 },
  observations: [],
});

/**
 * The forecast after the newest minute of `recent`. Below `small` units per second, shares of demand do not mean much.
 */
export function forecastAfter(forecast: Forecast, recent: Recent, small: number): Forecast {
  const demand = recent.at(-1)!;
  const { observations } = forecast;
  const due = observations.length > AHEAD ? observations[0] : undefined;
  const fit = due ? refit(forecast.fit, due, meanOf(recent, AHEAD), small) : forecast.fit;
  const earlier = due && observations.at(-3)!;
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
  const deviation = demand - level;
  const deviation5 = meanOf(recent, AHEAD) - level;
  const [a, b] = persistence(fit);
  const lasts = a * deviation + b * deviation5;
  // The fit is for ordinary minutes. After a jump, the forecast expects no more of it to last than of recent jumps.
  const ahead = deviation > level + small ? Math.min(lasts, lasting * deviation) : lasts;
  // A fit of few observations can be far off. Nothing is expected above what was just seen, except by a climb.
  const highestSeen = level + Math.max(0, deviation, deviation5);
  const expected = Math.min(highestSeen + AHEAD * climbOf(recent), Math.max(0, level + ahead));
  const observation = { level, deviation, deviation5, expected };
  const pending = [...observations.slice(-AHEAD), observation];
  return { level, expected, peak, lasting, usualRise, fit, observations: pending };
}

/** The average part of a jump that lasts is over about this many jumps. */
const JUMPS = 10;

/** A jump takes demand from near its level to more than twice the level within a minute. */
function lastingOf({ lasting, observations }: Forecast, demand: number, small: number): number {
  const [before, jump] = [observations.at(-4), observations.at(-3)];
  if (!before || !jump) return lasting;
  const jumped = jump.deviation > jump.level + small && before.deviation < 0.5 * (before.level + small);
  if (!jumped) return lasting;
  const left = Math.min(1, Math.max(0, (demand - jump.level) / jump.deviation));
  return lasting + (left - lasting) / JUMPS;
}

const highest = (recent: Recent, count: number): number => Math.max(...recent.slice(-count));

const riseOf = (recent: Recent): number =>
  recent.length < 2 * RISE_MINUTES
    ? 0
    : meanOf(recent, RISE_MINUTES) - meanOf(recent, RISE_MINUTES, RISE_MINUTES);

/** What demand gains per minute while it rises, units per second; otherwise 0. */
function climbOf(recent: Recent): number {
  const newest = (meanOf(recent, STILL_RISING) - meanOf(recent, STILL_RISING, STILL_RISING)) / STILL_RISING;
  return Math.max(0, Math.min(riseOf(recent) / RISE_MINUTES, newest));
}

/** What demand gains per minute while it rises more than usual, units per second; otherwise 0. */
export const surgeOf = ({ level, usualRise }: Forecast, recent: Recent, small: number): number =>
  riseOf(recent) > usualRise * (level + small) ? climbOf(recent) : 0;

/** Fits shares of the level, so that nights count as much as days. Large deviations count less. */
function refit(fit: Fit, { level, deviation, deviation5 }: Observation, outcome: number, small: number): Fit {
  const scale = level + small || 1;
  const x = deviation / scale;
  const z = deviation5 / scale;
  const y = (outcome - level) / scale;
  const weight = 1 / (1 + 4 * x * x);
  const decay = 1 - 1 / MEMORY_MINUTES;
  return {
    xx: fit.xx * decay + weight * x * x,
    xz: fit.xz * decay + weight * x * z,
    zz: fit.zz * decay + weight * z * z,
    xy: fit.xy * decay + weight * x * y,
    zy: fit.zy * decay + weight * z * y,
  };
}

/** The part of each of the two deviations that lasts: least squares, drawn towards the prior. */
function persistence({ xx, xz, zz, xy, zy }: Fit): readonly [number, number] {
  const ridge = PRIOR.weight * (xx + zz) + 1e-6;
  const drawn = ridge * PRIOR.lasts;
  const determinant = (xx + ridge) * (zz + ridge) - xz * xz;
  return [
    ((xy + drawn) * (zz + ridge) - xz * (zy + drawn)) / determinant,
    ((zy + drawn) * (xx + ridge) - xz * (xy + drawn)) / determinant,
  ];
}
