import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { surgeOf } from './forecast.ts';
import { meanOf, type Recent, sufficient } from './recent.ts';
import type { Situation } from './situation.ts';
import { smallDemand } from './totals.ts';

/** What the newest minutes say about the next ones, whatever capacity a table has. Units per second. */
export interface Ahead {
  /** What demand gains each minute while it surges. */
  readonly surge: number;
  /** Demand in some minutes if a surge continues. */
  readonly continued: number;
  /** The lowest capacity that would serve demand like that of the newest minutes. */
  readonly like: number;
}

/** Minutes for which a surge is extrapolated: from the middle of the known minutes until a raise takes effect. */
const SURGE_MINUTES = 6;

export function aheadOf(
  { forecast, recent, totals }: Pick<Situation, 'forecast' | 'recent' | 'totals'>,
  trust: number,
): Ahead {
  const surge = surgeOf(forecast, recent, smallDemand(totals));
  return {
    surge,
    continued: meanOf(recent, 3) + surge * SURGE_MINUTES,
    like: servingLike(recent, trust),
  };
}

/** Capacity has to serve demand like that of this many recent minutes: if burst capacity is trusted, and if not. */
const LIKE_MINUTES = { withBurst: 10, withoutBurst: 15 };
/** The share of full burst capacity, at the new capacity, that may be relied on. */
export const RELIED_ON = 0.9;
/** Capacity after a decrease is this share above what is needed. */
export const ABOVE_NEED = 0.03;

/** After this many minutes, a peak that has not repeated no longer counts. */
export const PEAK_MINUTES = LIKE_MINUTES.withoutBurst;

/** The lowest capacity that serves demand like that of the newest minutes, by the trust in burst capacity. */
export function servingLike(recent: Recent, trust: number): number {
  const minutes = trust < 0.5 ? LIKE_MINUTES.withoutBurst : LIKE_MINUTES.withBurst;
  const burstMinutes = (BURST_SECONDS / 60) * RELIED_ON * trust;
  const needed = sufficient(recent, minutes, burstMinutes) * (1 + ABOVE_NEED);
  return Math.max(needed, meanOf(recent, 3), meanOf(recent, 5));
}
