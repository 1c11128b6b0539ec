import type { Method } from '../generated/settings.ts';
import type { Properties, Replica as ReplicaInput } from '../generated/tables.ts';
import type { ArchivePlace } from './archives.ts';
import type { RotationScheme } from './calendar/period.ts';
import { type Earlier, sayUntil } from './calendar/rotation.ts';
import type { NoticeKind } from './notice.ts';
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

/** Thresholds and steps of the method `step`, in percent of provisioned capacity. */
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
  /** Percent of provisioned capacity that should be in use, for methods with such a target. */
  readonly targetUtilization: number;
  readonly step: Step;
  /** How much of burst capacity `predictive` may use, from 0 to 1. */
  readonly burstReliance: number;
}

/** A table itself or one of its global secondary indexes: both have throughput of their own. */
export interface Resource {
  /** undefined for the table itself. */
  readonly index?: string;
  /** Throughput while the table is current. */
  readonly full: Units;
  /** Throughput after the period has ended. */
  readonly outdated: Units;
  /** Throughput before warm-up; undefined: the lower of the other two. */
  readonly parked?: Units;
  readonly bounds: { readonly read: Range; readonly write: Range };
  /** Lowest throughput that scaling may set after the period has ended. */
  readonly lowestAfter: Units;
  readonly scaling: Scaling;
}

/** The throughput of an upcoming table or index before warm-up. */
export const parkedUnits = ({ full, outdated, parked }: Resource): Units =>
  parked ?? { read: Math.min(full.read, outdated.read), write: Math.min(full.write, outdated.write) };

/** The property that names an index. Empty for the table itself. */
export const ofIndex = (index: string | undefined): { readonly index?: string } =>
  index === undefined ? {} : { index };

/** A time of day in UTC, on some days of the week, when nothing is lowered, switched or deleted. */
export interface MaintenanceWindow {
  /** Weekdays on which the window starts. 0 is Sunday. */
  readonly days: readonly number[];
  /** Minute of the day. */
  readonly fromMinute: number;
  readonly lastsMinutes: number;
}

export interface PurgeSettings {
  readonly enabled: boolean;
  readonly waitingPeriodMs: number;
  /** undefined: as many as the specs need. */
  readonly maxPerRun?: number;
  /** undefined: as many as the spec needs. */
  readonly maxPerGroup?: number;
  /** A shorter retention takes effect this long after people were told, unless it is confirmed earlier. */
  readonly noticeMs: number;
  /** Percent of the tables that a shorter retention can make due without a confirmation. */
  readonly maxShare: number;
  /** Traffic within this time holds a deletion. 0 ignores traffic. */
  readonly trafficMs: number;
  /** Whether a table is backed up before it is deleted. */
  readonly finalBackup: boolean;
  /** Where a table is exported to before it is deleted. undefined: nowhere. */
  readonly archive?: ArchivePlace;
  /** Where exports of its tables are, also after exporting was turned off. undefined: unknown. */
  readonly archivedIn?: ArchivePlace;
}

/** How long a current or upcoming table may fall short of what is asked of it before a run fails. */
export interface FailAfter {
  /** Minutes with throttled requests that count, as a time. */
  readonly throttledMs: number;
  readonly unusableMs: number;
}

export interface DrillSettings {
  readonly enabled: boolean;
  /** The largest backup that is restored. */
  readonly maxGB: number;
  /** Of all drills of the environment in a calendar month. */
  readonly maxUSD: number;
}

export interface Settings {
  /** Whether the environment can never be torn down. */
  readonly protected: boolean;
  readonly periodsAhead: number;
  readonly warmUpMs: number;
  readonly drainMs: number;
  readonly purge: PurgeSettings;
  /** It has to answer 2xx before anything is lowered. */
  readonly healthUrl?: string;
  /** Whether the host of the health URL may have a private address. */
  readonly allowPrivateHealthUrl?: boolean;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly failAfter: FailAfter;
  readonly drill: DrillSettings;
  /** The dimensions whose throttled requests an operator accepts: `read`, `write byUser`. */
  readonly acceptThrottling: readonly string[];
}

