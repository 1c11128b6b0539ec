import { type Group, tableName } from '../core/naming.ts';
import { periodAt, type RotationScheme, shift } from '../core/period.ts';
import { invalid } from './instants.ts';
import type { TablePeriod, WrittenSpec } from './types.ts';

/** The current period, and [from, to) of all that should exist while it lasts. */
interface Window {
  readonly current: TablePeriod;
  readonly next: string;
  readonly from: number;
  readonly to: number;
}

/** A group, and what it was asked before: making a name takes longer than all the rest. */
export interface Calendar extends Group {
  readonly keep: number;
  readonly ahead: number;
  window?: Window;
  readonly known: Map<number, TablePeriod>;
}

/** More periods than an application has in hand at a time. */
const MOST_KNOWN = 1_000;

/** @throws ResolverError `invalid-options` */
export function calendarOf(environment: string, spec: WrittenSpec): Calendar {
  const { TableName: name, RotationScheme, PurgeRotation: kept = -1, PeriodsAhead: coming = 1 } = spec ?? {};
  const scheme = RotationScheme as RotationScheme;
  const ahead = count(coming);
  const keep = Number(kept) === -1 ? Infinity : count(kept);
  if (!name || !keep || !ahead || !(periodAt(scheme, 0).end > 0))
    throw invalid(`Not a spec: ${name}, ${scheme}, PurgeRotation ${kept}, PeriodsAhead ${coming}.`);
  return { environment, name, scheme, keep: scheme === 'none' ? Infinity : keep, ahead, known: new Map() };
}

/** A whole number from 1 on, which a spec file may have as a string; 0 where it is none. */
const count = (written: number | string): number =>
  Number.isInteger(+written) && +written > 0 ? +written : 0;

/** The period that holds `ms`, with its table. */
export function at(calendar: Calendar, ms: number): TablePeriod {
  const { scheme, known, window } = calendar;
  if (window && ms >= window.current.start && ms < window.current.end) return window.current;
  const period = periodAt(scheme, ms);
  const found = known.get(period.start);
  if (found) return found;
  if (known.size === MOST_KNOWN) known.clear();
  const made = { ...period, table: tableName(calendar, period) };
  known.set(period.start, made);
  return made;
}

export function windowAt(calendar: Calendar, now: number): Window {
  const { window, scheme, keep, ahead } = calendar;
  if (window && now >= window.current.start && now < window.current.end) return window;
  calendar.window = {
    current: at(calendar, now),
    next: tableName(calendar, shift(scheme, now, 1)),
    from: keep === Infinity ? -Infinity : shift(scheme, now, 1 - keep).start,
    to: shift(scheme, now, ahead).end,
  };
  return calendar.window;
}

/** Periods that touch [from, to), oldest first. */
export function periodsOf(calendar: Calendar, from: number, to: number): TablePeriod[] {
  const periods: TablePeriod[] = [];
  for (let next = from; next < to; ) {
    const period = at(calendar, next);
    periods.push(period);
    next = period.end;
  }
  return periods;
}
