import { datedName } from '../core/calendar/naming.ts';
import { type RotationScheme, SCHEMES, SHIFTS } from '../core/calendar/period.ts';
import { check, checkName, say } from './failure.ts';
import { epochMs } from './instants.ts';
import { MOST_KNOWN } from './limits.ts';
import type { TablePeriod, WrittenEarlierScheme, WrittenSpec } from './types.ts';

/** The current period, and [from, to) of all tables that should exist during it, in epoch milliseconds. */
export interface Window {
  readonly current: TablePeriod;
  readonly from: number;
  readonly to: number;
  /** The period that contains `ms`, also outside [from, to). */
  at(ms: number): TablePeriod;
  /**
   * Where the retention of the scheme that holds at `ms` starts: what is earlier has expired. After a change of scheme, that
   * can be within [from, to).
   */
  oldest(ms: number): number;
  /** From here on, all schemes retain: no later instant has expired. Epoch milliseconds. */
  readonly kept: number;
  /** Until when this window holds, epoch milliseconds. NaN if it holds only for the instant that it was made for. */
  readonly end: number;
}

interface Rotation {
  readonly scheme: RotationScheme;
  /** Where its retention starts, epoch milliseconds. -Infinity if it retains all. */
  readonly oldest: (now: number) => number;
  /** The first instant of the next rotation, epoch milliseconds. NaN for the present one. */
  readonly until: number;
}

/** A whole number from 1 to 99,999. A spec file can contain it as a string. @throws ResolverError `invalid-options` */
const count = (what: string, value: unknown): number => {
  check(/^[1-9]\d{0,4}$/.test(say(value)), what, value, 'an integer from 1');
  return Number(value);
};

/**
 * Finds the window of a group at an instant in epoch milliseconds.
 * Periods and windows are cached, because formatting a name takes longer than everything else.
 * @throws ResolverError `invalid-options`, and `invalid-instant` for an invalid `Until`
 */
export function calendarOf(environment: string, spec: WrittenSpec): (now: number) => Window {
  const { TableName, PeriodsAhead = 1, Previously = [] } = spec ?? {};
  checkName(/^[\w.-]+$/, 'TableName', TableName);
  check(Array.isArray(Previously), 'Previously', Previously, 'an array');
  const ahead = count('PeriodsAhead', PeriodsAhead);
  const rotations = [...Previously, spec].map((each): Rotation => {
    const { RotationScheme: scheme, PurgeRotation = -1 } = each ?? {};
    check(SCHEMES.includes(scheme), 'RotationScheme', scheme, SCHEMES);
    const keep = say(PurgeRotation) === '-1' ? 0 : count('PurgeRotation', PurgeRotation);
    return {
      scheme: scheme as RotationScheme,
      until: each === spec ? NaN : epochMs((each as WrittenEarlierScheme).Until),
      oldest: (now) => (keep ? SHIFTS[scheme as RotationScheme](now, 1 - keep).start : -Infinity),
    };
  });
  let window: Window | undefined;
  let last: TablePeriod | undefined;
  const known = new Map<number, TablePeriod>();

  // The present rotation also has Infinity, where the only period of `none` ends.
  const rotationAt = (ms: number): Rotation => {
    let at = 0;
    while (ms >= rotations[at]!.until) at += 1;
    return rotations[at]!;
  };
  // What is asked most is in small functions of its own. V8 inlines 920 bytes of bytecode into a caller
  // (--max-inlined-bytecode-size-cumulative in Node 24), and the slow cases would use them up.
  const find = (ms: number): TablePeriod => {
    const { scheme } = rotationAt(ms);
    const period = SHIFTS[scheme](ms, 0);
    last = known.get(period.start);
    // Another period starts then if the two schemes do not begin together at Until. Ranges would have no end with it.
    if (!(last && ms < last.end)) {
      last = { ...period, table: datedName(`${environment}.${TableName}`, scheme, period.start) };
      if (known.size > MOST_KNOWN) known.clear();
      known.set(period.start, last);
    }
    return last;
  };
  const at = (ms: number): TablePeriod => (last && ms >= last.start && ms < last.end ? last : find(ms));
  const windowOf = (now: number): Window => {
    const current = at(now);
    let to = current.end;
    for (let left = ahead; left--; ) to = at(to).end;
    const all = rotations.map((rotation) => rotation.oldest(now));
    window = {
      current,
      at,
      from: Math.min(...all),
      kept: Math.max(...all),
      to,
      // Retention of an earlier scheme can end within a period of the present one, so this window is not used again.
      end: Previously[0] ? NaN : current.end,
      oldest: (instant) => rotationAt(instant).oldest(now),
    };
    return window;
  };
  return (now) => (window && now >= window.current.start && now < window.end ? window : windowOf(now));
}
