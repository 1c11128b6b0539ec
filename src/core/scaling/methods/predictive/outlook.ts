import { BURST_SECONDS } from '../../../capacity/burst.ts';
import type { Ahead } from './ahead.ts';
import { baselineCapacity } from './baseline.ts';
import { returned, returningTo } from './outage.ts';
import type { Situation } from './situation.ts';

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
  /** The capacity that the highest seconds of uneven minutes probably need; 0 if no throttled requests showed such seconds. */
  readonly seconds: number;
  /** By how much capacity can be lower already, because demand falls and burst capacity serves the rest until then. */
  readonly bridged: number;
  /** The part of the baseline's capacity that the method follows. */
  readonly baseline: number;
  /** The trusted part of the burst capacity that is left. */
  readonly burstBalance: number;
  /** The trusted part of the burst capacity that an idle table would have. */
  readonly fullBurst: number;
}

/** Demand can jump within the minutes that a raise takes. With full headroom, capacity is this share above expected demand. */
const HEADROOM = 0.4;
/** Burst capacity and a raise serve the rest. */
const OF_YESTERDAY = 0.4;
/** Full burst capacity serves half as much again for ten minutes, so two thirds of what can return at once are enough. */
const OF_RETURNING = 2 / 3;

export function outlookOf(memory: Situation, { surge, continued }: Ahead, provisioned: number): Outlook {
  const { burst, outage, recent, variant } = memory;
  const returning = returningTo(outage);
  const { expected } = memory.forecast;
  const { yesterday } = memory.profile;
  const fullBurst = provisioned * BURST_SECONDS * burst.trust;
  return {
    expected,
    likelyPeak: Math.max(expected * (1 + uncoveredPeaks(memory)), continued),
    surge,
    yesterday: Math.max(yesterday, returning),
    floor: Math.max(
      expected * (1 + HEADROOM * variant.headroom * burst.trust),
      OF_YESTERDAY * yesterday,
      variant.ready * memory.jumps * burst.trust,
      OF_RETURNING * returning,
      returned(outage, recent),
    ),
    seconds: (memory.uneven?.needed ?? 0) * memory.forecast.level,
    bridged: returning > 0 && outage.minutes >= NO_TREND_MINUTES ? 0 : bridgedOf(memory),
    baseline: variant.following * baselineCapacity(memory.baseline),
    burstBalance: Math.min(burst.balance * burst.trust, fullBurst),
    fullBurst,
  };
}

/** The part of the burst capacity that may bridge the time until demand has fallen, and the usual peaks from which on nothing is bridged. */
const BRIDGE = { share: 0.4, peak: 0.4 };
/** At most this share of expected demand, and what it loses in this time, is bridged. */
const BRIDGED_AT_MOST = { share: 0.2, minutes: 60 };

/** After an outage of this many minutes, the last hour shows no trend: demand returns at once. */
const NO_TREND_MINUTES = 15;

/**
 * The quota allows a decrease per hour, so capacity is above demand while demand falls. A capacity that is lower by x lacks
 * x² / (2 · fall) of demand that falls by `fall` per minute, until demand is as low.
 */
function bridgedOf({ profile, burst, forecast }: Situation): number {
  const { falling } = profile;
  if (falling === 0) return 0;
  const share = BRIDGE.share * Math.max(0, 1 - forecast.peak / BRIDGE.peak);
  const unitMinutes = (share * burst.balance * burst.trust) / 60;
  const { share: most, minutes } = BRIDGED_AT_MOST;
  return Math.min(Math.sqrt(2 * falling * unitMinutes), falling * minutes, most * forecast.expected);
}

/** The usual peaks of single minutes that burst capacity is not trusted to serve, as a share of expected demand. */
export function uncoveredPeaks({ burst, forecast, variant }: Situation): number {
  return Math.min(1, (1 - burst.trust) * forecast.peak * (0.5 + 0.5 * variant.caution));
}
