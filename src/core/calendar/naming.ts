import { iso } from './instant.ts';
import { type Period, periodAt, type RotationScheme } from './period.ts';

/** What a table's name is made of. */
export interface Group {
  readonly environment: string;
  /** The spec's TableName. */
  readonly name: string;
  readonly scheme: RotationScheme;
}

/** `<environment>.<TableName>.<YYYYMMDD>`; hourly adds the hour, `none` has no date. */
export function tableName({ environment, name, scheme }: Group, { start }: Period): string {
  const base = `${environment}.${name}`;
  if (scheme === 'none') return base;
  return `${base}.${iso(start)
    .replace(/\D/g, '')
    .slice(0, scheme === 'hourly' ? 10 : 8)}`;
}

/**
 * The period of a table, or undefined where the name is not exactly one that `tableName` makes for this
 * group: another environment, another date than a period's first, anything before or after it.
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
  const period = periodAt(group.scheme, instant);
  return tableName(group, period) === name ? period : undefined;
}

/** Leases and sentences of an environment. No spec may be called `turntable`. */
export const STATE_TABLE = 'turntable';

export const stateTableName = (environment: string): string => `${environment}.${STATE_TABLE}`;
