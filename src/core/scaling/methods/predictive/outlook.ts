import { BURST_SECONDS } from '../../../capacity/burst.ts';
import { followingOf } from './caution.ts';
import { surgeOf } from './forecast.ts';
import { type Memory, smallOf } from './memory.ts';
import { yesterdayAhead } from './profile.ts';
import { meanOf } from './recent.ts';
import { heading } from './yardstick.ts';

/** What the coming minutes look like at a capacity; units per second and unit-seconds. */
export interface Outlook {
  readonly expected: number;
  /** What demand may well come to in the next minutes. */
  readonly feared: number;
  /** What the demand of the last minutes gains each minute while it surges. */
  readonly surge: number;
  /** The highest demand of yesterday about this time, at today's level; 0 without a yesterday. */
  readonly yesterday: number;
  /** The least capacity worth having: jumps of about so much are then ridden out. */
  readonly floor: number;
  /** What target tracking would have, as far as it is to be followed. */
  readonly tracked: number;
  /** What is in the bucket, as far as it is trusted. */
  readonly held: number;
  /** What a full bucket would be, as far as it is trusted. */
  readonly full: number;
}

/** Minutes that a surge is carried on: from the middle of what is known to when a raise serves. */
const SURGE_MINUTES = 6;
/** Demand may jump within the minutes that a raise takes; the more caution, the higher above what is expected. */
const HEADROOM = 0.4;
/** A full bucket rides out half as much again for ten minutes, so two thirds of yesterday are floor enough. */
const OF_YESTERDAY = 2 / 3;

export function outlookOf(memory: Memory, provisioned: number): Outlook {
  const { forecast, recent, ledger, bucket, caution, profile } = memory;
  const small = smallOf(ledger);
  const surge = surgeOf(forecast, recent, small);
  const { expected } = forecast;
  const yesterday = yesterdayAhead(profile) ?? 0;
  const full = provisioned * BURST_SECONDS * bucket.trust;
  return {
    expected,
    feared: Math.max(expected * (1 + peaksIn(memory)), meanOf(recent, 3) + surge * SURGE_MINUTES),
    surge,
    yesterday,
    floor: Math.max(expected * (1 + HEADROOM * caution * bucket.trust), OF_YESTERDAY * yesterday),
    tracked: followingOf(ledger, bucket.trust) * heading(memory.yardstick),
    held: Math.min(bucket.held * bucket.trust, full),
    full,
  };
}

/** Without a bucket capacity has to cover single minutes, so their usual peaks come on top, as a share. */
export function peaksIn({ bucket, forecast, caution }: Memory): number {
  return Math.min(1, (1 - bucket.trust) * forecast.peak * (0.5 + 0.5 * caution));
}
