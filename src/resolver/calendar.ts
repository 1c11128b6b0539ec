import { tableName } from '../core/calendar/naming.ts';
import { type RotationScheme, shift } from '../core/calendar/period.ts';
import { isLike, not, say } from './failure.ts';
import type { TablePeriod, WrittenSpec } from './types.ts';

/** The current period, and [from, to) of all that should exist while it lasts. */
interface Window {
  readonly current: TablePeriod;
  readonly next: string;
  readonly from: number;
  readonly to: number;
}

/** The periods of a group with their tables. */
export interface Calendar {
  /** The period that holds `ms`. */
  at(ms: number): TablePeriod;
  windowAt(now: number): Window;
}

/** More periods than an application has in hand at a time. */
const MOST_KNOWN = 1_000;

/**
 * It remembers what it was asked: making a name takes longer than all the rest.
 * @throws ResolverError `invalid-options`
 */
export function calendarOf(environment: string, spec: WrittenSpec): Calendar {
  const { TableName: name, RotationScheme, PurgeRotation: kept = -1, PeriodsAhead: coming = 1 } = spec ?? {};
  const scheme = say(RotationScheme) as RotationScheme;
  const ahead = count(coming);
  const keep = say(kept) === '-1' ? Infinity : count(kept);
  if (!isLike(/^[\w.-]+$/, name) || !keep || !ahead || !(shift(scheme, 0, 0).end > 0))
    throw not('a spec', [name, scheme, kept, coming]);

  const known = new Map<number, TablePeriod>();
  let window: Window | undefined;

  const at = (ms: number): TablePeriod => {
    const period = shift(scheme, ms, 0);
    const found = known.get(period.start);
    if (found) return found;
    if (known.size > MOST_KNOWN) known.clear();
    const made = { ...period, table: tableName({ environment, name, scheme }, period) };
    known.set(period.start, made);
    return made;
  };
  const windowAt = (now: number): Window => {
    if (window && now >= window.current.start && now < window.current.end) return window;
    window = {
      current: at(now),
      next: at(shift(scheme, now, 1).start).table,
      from: keep < Infinity ? shift(scheme, now, 1 - keep).start : -Infinity,
      to: shift(scheme, now, ahead).end,
    };
    return window;
  };
  return { at, windowAt };
}

/** A whole number from 1 on, which a spec file may have as a string; 0 where it is none. */
const count = (written: unknown): number => (/^[1-9]\d*$/.test(say(written)) ? Number(written) : 0);
