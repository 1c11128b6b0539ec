/**
 * If steady demand is exactly zero from one minute to the next, something probably failed, and demand returns at once. Low demand
 * fades instead, and tables that are used now and then are often at zero.
 */
import { DAY_MS, MINUTE_MS } from '../../../calendar/period.ts';
import { meanOf, type Recent } from './recent.ts';

export interface Outage {
  /** Minutes without demand. */
  readonly minutes: number;
  /** Minutes since demand has returned. */
  readonly back: number;
  /** Demand before these minutes, units per second; 0 if it was not steady. */
  readonly before: number;
  /** How often demand has stopped within about a week; older stops count less. */
  readonly stops: number;
}

export const noOutage: Outage = { minutes: 0, back: 0, before: 0, stops: 0 };

/** Demand was steady if none of this many minutes was without demand. */
const STEADY_MINUTES = 20;
/** A stop counts from its third minute on. Shorter ones are stalls. */
const STOPPED_MINUTES = 3;
/** Demand that stops more often is used now and then. */
const RARE = 2.5;
/** The part of a stop's weight that remains after each further minute: a third after a week. */
const DECAY = 1 - MINUTE_MS / (7 * DAY_MS);
/** The highest demand of the newest minutes has returned. */
const BACK_MINUTES = 3;
/** After this time, demand has not failed but ended. */
const LONGEST_MINUTES = 4 * 60;

/** The outage after one more minute of demand, units per second. `recent` is the demand of the minutes before. */
export function outageAfter(known: Outage, demand: number, recent: Recent): Outage {
  const { minutes, back, before } = known;
  const stops = known.stops * DECAY;
  if (demand > 0)
    return minutes === 0 || back >= STEADY_MINUTES
      ? { ...noOutage, stops }
      : { minutes, back: back + 1, before, stops };
  if (minutes > 0) {
    const stopped = minutes + 1 === STOPPED_MINUTES ? 1 : 0;
    return { minutes: minutes + 1, back: 0, before, stops: stops + stopped };
  }
  const steady = recent.length >= STEADY_MINUTES && recent.every((units) => units > 0);
  return { minutes: 1, back: 0, before: steady ? meanOf(recent, STEADY_MINUTES) : 0, stops };
}

/** The demand that probably returns, or has just returned, units per second; 0 if there is no outage. */
export const returningTo = ({ minutes, before, stops }: Outage): number =>
  minutes > 0 && minutes <= LONGEST_MINUTES && stops <= RARE ? before : 0;

/** The part of that demand which is there again, units per second. It probably lasts, as before the outage. */
export const returned = (outage: Outage, recent: Recent): number =>
  outage.back > 0 ? Math.min(returningTo(outage), Math.max(...recent.slice(-BACK_MINUTES))) : 0;
