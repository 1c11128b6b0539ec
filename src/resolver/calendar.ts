import { datedName } from '../core/calendar/naming.ts';
import { type RotationScheme, SCHEMES, shift } from '../core/calendar/period.ts';
import { check, say } from './failure.ts';
import { epochMs } from './instants.ts';
import { MOST_KNOWN } from './limits.ts';
import type { TablePeriod, WrittenSpec } from './types.ts';

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
}

interface Rotation {
  readonly scheme: RotationScheme;
  /** How many periods are retained. -1 retains all. */
  readonly keep: number;
  /** The first instant of the next rotation, epoch milliseconds. undefined for the present one. */
  readonly until?: number | undefined;
  /** Where its retention starts at the time of the newest window, epoch milliseconds. */
  from?: number;
}

/** @throws ResolverError `invalid-options` */
function rotationOf(
  { RotationScheme: scheme, PurgeRotation = -1 }: Pick<WrittenSpec, 'RotationScheme' | 'PurgeRotation'>,
  until?: number,
): Rotation {
  const keep = count(PurgeRotation);
  check(SCHEMES.includes(scheme), 'RotationScheme', scheme, SCHEMES.join(', '));
  check(keep, 'PurgeRotation', PurgeRotation, 'a whole number from 1, or -1');
  return { scheme: scheme as RotationScheme, keep, until };
}

/**
 * Finds the window of a group at an instant in epoch milliseconds.
 * Periods and windows are cached, because formatting a name takes longer than everything else.
 * @throws ResolverError `invalid-options`, and `invalid-instant` for an invalid `Until`
 */
export function calendarOf(environment: string, spec: WrittenSpec): (now: number) => Window {
  const { TableName, PeriodsAhead = 1, Previously = [] } = spec ?? {};
  const ahead = count(PeriodsAhead);
  check(
    /^[\w.-]+$/.exec(say(TableName))?.[0] === TableName,
    'TableName',
    TableName,
    'letters, digits, ., _ and -',
  );
  check(ahead > 0, 'PeriodsAhead', PeriodsAhead, 'a whole number from 1');
  check(Array.isArray(Previously), 'Previously', Previously, 'an array');
  const rotations = [
    ...Previously.map((earlier) => rotationOf(earlier, epochMs(earlier.Until))),
    rotationOf(spec),
  ];
  const known = new Map<number, TablePeriod>();
  let last: TablePeriod | undefined;
  let window: Window | undefined;

  // The present rotation also has Infinity, where the only period of `none` ends.
  const rotationAt = (ms: number) => rotations.find(({ until }) => !(ms >= until!))!;
  const periodAt = (ms: number) => shift(rotationAt(ms).scheme, ms, 0);
  const at = (ms: number): TablePeriod => {
    if (last && ms >= last.start && ms < last.end) return last;
    const period = periodAt(ms);
    last = known.get(period.start);
    if (!last) {
      if (known.size > MOST_KNOWN) known.clear();
      last = {
        ...period,
        table: datedName(`${environment}.${TableName}`, rotationAt(ms).scheme, period.start),
      };
      known.set(period.start, last);
    }
    return last;
  };
  return (now) => {
    // Retention of an earlier scheme can end within a period of the present one.
    if (window && !Previously[0] && now >= window.current.start && now < window.current.end) return window;
    const current = at(now);
    let to = current.end;
    for (let left = ahead; left--; ) to = periodAt(to).end;
    for (const rotation of rotations)
      rotation.from = rotation.keep > 0 ? shift(rotation.scheme, now, 1 - rotation.keep).start : -Infinity;
    const from = Math.min(...rotations.map((rotation) => rotation.from!));
    window = { current, at, to, from, oldest: (ms) => (Previously[0] ? rotationAt(ms).from! : from) };
    return window;
  };
}

/** The value as a whole number from 1 to 99,999, or -1. A spec file can contain it as a string. 0 if it is anything else. */
const count = (value: unknown): number => Number(/^(?:-1|[1-9]\d{0,4})$/.exec(say(value)));