/** How an outdated table changes besides its throughput. undefined leaves it as it is. */
export interface Outdated {
  readonly billingMode?: 'PAY_PER_REQUEST';
  readonly tableClass?: TableClass;
}

/** A rotation that a group had before its scheme changed, with its own retention. */
export interface EarlierRotation extends Earlier {
  /** Retained periods, counted in periods of this scheme. Infinity: all. */
  readonly keep: number;
}

/** Earlier rotations as a configuration has them. */
export const writtenSchemes = (rotations: readonly EarlierRotation[]) =>
  rotations.map(({ scheme, keep, until }) => ({
    RotationScheme: scheme,
    PurgeRotation: Number.isFinite(keep) ? keep : -1,
    Until: sayUntil(until),
  }));

/** A Lambda function that gets the changes of every table of a group. */
export interface Consumer {
  /** Name or ARN, with or without a version or an alias. */
  readonly function: string;
  /** The other parameters of CreateEventSourceMapping. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The Kinesis data stream that gets the changes of every table of a group. */
export interface KinesisDestination {
  /** Name or ARN. */
  readonly stream: string;
  /** ApproximateCreationDateTimePrecision. */
  readonly precision?: string;
}

/** A replica of every table of a group, in another region. */
export interface ReplicaSpec {
  /** Such as eu-west-1. */
  readonly region: string;
  /** What UpdateTable gets about it: the Create of ReplicaUpdates, with numbers instead of strings. */
  readonly input: ReplicaInput;
}

/** One spec for one environment, with numbers instead of strings, and with all settings merged. */
export interface Spec {
  readonly name: string;
  readonly environment: string;
  /** The present scheme. Functions of `calendar/rotation.ts` find the one of a period. */
  readonly scheme: RotationScheme;
  /** The rotations before the scheme changed, oldest first. Empty for `none`. */
  readonly previously: readonly EarlierRotation[];
  /** Retained periods of the present scheme, including the current one. Infinity: all. */
  readonly keep: number;
  /** Past periods whose tables are created too. */
  readonly backfill: number;
  /** Input of CreateTable, with numbers instead of strings, and without other keys. */
  readonly properties: Properties;
  readonly consumers: readonly Consumer[];
  readonly destination?: KinesisDestination;
  /** In the order in which rotate adds them. */
  readonly replicas: readonly ReplicaSpec[];
  /** The table first, then its global indexes. Empty for on-demand. */
  readonly resources: readonly Resource[];
  readonly outdated: Outdated;
  /** `auto`: scaling chooses the billing mode of the current table by what its demand costs either way. */
  readonly billing: 'provisioned' | 'auto';
  readonly settings: Settings;
  /** How much earlier the upcoming table is raised than a single one, because others have to be raised after it; milliseconds. */
  readonly queueMs: number;
}

/** Whether tables are created with deletion protection. Default: yes. */
export const protects = ({ properties }: Spec): boolean => properties.DeletionProtectionEnabled !== false;

/** What a metric can be sent for, one by one. Each value is a metric of its own on CloudWatch's bill. */
export type Division = 'phase' | 'kind' | 'reason' | 'group';

/** Which metrics the functions send. */
export interface MetricsSettings {
  readonly enabled: boolean;
  readonly by: readonly Division[];
}

export interface Config {
  readonly environment: string;
  readonly specs: readonly Spec[];
  /** Settings of the whole environment: whether purge is enabled, and its caps. */
  readonly settings: Settings;
  /** Changes of tables that the account accepts. */
  readonly changesPerSecond: number;
  /** How long an entry of the history is retained, milliseconds. */
  readonly historyMs: number;
  /** Of what runs send notices. */
  readonly notices: readonly NoticeKind[];
  readonly prices: Prices;
  readonly metrics: MetricsSettings;
  /** Set if settings.json lists environments, but not this one. */
  readonly unlisted?: {
    /** The listed environment that is probably meant. */
    readonly similarTo?: string;
  };
}
