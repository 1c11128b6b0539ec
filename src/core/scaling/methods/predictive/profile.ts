import { DAY_MS, MINUTE_MS } from '../../../calendar/period.ts';
import { meanOf, type Recent } from './recent.ts';

/** Mean demand of ten-minute slots, units per second. */
export interface Profile {
  /** Complete slots of the last 26 hours, oldest first. */
  readonly means: readonly number[];
  /** The highest of them, but for the newest. */
  readonly highest: number;
  /**
   * Yesterday's highest demand from this time of day to half an hour later, scaled down if today is quieter; 0 if yesterday
   * is unknown.
   */
  readonly yesterday: number;
  /**
   * What demand probably loses per minute within the next hour, units per second: what it lost in the last one, but no more than
   * yesterday at this time, at today's level. Half of what it lost if yesterday is unknown; 0 if demand does not fall.
   */
  readonly falling: number;
  /** The present slot: its number since the epoch, and its demand so far. */
  readonly slot: number;
  readonly total: number;
  readonly minutes: number;
}

const SLOT_MINUTES = 10;
const SLOT_MS = SLOT_MINUTES * MINUTE_MS;
const HOUR_SLOTS = 60 / SLOT_MINUTES;
const DAY_SLOTS = DAY_MS / SLOT_MS;
/** Today's level is the demand of the last two hours, compared with the same hours yesterday. */
const LEVEL_SLOTS = 12;
/** Slots after the present one that count as ahead: a raise takes minutes. */
const LEAD_SLOTS = 2;

export const emptyProfile: Profile = {
  means: [],
  highest: 0,
  yesterday: 0,
  falling: 0,
  slot: -1,
  total: 0,
  minutes: 0,
};

export function profileAfter(profile: Profile, at: number, demand: number): Profile {
  const slot = Math.floor(at / SLOT_MS);
  if (slot === profile.slot)
    return { ...profile, total: profile.total + demand, minutes: profile.minutes + 1 };
  const mean = profile.minutes === 0 ? [] : [profile.total / profile.minutes];
  const means = [...profile.means, ...mean].slice(-(DAY_SLOTS + LEVEL_SLOTS));
  const highest = Math.max(0, ...means.slice(0, -1));
  return { means, highest, ...aheadIn(means), slot, total: demand, minutes: 1 };
}

function aheadIn(means: readonly number[]): Pick<Profile, 'yesterday' | 'falling'> {
  const lost = Math.max(0, (lastMean(means, 3, 3) - lastMean(means, 3)) / (3 * SLOT_MINUTES));
  const now = means.length - DAY_SLOTS;
  if (now < 0) return { yesterday: 0, falling: means.length < HOUR_SLOTS ? 0 : lost / 2 };
  const level = levelOf(means, now);
  const lostYesterday = (means[now]! - means[now + HOUR_SLOTS]!) / (HOUR_SLOTS * SLOT_MINUTES);
  return {
    yesterday: Math.max(...means.slice(now, now + LEAD_SLOTS + 1)) * level,
    falling: Math.max(0, Math.min(lost, lostYesterday * level)),
  };
}

/** Today's demand in multiples of yesterday's, by the last two hours: at most 1. `now` is the index of this slot yesterday. */
function levelOf(means: readonly number[], now: number): number {
  const today = sumOf(means.slice(-LEVEL_SLOTS));
  const then = sumOf(means.slice(Math.max(0, now - LEVEL_SLOTS), now));
  return then > 0 ? Math.min(1, Math.max(0.25, today / then)) : 1;
}

/** The mean of a number of slots, before the newest `skip` ones. */
const lastMean = (means: readonly number[], count: number, skip = 0): number =>
  sumOf(means.slice(means.length - count - skip, means.length - skip)) / count;

/** Demand is novel from this multiple of the highest known demand on. */
const NOVEL = 1.4;

/** Whether demand of the last ten minutes is far above all that was seen in the last 26 hours. */
export const isNovel = ({ highest }: Profile, recent: Recent): boolean =>
  meanOf(recent, 10) > NOVEL * highest;

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
