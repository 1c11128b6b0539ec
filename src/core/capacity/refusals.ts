import { MINUTE_MS } from '../calendar/period.ts';
import type { Minute } from './demand.ts';

/** Requests that a table or index throttles: a series of minutes up to now, with short pauses at most. */
export interface Refused {
  /** Start of the first minute with throttled requests, epoch milliseconds. */
  readonly since: number;
  /** Minutes with throttled requests. */
  readonly minutes: number;
  readonly requests: number;
  /** Share of the demand that was throttled, from 0 to 1. */
  readonly share: number;
}

/** Requests that a table or index throttles now. */
export interface RefusedNow extends Refused {
  /** Whether capacity was raised meanwhile, and that did not help. */
  readonly inVain: boolean;
  /** Units per second that are consumed. */
  readonly consumed: number;
  /** Whether that is too little to explain throttled requests by the capacity. */
  readonly isUnused: boolean;
}

/** After this many minutes without throttled requests, a series has ended. */
export const PAUSE_MINUTES = 5;

/** Whether requests were throttled in the newest minutes. Then no method lowers capacity. */
export const isRefusing = (minutes: readonly Minute[]): boolean =>
  minutes.slice(-PAUSE_MINUTES).some(({ throttled }) => throttled > 0);

/** Whether a series of throttled requests whose newest minute starts at `refusedAt` still lasts at `to`. Epoch milliseconds. */
export const isRefusedLately = (refusedAt: number | undefined, to: number): boolean =>
  refusedAt !== undefined && to - refusedAt <= PAUSE_MINUTES * MINUTE_MS;

/** The series of throttled requests that still lasts; undefined if it has ended. `minutes` are in ascending order. */
export function refusalsIn(minutes: readonly Minute[]): Refused | undefined {
  let first = minutes.length;
  for (let i = minutes.length - 1; i >= 0 && first - i <= PAUSE_MINUTES; i -= 1)
    if (minutes[i]!.throttled > 0) first = i;
  const series = minutes.slice(first);
  const refused = series.filter(({ throttled }) => throttled > 0);
  if (refused.length === 0) return undefined;
  const sum = (rate: (minute: Minute) => number): number =>
    60 * series.reduce((all, minute) => all + rate(minute), 0);
  const requests = sum(({ throttled }) => throttled);
  return {
    since: series[0]!.at,
    minutes: refused.length,
    requests,
    share: requests / (requests + sum(({ consumed }) => consumed)),
  };
}

/** Raises of a dimension that followed each other. */
export interface Raised {
  /** The capacity before the last raise, units per second. */
  readonly from: number;
  /** Since when the first raise is in effect, epoch milliseconds. */
  readonly since: number;
}

/** The capacity of a dimension, units per second. Times are epoch milliseconds. */
interface Serving {
  readonly provisioned: number;
  /** Since when it serves. */
  readonly since: number;
  /** The raises until then, if runs remember them. */
  readonly raised?: Raised;
}

/**
 * The series of throttled requests at the present capacity. If raises did not help, the minutes before them count too.
 * undefined if the series has ended, or if a raise might end it.
 */
export function refusalsAt(
  { provisioned, since, raised }: Serving,
  minutes: readonly Minute[],
): RefusedNow | undefined {
  const all = refusalsIn(minutes);
  if (!all) return undefined;
  const series = minutes.filter(({ at }) => at >= all.since);
  const before = series.filter(({ at }) => at < since).slice(-EFFECT_MINUTES / 2);
  const present = series.filter(({ at }) => at >= since);
  const consumed = mean(present.length > 0 ? present : series, (minute) => minute.consumed);
  const wasUsed = raised && mean(before, (minute) => minute.consumed) >= WELL_BELOW * raised.from;
  const isRaisedAgain = raised !== undefined && raised.since < since && raised.since > all.since;
  const isKnown = present.length >= (wasUsed ? EFFECT_MINUTES / 2 : 1);
  const isUnused = isKnown ? consumed < WELL_BELOW * provisioned : isRaisedAgain && !wasUsed;
  const inVain =
    before.length > 0 &&
    ((isUnused && !isImproving(series)) || (isRaisedAgain && isEndless(series, raised.since)));
  const now = inVain ? all : refusalsIn(present);
  return now && { ...now, inVain, consumed, isUnused };
}

/**
 * Demand beyond the capacity of a table uses all of it. If less than this share is consumed, one partition or short bursts are
 * throttled.
 */
const WELL_BELOW = 0.8;

/** However demand rises, raises have not followed it if each of this many minutes since the first one had throttled requests. */
const ENDLESS_MINUTES = 15;

function isEndless(series: readonly Minute[], raisedSince: number): boolean {
  const since = series.filter(({ at }) => at >= raisedSince);
  return since.length >= ENDLESS_MINUTES && since.every(({ throttled }) => throttled > 0);
}

/** The minutes in which raises should show an effect. */
const EFFECT_MINUTES = 6;
/** With a raise that helps, consumption grows by at least this share, or throttled requests fall to at most this share. */
const EFFECT = { grows: 0.1, falls: 0.5 };

/** Whether demand is served better and better: raises that follow a rising demand do that. */
function isImproving(series: readonly Minute[]): boolean {
  const recent = series.slice(-EFFECT_MINUTES);
  const [early, late] = [recent.slice(0, EFFECT_MINUTES / 2), recent.slice(-EFFECT_MINUTES / 2)];
  const change = (rate: (minute: Minute) => number): number => mean(late, rate) / mean(early, rate);
  return (
    change(({ consumed }) => consumed) > 1 + EFFECT.grows ||
    change(({ throttled }) => throttled) < EFFECT.falls
  );
}

const mean = (minutes: readonly Minute[], rate: (minute: Minute) => number): number =>
  minutes.reduce((sum, minute) => sum + rate(minute), 0) / minutes.length;
