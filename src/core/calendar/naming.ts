import type { Period, RotationScheme } from './period.ts';
import { periodOf, type Rotations, rotationAt } from './rotation.ts';

/** The parts of a table's name. */
export interface Group extends Rotations {
  readonly environment: string;
  /** The spec's TableName. */
  readonly name: string;
}

/** Schemes whose periods start at midnight, so that the date is enough to tell their tables apart. */
type DatedScheme = 'daily' | 'weekly' | 'monthly' | 'yearly';

/** `<environment>.<TableName>.<YYYYMMDD>`. `hourly` adds the hour, and `none` has no date. */
export const tableName = (group: Group, { start }: Period): string =>
  datedName(`${group.environment}.${group.name}`, rotationAt(group, start).scheme, start);

/** The name of a table of a scheme whose period starts at `start`. */
export const datedName = (base: string, scheme: RotationScheme, start: number): string =>
  scheme === 'none'
    ? base
    : // A new scheme does not compile until it is clear how many digits of YYYYMMDDHH its names have.
      `${base}.${new Date(start)
        .toISOString()
        .replace(/\D/g, '')
        .slice(0, (scheme satisfies 'hourly' | DatedScheme) === 'hourly' ? 10 : 8)}`;

/**
 * The period of a table. undefined unless the name is exactly one that `tableName` returns for this group: the
 * environment, the date of a period's start, and nothing before or after.
 */
export function parseTableName(group: Group, name: string): Period | undefined {
  const digits = /\.(\d{4})(\d\d)(\d\d)(\d\d)?$/.exec(name);
  const instant =
    group.scheme === 'none'
      ? 0
      : digits
        ? Date.parse(`${digits[1]}-${digits[2]}-${digits[3]}T${digits[4] ?? '00'}:00:00Z`)
        : Number.NaN;
  if (Number.isNaN(instant)) return undefined;
  const period = periodOf(group, instant);
  return tableName(group, period) === name ? period : undefined;
}

/** The table of an environment that keeps leases, scheduled deletions, suspensions and memories. No spec may have this name. */
export const STATE_TABLE = 'turntable';

/** Restore drills restore into tables below this name. No spec may have it, or begin with it and a dot. */
export const DRILLS = 'turntable-drill';

export const stateTableName = (environment: string): string => `${environment}.${STATE_TABLE}`;

/** Whether a table with the prefix of an environment is Turntable's own: the state table, or the scratch table of a drill. */
export const isOwn = (environment: string, name: string): boolean =>
  name === stateTableName(environment) || name.startsWith(`${environment}.${DRILLS}.`);
