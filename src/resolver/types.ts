import type { Period, RotationScheme } from '../core/calendar/period.ts';

/** What the resolver reads of a spec, as `tables.json` has it; the rest may be there. */
export interface ResolverSpec {
  readonly TableName: string;
  readonly RotationScheme: RotationScheme;
  /** Periods kept, the current one included; -1 or nothing keeps all. */
  readonly PurgeRotation?: number | string | undefined;
  /** How many coming periods have tables, where `settings.json` says other than 1. */
  readonly PeriodsAhead?: number | string | undefined;
}

/** A spec as TypeScript sees it in an imported JSON file, where no string is a literal. */
export type WrittenSpec = Omit<ResolverSpec, 'RotationScheme'> & { readonly RotationScheme: string };

/** A scheme that is given literally has to be one; one that comes from a file is looked at when it is used. */
type Checked<Spec extends WrittenSpec> = string extends Spec['RotationScheme']
  ? unknown
  : { readonly RotationScheme: RotationScheme };

type Specs<Spec extends WrittenSpec> = readonly (Spec & Checked<Spec>)[];

export interface ResolverOptions<Spec extends WrittenSpec> {
  /** The environment that operators deploy: the first part of every table's name. */
  readonly environment: string;
  /** The specs of `tables.json`: the file's whole content, its array, literals, or generated constants. */
  readonly tables: Specs<Spec> | { readonly Tables: Specs<Spec> };
  /** Epoch milliseconds; the wall clock unless told otherwise. */
  readonly now?: (() => number) | undefined;
}

/** A Date, epoch milliseconds, or an ISO 8601 string (UTC unless it names a zone). */
export type Instant = Date | number | string;

export type Order = 'oldest-first' | 'newest-first';

/** A table and its period [start, end), epoch milliseconds; infinite for `none`. */
export interface TablePeriod extends Period {
  readonly table: string;
}

/** `kept`: retention keeps it, and it has begun. `future`: its table is not due to be made yet. */
export type Standing = 'expired' | 'keep-tag' | 'coming' | 'future';

/**
 * Which table is it: synchronous and without network.
 * Every method throws a ResolverError for an unknown group (`unknown-group`), for what is no instant
 * (`invalid-instant`) and for epoch seconds (`seconds`).
 */
export interface Resolver<Name extends string = string> {
  /** The table whose period holds `now`; the clock's unless told otherwise. */
  current(group: Name, now?: Instant): string;
  /** The table of the period after the one that holds `now`. */
  next(group: Name, now?: Instant): string;
  /**
   * The table whose period holds `instant`.
   * @throws ResolverError `outside-retention` where that is expired, or not due to exist yet
   */
  tableFor(group: Name, instant: Instant): string;
  /** Tables whose periods touch [from, to), from the oldest that retention keeps to the last that is due. */
  tablesBetween(group: Name, from: Instant, to: Instant, order?: Order): string[];
  /** The same with their periods. */
  periodsBetween(group: Name, from: Instant, to: Instant, order?: Order): TablePeriod[];
  /** The table whose period holds `instant`, and how it stands; no instant is outside here. */
  locate(group: Name, instant: Instant): TablePeriod & { readonly standing: Standing };
  /** The clock's time, epoch milliseconds. */
  now(): number;
  /** [from, to), epoch milliseconds, of all tables that should exist; infinite where nothing ends it. */
  retention(group: Name, now?: Instant): { readonly from: number; readonly to: number };
}
