import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { baselineCapacity } from './baseline.ts';
import { followingOf } from './caution.ts';
import { surgeOf } from './forecast.ts';
import { type Memory, smallDemand } from './memory.ts';
import { returned, returningTo } from './outage.ts';
import { yesterdayAhead } from './profile.ts';
import { meanOf } from './recent.ts';

/** What demand the next minutes can bring at a capacity, in units per second and unit-seconds. */
export interface Outlook {
  readonly expected: number;
  /** The highest demand that the next minutes are likely to bring. */
  readonly likelyPeak: number;
  /** What demand gains each minute while it surges. */
  readonly surge: number;
  /** The highest demand of yesterday around this time, at today's level; 0 if yesterday is unknown. */
  readonly yesterday: number;
  /** The lowest capacity that is worth having: burst capacity then serves jumps of about the same size. */
  readonly floor: number;
  /** The part of the baseline's capacity that the method follows. */
  readonly baseline: number;
  /** The trusted part of the burst capacity that is left. */
  readonly burstBalance: number;
  /** The trusted part of the burst capacity that an idle table would have. */
  readonly fullBurst: number;
}

/** Minutes for which a surge is extrapolated: from the middle of the known minutes until a raise takes effect. */
const SURGE_MINUTES = 6;
/** Demand can jump within the minutes that a raise takes. With full caution, capacity is this share above expected demand. */
const HEADROOM = 0.4;
/** Full burst capacity serves half as much again for ten minutes, so two thirds of yesterday's demand are enough. */
const OF_YESTERDAY = 2 / 3;

export function outlookOf(memory: Memory, provisioned: number): Outlook {
  const { forecast, recent, record, burst, caution, profile, outage } = memory;
  const { expected } = forecast;
  const surge = surgeOf(forecast, recent, smallDemand(record));
  const yesterday = Math.max(yesterdayAhead(profile) ?? 0, returningTo(outage));
  const fullBurst = provisioned * BURST_SECONDS * burst.trust;
  return {
    expected,
    likelyPeak: Math.max(expected * (1 + uncoveredPeaks(memory)), meanOf(recent, 3) + surge * SURGE_MINUTES),
    surge,
    yesterday,
    floor: Math.max(
      expected * (1 + HEADROOM * caution * burst.trust),
      OF_YESTERDAY * yesterday,
      returned(outage, recent),
    ),
    baseline: followingOf(record, burst.trust) * baselineCapacity(memory.baseline),
    burstBalance: Math.min(burst.balance * burst.trust, fullBurst),
    fullBurst,
  };
}

/** The usual peaks of single minutes that burst capacity is not trusted to serve, as a share of expected demand. */
export function uncoveredPeaks({ burst, forecast, caution }: Memory): number {
  return Math.min(1, (1 - burst.trust) * forecast.peak * (0.5 + 0.5 * caution));
}
