import { tableName } from '../core/calendar/naming.ts';
import { type RotationScheme, shift } from '../core/calendar/period.ts';
import { isLike, not, say } from './failure.ts';
import type { TablePeriod, WrittenSpec } from './types.ts';

/** The current period, and [from, to) of all that should exist while it lasts. */
export interface Window {
  readonly current: TablePeriod;
  readonly from: number;
  readonly to: number;
  /** The period that holds `ms`, of all that there are. */
  at(ms: number): TablePeriod;
}

/** More periods than an application has in hand at a time. */
const MOST_KNOWN = 1_000;

/**
 * The periods of a group with their tables, as an instant sees them.
 * It remembers what it was asked: making a name takes longer than all the rest.
 * @throws ResolverError `invalid-options`
 */
export function calendarOf(environment: string, spec: WrittenSpec): (now: number) => Window {
  const { TableName: name, RotationScheme, PurgeRotation: kept = -1, PeriodsAhead: coming = 1 } = spec ?? {};
  const scheme = say(RotationScheme) as RotationScheme;
  const ahead = count(coming);
  const keep = say(kept) === '-1' ? Infinity : count(kept);
  if (!isLike(/^[\w.-]+$/, name) || !keep || !ahead || !(shift(scheme, 0, 0).end > 0))
    throw not('a spec', [name, scheme, kept, coming]);

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
      from: keep < Infinity ? shift(scheme, now, 1 - keep).start : -Infinity,
      to: shift(scheme, now, ahead).end,
    };
    return window;
  };
}

/** A whole number from 1 on, which a spec file may have as a string; 0 where it is none. */
const count = (written: unknown): number => (/^[1-9]\d*$/.test(say(written)) ? Number(written) : 0);
