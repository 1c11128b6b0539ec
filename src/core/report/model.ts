/** The report of an environment, as JSON: what `turntable report --json` prints, and what the page shows. */
import type { Phase } from '../phase.ts';
import type { Action, Hold, Plan, Recommendation } from '../plan.ts';
import type { Runs } from './runs.ts';

/** Version of the format. */
export const REPORT_VERSION = 1;

export interface FleetReport {
  readonly version: typeof REPORT_VERSION;
  readonly environment: string;
  readonly region: string;
  /** The account's number; null if it is not known. */
  readonly account: string | null;
  /** ISO 8601 in UTC, as all times. */
  readonly at: string;
  /** The time that charts and time-lines show: [from, at), and what is planned until `until`. */
  readonly from: string;
  readonly until: string;
  /** The points of all charts. */
  readonly points: Points;
  /** The suspensions in force; null if they could not be read. Nothing is purged or lowered then. */
  readonly suspensions: NonNullable<Plan['suspensions']> | null;
  readonly cost: FleetCost;
  readonly groups: readonly GroupReport[];
  /** What happens next, the earliest first: planned changes, then what time brings. */
  readonly next: readonly NextEvent[];
  /** How many later events are left out of `next`. */
  readonly laterEvents: number;
  readonly recommendations: readonly Recommendation[];
  /** Tables that have this environment's prefix but match no spec. */
  readonly unmanaged: readonly string[];
  readonly past: PastReport;
  /** How many metrics were read, and what AWS charges for that. */
  readonly metricReads: number;
  readonly metricReadsUsd: number;
}

export interface Points {
  /** Start of the first point, ISO 8601. */
  readonly start: string;
  readonly count: number;
  /** Minutes of a point. */
  readonly minutes: number;
  /** Minutes over which CloudWatch averaged what was consumed. A shorter peak was higher. */
  readonly averagedMinutes: number;
}

export interface GroupReport {
  /** TableName of the spec. */
  readonly name: string;
  /** RotationScheme. */
  readonly scheme: string;
  /** Retained periods; null if all are retained. */
  readonly retains: number | null;
  /** Regions of the replicas in the spec. */
  readonly regions: readonly string[];
  /** The newest first. */
  readonly tables: readonly TableReport[];
  /** Older tables that `tables` leaves out. */
  readonly omitted: number;
  readonly charts: readonly Chart[];
  /** USD per month by phase, as in `FleetCost`. */
  readonly phases: readonly PhaseCost[];
  /** Changes that the jobs would make now. */
  readonly actions: readonly PlannedAction[];
  /** The oldest first. Those whose begin is unknown come last. */
  readonly holds: readonly AgedHold[];
}

/** What a table is at a time. `missing`: it should exist. `deletion-scheduled`: purge deletes it after the waiting period. */
export type TableState = Phase | 'missing' | 'deletion-scheduled';

/** A part of a time-line: [from, to). What follows the time of the report is what the configuration plans. */
export interface Stretch {
  readonly state: TableState;
  readonly from: string;
  readonly to: string;
}

export interface TableReport {
  readonly name: string;
  /** `deleted`: the table no longer exists. */
  readonly state: TableState | 'deleted';
  /** TableStatus of AWS, `MISSING`, or `DELETED`. */
  readonly status: string;
  readonly createdAt: string | null;
  /** null for the only table of `none`. */
  readonly starts: string | null;
  readonly ends: string | null;
  readonly drained: string | null;
  /** When its retention ends; null if it is retained for good. */
  readonly expires: string | null;
  readonly deletionScheduledAt: string | null;
  /** The end of the waiting period. */
  readonly deletableFrom: string | null;
  /** null if it exists, or if the time is unknown. */
  readonly deletedAt: string | null;
  readonly stretches: readonly Stretch[];
  /** USD per month; null if it does not exist. Throughput is null if consumption is unknown. */
  readonly cost: { readonly throughput: number | null; readonly storage: number } | null;
  readonly next: string;
}

/** Reads or writes of the current table of a group, or of one of its indexes, over time; units per second. */
export interface Chart {
  readonly dimension: 'read' | 'write';
  readonly index?: string;
  /** Why metrics could not be read. */
  readonly error?: string;
  /** The highest consumption of each point. */
  readonly consumed: Runs;
  /** The highest provisioned capacity of each point. −1: on-demand or unknown. */
  readonly capacity: Runs;
  /** Throttled requests of each point. */
  readonly throttled: Runs;
  /** The same by table, for readers who do not see the chart. */
  readonly tables: readonly ChartTable[];
}

/** The current table of a group in a part of the chart. Rates are units per second. */
export interface ChartTable {
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly meanConsumed: number;
  readonly peakConsumed: number;
  /** null: on-demand or unknown. */
  readonly lowestCapacity: number | null;
  readonly highestCapacity: number | null;
  readonly throttled: number;
}

/** USD per month of the tables in a phase, at present capacity, consumption and size. */
export interface PhaseCost {
  readonly phase: Phase;
  readonly tables: number;
  /** Without the tables whose consumption is unknown. */
  readonly throughput: number;
  readonly storage: number;
  /** Tables whose throughput has an unknown cost. */
  readonly unknown: number;
}

/** What the throughput of current tables cost in a part of a calendar month, by metrics. */
export interface MonthCost {
  /** `2026-11`. */
  readonly month: string;
  /** How much of the month the report covers. */
  readonly hours: number;
  readonly throughput: number;
}

export interface FleetCost {
  /** USD per month, without what is unknown. */
  readonly month: number;
  readonly phases: readonly PhaseCost[];
  readonly months: readonly MonthCost[];
}

export interface PlannedAction {
  readonly kind: Action['kind'];
  readonly table: string;
  readonly reason: Action['reason'];
  readonly message: string;
}

export interface AgedHold extends Pick<Hold, 'kind' | 'group' | 'table' | 'reason' | 'message'> {
  /** When it began; null if that is unknown. */
  readonly since: string | null;
  readonly urgent: boolean;
}

export interface NextEvent {
  /** null: with the next run. */
  readonly at: string | null;
  readonly group: string;
  readonly table: string;
  readonly what: string;
}

/** What happened, from the history. The newest first. */
export interface PastReport {
  readonly events: readonly PastEvent[];
  /** How many older events are left out. */
  readonly omitted: number;
  /** Why the history is not known. */
  readonly unknown?: string;
}

export interface PastEvent {
  readonly at: string;
  /** `raise`, `failed`, `hold-begun`, `command`: as in `turntable history`. */
  readonly kind: string;
  /** Absent if it is about the environment. */
  readonly group?: string;
  readonly table?: string;
  readonly reason?: string;
  readonly message: string;
  /** Who did it, for a command of a person. */
  readonly by?: string;
}
