import type { Method } from '../generated/settings.ts';
import type { Properties } from '../generated/tables.ts';
import type { RotationScheme } from './calendar/period.ts';
import type { Prices, TableClass } from './prices.ts';

export type { TableClass } from './prices.ts';

/** Capacity units per second. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

/** Lowest and highest capacity units per second that scaling may set. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Thresholds and steps of the method `step`, in percent of the provisioned capacity. */
export interface Step {
  readonly raiseAbove: number;
  readonly raiseBy: number;
  readonly lowerBelow: number;
  readonly lowerBy: number;
}

/** A scaling method, by its name in the settings. */
export type MethodName = Exclude<Method, 'none'>;

/** How provisioned throughput follows demand. */
export interface Scaling {
  /** `none` leaves the throughput to rotate. */
  readonly method: MethodName | 'none';
  /** Percent of the provisioned capacity that should be in use, for methods that have such a target. */
  readonly targetUtilization: number;
  readonly step: Step;
  /** How much of the burst capacity `predictive` may rely on, from 0 to 1. */
  readonly burstReliance: number;
}

/** What may be provisioned: a table itself, or one of its global secondary indexes. */
export interface Resource {
  /** undefined for the table itself. */
  readonly index?: string;
  /** Throughput while current. */
  readonly full: Units;
  /** Throughput once the period is over, and before it is about to begin. */
  readonly outdated: Units;
  readonly bounds: { readonly read: Range; readonly write: Range };
  readonly scaling: Scaling;
}

/** The property that names an index; none for the table itself. */
export const ofIndex = (index: string | undefined): { readonly index?: string } =>
  index === undefined ? {} : { index };

/** A time of day, on some days of the week, in which nothing is lowered, switched or deleted; UTC. */
export interface MaintenanceWindow {
  /** On which it begins; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minute of the day. */
  readonly fromMinute: number;
  readonly lastsMinutes: number;
}

export interface PurgeSettings {
  readonly enabled: boolean;
  readonly waitingPeriodMs: number;
  readonly maxPerRun: number;
  readonly maxPerGroup: number;
  /** Percent of the fleet that may be overdue. */
  readonly maxShare: number;
  /** Traffic within so long speaks against a deletion; 0 where it does not count. */
  readonly trafficMs: number;
  /** Whether a table is backed up before it is deleted. */
  readonly finalBackup: boolean;
}

export interface Settings {
  readonly periodsAhead: number;
  readonly warmUpMs: number;
  readonly drainMs: number;
  readonly purge: PurgeSettings;
  /** Has to answer 2xx before anything is lowered. */
  readonly healthUrl?: string;
  readonly maintenance: readonly MaintenanceWindow[];
}

/** What becomes of a table once it is outdated, besides its throughput; undefined leaves it as it is. */
export interface Outdated {
  readonly billingMode?: 'PAY_PER_REQUEST';
  readonly tableClass?: TableClass;
}

/** One spec with everything settled for one environment: strings made numbers, settings merged. */
export interface Spec {
  readonly name: string;
  readonly environment: string;
  readonly scheme: RotationScheme;
  /** Periods kept, the current one included; Infinity keeps all. */
  readonly keep: number;
  /** Past periods whose tables are made too. */
  readonly backfill: number;
  /** CreateTable's own words, numbers made numbers; without the keys that are not CreateTable's. */
  readonly properties: Properties;
  /** The table first, then its global indexes. Empty for on-demand. */
  readonly resources: readonly Resource[];
  readonly outdated: Outdated;
  /** `auto`: scaling chooses how the current table is billed, by what its demand costs either way. */
  readonly billing: 'provisioned' | 'auto';
  readonly settings: Settings;
}

/** Whether its tables are made with deletion protection: they are, unless the spec says that they are not. */
export const protects = ({ properties }: Spec): boolean => properties.DeletionProtectionEnabled !== false;

export interface Config {
  readonly environment: string;
  readonly specs: readonly Spec[];
  /** Settings of the whole environment: the switch and the caps of purge. */
  readonly settings: Settings;
  readonly prices: Prices;
}
