import { parseInstant } from './core/instant.ts';
import { tableName } from './core/naming.ts';
import { periodAt, type RotationScheme, shift } from './core/period.ts';

/** What the resolver reads of a spec; the rest may be there. */
export interface ResolverSpec {
  readonly TableName: string;
  readonly RotationScheme: RotationScheme;
  readonly PurgeRotation?: number | string;
}

/** A Date, epoch milliseconds, or an ISO 8601 string (UTC unless it names a zone). */
export type Instant = Date | number | string;

export class ResolverError extends Error {
  readonly code: 'unknown-group' | 'invalid-instant';
  constructor(code: ResolverError['code'], message: string) {
    super(message);
    this.name = 'ResolverError';
    this.code = code;
  }
}

/** Which table is it: synchronous and without network. */
export interface Resolver<Name extends string = string> {
  /** The table whose period holds `now`; the wall clock unless told otherwise. */
  current(group: Name, now?: Instant): string;
  /** The table whose period holds `instant`. */
  tableFor(group: Name, instant: Instant): string;
  /** The table of the period after the one that holds `now`. */
  next(group: Name, now?: Instant): string;
  /** Tables of every period that touches [from, to), oldest first. */
  tablesBetween(group: Name, from: Instant, to: Instant): string[];
}

/**
 * Answers which table is current, and which tables hold a range of time, by the calendar and the names that
 * the planner itself uses.
 * @throws ResolverError from every method, for an unknown group or something that is no instant
 */
export function createResolver<const Spec extends ResolverSpec>(options: {
  readonly environment: string;
  readonly tables: readonly Spec[];
}): Resolver<Spec['TableName']> {
  const groups = new Map(options.tables.map((spec) => [spec.TableName as string, spec]));
  const groupOf = (name: string) => {
    const spec = groups.get(name);
    if (!spec) {
      const known = [...groups.keys()].join(', ') || 'none';
      throw new ResolverError('unknown-group', `There is no group "${name}"; known are: ${known}.`);
    }
    return { environment: options.environment, name, scheme: spec.RotationScheme };
  };
  const at = (name: string, instant: Instant, count = 0): string => {
    const group = groupOf(name);
    return tableName(group, shift(group.scheme, epochMs(instant), count));
  };
  return {
    current: (name, now = Date.now()) => at(name, now),
    tableFor: (name, instant) => at(name, instant),
    next: (name, now = Date.now()) => at(name, now, 1),
    tablesBetween: (name, from, to) => {
      const group = groupOf(name);
      const begin = epochMs(from);
      const end = epochMs(to);
      const names: string[] = [];
      if (begin >= end) return names;
      for (let period = periodAt(group.scheme, begin); period.start < end; ) {
        names.push(tableName(group, period));
        if (period.end === Infinity) break;
        period = periodAt(group.scheme, period.end);
      }
      return names;
    },
  };
}

/** Epoch seconds of today are a day in January 1970: nobody means that. */
const EARLIEST_MS = 100_000_000_000;

function epochMs(instant: Instant): number {
  // JavaScript callers pass null too, which Number() takes for 1970.
  const ms = typeof instant === 'string' ? parseInstant(instant) : Number(instant ?? Number.NaN);
  if (ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > 8.64e15) {
    throw new ResolverError('invalid-instant', `Not an instant: ${String(instant)}.`);
  }
  if (typeof instant === 'number' && Math.abs(ms) < EARLIEST_MS) {
    throw new ResolverError(
      'invalid-instant',
      `${instant} looks like seconds; instants are epoch milliseconds.`,
    );
  }
  return ms;
}
