import type { Period, RotationScheme } from '../core/calendar/period.ts';

/** The properties of a spec that the resolver reads. Specs from `tables.json` can have more. */
export interface ResolverSpec {
  readonly TableName: string;
  readonly RotationScheme: RotationScheme;
  /** How many periods are retained, including the current one. -1, the default, retains all. */
  readonly PurgeRotation?: number | string | undefined;
  /** How many upcoming periods have tables. Default: 1. Set it if `settings.json` sets it for this spec. */
  readonly PeriodsAhead?: number | string | undefined;
  /** The schemes that the group had before, oldest first. */
  readonly Previously?: readonly EarlierScheme[] | undefined;
}

/** A scheme that a group had before its scheme changed. Its tables keep their periods and their own retention. */
export interface EarlierScheme {
  readonly RotationScheme: Exclude<RotationScheme, 'none'>;
  /** How many of its periods are retained. -1, the default, retains all. */
  readonly PurgeRotation?: number | string | undefined;
  /** The instant of the change, exclusive, in ISO 8601. Both schemes begin a period then. `turntable validate` checks it. */
  readonly Until: string;
}

/** An earlier scheme from an imported JSON file. */
export type WrittenEarlierScheme = Omit<EarlierScheme, 'RotationScheme'> & {
  readonly RotationScheme: string;
};

/** A spec from an imported JSON file, where TypeScript infers `string` for every text. */
export type WrittenSpec = Omit<ResolverSpec, 'RotationScheme' | 'Previously'> & {
  readonly RotationScheme: string;
  readonly Previously?: readonly WrittenEarlierScheme[] | undefined;
};

/** The keys that a spec in `tables.json` can have, and `PeriodsAhead`. */
export type SpecKey =
  | keyof ResolverSpec
  | 'Backfill'
  | 'Consumers'
  | 'KinesisStreamDestination'
  | 'Replicas'
  | 'Properties';

/** The compiler checks literal schemes and the keys of literals. `createResolver` checks a scheme of type `string`. */
type Checked<Spec extends WrittenSpec> = Scheme<Spec, RotationScheme> &
  (string extends Spec['TableName']
    ? unknown
    : Without<Spec, SpecKey> & {
        readonly Previously?: readonly CheckedEarlier<EarlierOf<Spec>>[] | undefined;
      });

type CheckedEarlier<Earlier extends WrittenEarlierScheme> = Without<Earlier, keyof EarlierScheme> &
  Scheme<Earlier, EarlierName<Earlier>> & { readonly [Key in keyof EarlierScheme]?: unknown };

/** A literal `none` is an error. A scheme that is only known to be some scheme is checked by `createResolver`. */
type EarlierName<Earlier extends WrittenEarlierScheme> = RotationScheme extends Earlier['RotationScheme']
  ? RotationScheme
  : EarlierScheme['RotationScheme'];

type Scheme<
  Written extends { readonly RotationScheme: string },
  Known,
> = string extends Written['RotationScheme'] ? unknown : { readonly RotationScheme: Known };

/** No keys but these. A misspelt one would be ignored. */
type Without<Written, Known extends PropertyKey> = {
  readonly [Key in Exclude<KeyOfAny<Written>, Known>]?: never;
};
type KeyOfAny<Union> = Union extends unknown ? keyof Union : never;
type EarlierOf<Spec> = Spec extends {
  readonly Previously: readonly (infer Earlier extends WrittenEarlierScheme)[];
}
  ? Earlier
  : never;

type Specs<Spec extends WrittenSpec> = readonly (Spec & Checked<Spec>)[];

export interface ResolverOptions<Spec extends WrittenSpec> {
  /** The deployed environment, which is the first part of every table name. Letters, digits, `_` and `-`. */
  readonly environment: string;
  /** The specs: generated constants, literals, or the content of `tables.json`, with or without its `Tables` key. */
  readonly tables: Specs<Spec> | { readonly Tables: Specs<Spec> };
  /** Returns the current time in epoch milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * A Date, a number of epoch milliseconds, or an ISO 8601 string in the years 0 to 9999. A string without an offset is in
 * UTC.
 */
export type Instant = Date | number | string;

export type Order = 'oldest-first' | 'newest-first';

/** A table and its period [start, end), in epoch milliseconds. The period of `none` is infinite. */
export interface TablePeriod extends Period {
  readonly table: string;
}

/**
 * - `expired`: the retention of the period has ended, so purge deletes its table
 * - `retained`: the period has started, and its retention has not ended
 * - `upcoming`: the period has not started, and rotate creates its table in advance
 * - `future`: the period starts later than that, so its table does not exist yet
 */
export type RetentionStatus = 'expired' | 'retained' | 'upcoming' | 'future';

/**
 * Finds the tables of a group by time. All methods are synchronous and send no requests.
 * @throws ResolverError from every method: `unknown-group`; `invalid-instant`; `seconds` if a number or a Date was
 * apparently created from epoch seconds
 */
export interface Resolver<Name extends string = string> {
  /** The table whose period contains `now`. Default: the time of the clock. */
  current(group: Name, now?: Instant): string;
  /** The table of the period after the one that contains `now`. For `none`, the only table. */
  next(group: Name, now?: Instant): string;
  /**
   * The table whose period contains `instant`.
   * @throws ResolverError `outside-retention` if that period has expired, or if its table does not need to exist yet
   */
  tableFor(group: Name, instant: Instant): string;
  /**
   * The tables whose periods overlap [from, to), limited to `retention`. Empty if `to` is not after `from`.
   * @throws ResolverError `invalid-options` if `order` is invalid
   */
  tablesBetween(group: Name, from: Instant, to: Instant, order?: Order): string[];
  /** Like `tablesBetween`, with the period of each table. */
  periodsBetween(group: Name, from: Instant, to: Instant, order?: Order): TablePeriod[];
  /** The table whose period contains `instant`, with that period and its status. Accepts instants outside `retention`. */
  locate(group: Name, instant: Instant): TablePeriod & { readonly status: RetentionStatus };
  /** The time of the clock, in epoch milliseconds. */
  now(): number;
  /**
   * The time range [from, to) of all tables that should exist at `now`, in epoch milliseconds. `from` is -Infinity if all
   * tables are retained. Both are infinite for `none`. After a change of scheme, some tables in the range might have
   * expired, because each scheme has its own retention. `locate` tells which.
   */
  retention(group: Name, now?: Instant): { readonly from: number; readonly to: number };
}
