import { tableName } from '../core/calendar/naming.ts';
import { type RotationScheme, SCHEMES, shift } from '../core/calendar/period.ts';
import { check, checkText, say } from './failure.ts';
import { MOST_KNOWN } from './limits.ts';
import type { TablePeriod, WrittenSpec } from './types.ts';

/** The current period, and [from, to) of all tables that should exist during it, in epoch milliseconds. */
export interface Window {
  readonly current: TablePeriod;
  readonly from: number;
  readonly to: number;
  /** The period that contains `ms`, also outside [from, to). */
  at(ms: number): TablePeriod;
}

/**
 * Finds the window of a group at an instant in epoch milliseconds.
 * Periods and windows are cached, because formatting a name takes longer than everything else.
 * @throws ResolverError `invalid-options`
 */
export function calendarOf(environment: string, spec: WrittenSpec): (now: number) => Window {
  const { TableName: name, RotationScheme, PurgeRotation = -1, PeriodsAhead = 1 } = spec ?? {};
  const scheme = RotationScheme as RotationScheme;
  const retained = count(PurgeRotation);
  const ahead = count(PeriodsAhead);
  checkText(/^[\w.-]+$/, 'TableName', name, 'letters, digits, ., _ and -');
  check(SCHEMES.includes(scheme), 'RotationScheme', scheme, SCHEMES.join(', '));
  check(retained, 'PurgeRotation', PurgeRotation, '-1 or a whole number from 1');
  check(ahead > 0, 'PeriodsAhead', PeriodsAhead, 'a whole number from 1');

  const known = new Map<number, TablePeriod>();
  let last: TablePeriod | undefined;
  let window: Window | undefined;

  const at = (ms: number): TablePeriod => {
    if (last && ms >= last.start && ms < last.end) return last;
    const period = shift(scheme, ms, 0);
    last = known.get(period.start);
    if (last) return last;
    if (known.size > MOST_KNOWN) known.clear();
    last = { ...period, table: tableName({ environment, name, scheme }, period) };
    known.set(period.start, last);
    return last;
  };
  return (now) => {
    if (window && now >= window.current.start && now < window.current.end) return window;
    window = {
      at,
      current: at(now),
      from: retained > 0 ? shift(scheme, now, 1 - retained).start : -Infinity,
      to: shift(scheme, now, ahead).end,
    };
    return window;
  };
}

/** The value as a whole number of at least 1, or -1. A spec file can contain it as a string. 0 if it is anything else. */
const count = (value: unknown): number => Number(/^(?:-1|[1-9]\d*)$/.exec(say(value)));
