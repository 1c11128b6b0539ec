import { tableName } from '../core/calendar/naming.ts';
import { type RotationScheme, SCHEMES, shift } from '../core/calendar/period.ts';
import { periodOf, rotationAt } from '../core/calendar/rotation.ts';
import { check, say } from './failure.ts';
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
}

/** @throws ResolverError `invalid-options`, `invalid-instant` */
function rotationOf({ RotationScheme: scheme, PurgeRotation = -1, Until }: Written) {
  const keep = count(PurgeRotation);
  check(SCHEMES.includes(scheme), 'RotationScheme', scheme, SCHEMES.join(', '));
  check(keep, 'PurgeRotation', PurgeRotation, 'a whole number from 1, or -1');
  return { scheme: scheme as RotationScheme, keep, until: Until === undefined ? Infinity : epochMs(Until) };
}

type Written = Omit<WrittenEarlierScheme, 'Until'> & { readonly Until?: string };

/**
 * Finds the window of a group at an instant in epoch milliseconds.
 * Periods and windows are cached, because formatting a name takes longer than everything else.
 * @throws ResolverError `invalid-options`, and `invalid-instant` for an invalid `Until`
 */
export function calendarOf(environment: string, spec: WrittenSpec): (now: number) => Window {
  const { TableName: name, PeriodsAhead = 1, Previously = [] } = spec ?? {};
  const ahead = count(PeriodsAhead);
  check(/^[\w.-]+$/.exec(say(name))?.[0] === name, 'TableName', name, 'letters, digits, ., _ and -');
  check(Array.isArray(Previously), 'Previously', Previously, 'an array');
  const group = { environment, name, ...rotationOf(spec), previously: Previously.map(rotationOf) };
  check(ahead > 0, 'PeriodsAhead', PeriodsAhead, 'a whole number from 1');
  const known = new Map<number, TablePeriod>();
  let last: TablePeriod | undefined;
  let window: Window | undefined;

  const at = (ms: number): TablePeriod => {
    if (last && ms >= last.start && ms < last.end) return last;
    const period = periodOf(group, ms);
    last = known.get(period.start);
    if (!last) {
      last = { ...period, table: tableName(group, period) };
      if (known.size > MOST_KNOWN) known.clear();
      known.set(period.start, last);
    }
    return last;
  };
  return (now) => {
    // Retention of an earlier scheme can end within a period of the present one.
    if (window && !Previously[0] && now >= window.current.start && now < window.current.end) return window;
    const current = at(now);
    /** The start of the oldest period that a rotation retains. */
    const first = ({ scheme, keep }: (typeof group.previously)[number]) =>
      keep > 0 ? shift(scheme, now, 1 - keep).start : -Infinity;
    let to = current.end;
    for (let left = ahead; left--; ) to = periodOf(group, to).end;
    window = {
      current,
      at,
      to,
      from: Math.min(first(group), ...group.previously.map(first)),
      oldest: (ms) => first(rotationAt(group, ms)),
    };
    return window;
  };
}

/** The value as a whole number from 1 to 99,999, or -1. A spec file can contain it as a string. 0 if it is anything else. */
const count = (value: unknown): number => Number(/^(?:-1|[1-9]\d{0,4})$/.exec(say(value)));
