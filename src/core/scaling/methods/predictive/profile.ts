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
  /** The present slot: its number since the epoch, and its demand so far. */
  readonly slot: number;
  readonly total: number;
  readonly minutes: number;
}

const SLOT_MS = 10 * MINUTE_MS;
const DAY_SLOTS = DAY_MS / SLOT_MS;
/** Today's level is the demand of the last two hours, compared with the same hours yesterday. */
const LEVEL_SLOTS = 12;
/** Slots after the present one that count as ahead: a raise takes minutes. */
const LEAD_SLOTS = 2;

export const emptyProfile: Profile = { means: [], highest: 0, yesterday: 0, slot: -1, total: 0, minutes: 0 };

export function profileAfter(profile: Profile, at: number, demand: number): Profile {
  const slot = Math.floor(at / SLOT_MS);
  if (slot === profile.slot)
    return { ...profile, total: profile.total + demand, minutes: profile.minutes + 1 };
  const mean = profile.minutes === 0 ? [] : [profile.total / profile.minutes];
  const means = [...profile.means, ...mean].slice(-(DAY_SLOTS + LEVEL_SLOTS));
  const highest = Math.max(0, ...means.slice(0, -1));
  return { means, highest, yesterday: yesterdayAhead(means), slot, total: demand, minutes: 1 };
}

function yesterdayAhead(means: readonly number[]): number {
  const now = means.length - DAY_SLOTS;
  if (now < 0) return 0;
  const ahead = Math.max(...means.slice(now, now + LEAD_SLOTS + 1));
  const today = sumOf(means.slice(-LEVEL_SLOTS));
  const then = sumOf(means.slice(Math.max(0, now - LEVEL_SLOTS), now));
  const level = then > 0 ? Math.min(1, Math.max(0.25, today / then)) : 1;
  return ahead * level;
}

/** Demand is novel from this multiple of the highest known demand on. */
const NOVEL = 1.4;

/** Whether demand of the last ten minutes is far above all that was seen in the last 26 hours. */
export const isNovel = ({ highest }: Profile, recent: Recent): boolean =>
  meanOf(recent, 10) > NOVEL * highest;

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
