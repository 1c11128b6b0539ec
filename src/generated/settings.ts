// Generated from schemas/settings.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** Number of upcoming periods for which rotate creates tables in advance. */
export type PeriodsAhead = number | string;

/**
 * Rotate raises an upcoming table to its full throughput this many hours before its period starts. Until
 * then, the table has its outdated throughput. With Method `predictive`, scale raises the table only minutes
 * before its period starts, to the capacity that demand requires.
 */
export type WarmUpHours = number | string;

/**
 * Length of the drain window in minutes. After its period ends, a table keeps its throughput for this long,
 * for late writers. Then rotate lowers it to its outdated throughput. With Method `predictive`, scale lowers
 * the table as soon as its traffic has stopped, and from 100 units per second on already to half when its
 * period ends.
 */
export type DrainMinutes = number | string;

/**
 * How scaling chooses throughput. `predictive` learns the demand of the group and serves short peaks from
 * burst capacity (see docs/capacity.md). `reactive` keeps a percentage of the throughput in use: it raises
 * immediately and lowers after 15 quiet minutes. `target-tracking` follows the rules of Application Auto
 * Scaling. `step` raises and lowers by percentages, like dynamic-dynamodb. `none` leaves throughput as rotate
 * sets it.
 */
export type Method = 'predictive' | 'reactive' | 'target-tracking' | 'step' | 'none';

/**
 * Percentage of burst capacity that Method `predictive` may use. At 0, throughput alone covers each
 * one-minute peak, which costs more.
 */
export type BurstReliance = number | string;

/**
 * Percentage of the provisioned throughput that should be in use, for Methods `reactive` and
 * `target-tracking`.
 */
export type TargetUtilization = number | string;

/**
 * How many changes of tables per second your account accepts. Once AWS has throttled a change, a run sends
 * further ones at this rate. If many periods start at once, the raises of their tables begin so much earlier
 * that all of them are in time, the largest first. AWS does not publish the limit. Accounts with one per
 * second were seen. The key applies to the whole environment, so Tables does not accept it.
 */
export type ChangesPerSecond = number | string;

/**
 * Number of days for which an entry of the history is retained. Then DynamoDB deletes it by time to live. The
 * key applies to the whole environment, so Tables does not accept it.
 */
export type HistoryDays = number | string;

/**
 * Whether no command may tear the environment down. The key applies to the whole environment, so Tables does
 * not accept it. Default: true if a part of the environment's name is `prod`, `production`, `prd` or `live`,
 * such as `production` or `prod-eu`, and false otherwise.
 */
export type Protected = boolean;

/**
 * The kinds of events of which runs send a notice: to the topic of the stack, and from the daemon to its
 * webhook. They are the kinds of the history: a kind of action, `failed`, `hold-begun`, `hold-ended`,
 * `drill-passed`, `drill-failed` or `drill-skipped`. With `[]`, runs send only what waiting periods depend
 * on: notices of unusual deletions and of shorter retentions. The list of a later level replaces the list of
 * an earlier one. The key applies to the whole environment, so Tables does not accept it.
 */
export type Notices = (
  | 'create'
  | 'attach-consumer'
  | 'enable-destination'
  | 'add-replica'
  | 'tag-replica'
  | 'raise'
  | 'lower'
  | 'time-to-live'
  | 'recovery'
  | 'protection'
  | 'billing'
  | 'table-class'
  | 'schedule-deletion'
  | 'cancel-deletion'
  | 'back-up'
  | 'archive'
  | 'remove-replica'
  | 'delete'
  | 'detach-consumer'
  | 'failed'
  | 'hold-begun'
  | 'hold-ended'
  | 'drill-passed'
  | 'drill-failed'
  | 'drill-skipped'
)[];

/**
 * `settings.json` configures rotation, purging and scaling. The file is optional because every key has a
 * default. Turntable reads settings from four levels, in this order: `Defaults`,
 * `Defaults.Tables.<TableName>`, `Environments.<name>`, `Environments.<name>.Tables.<TableName>`. A later
 * level overrides an earlier one key by key, inside nested objects too. `Purge.Enabled` is the exception:
 * `false` at any level wins. An environment that is not listed uses `Defaults`.
 */
export interface SettingsFile {
  /** Path or URL of the JSON Schema of this file. Editors use it for completion and validation. */
  $schema?: string;
  /** Settings for every environment. */
  Defaults?: Level;
  /**
   * Settings that differ by environment. Each key is the name of an environment: letters, digits, `_` and
   * `-`, not starting with `-`. If a new environment is not listed, but its name is within two letters of a
   * listed one, rotate creates nothing in it.
   */
  Environments?: {
    [k: string]: Level;
  };
}

/** Settings at one level. They apply to every spec, and `Tables` overrides them for single specs. */
export interface Level {
  PeriodsAhead?: PeriodsAhead;
  WarmUpHours?: WarmUpHours;
  DrainMinutes?: DrainMinutes;
  Purge?: Purge;
  Scaling?: Scaling;
  FailAfter?: FailAfter;
  RestoreDrill?: RestoreDrill;
  ChangesPerSecond?: ChangesPerSecond;
  HistoryDays?: HistoryDays;
  Protected?: Protected;
  Notices?: Notices;
  /**
   * Windows in which Turntable does not lower capacity, switch the billing mode or table class, or delete
   * tables. Use them, for example, while maintenance stops your traffic. Turntable still creates tables and
   * raises capacity. The list of a later level replaces the list of an earlier one.
   */
  Maintenance?: Window[];
  Metrics?: Metrics;
  /** Settings that differ by spec. Each key is a TableName. */
  Tables?: {
    [k: string]: Settings;
  };
}

/**
 * How purge deletes tables whose retention has ended. One run schedules the deletion. A later run checks the
 * table again and deletes it.
 */
export interface Purge {
  /**
   * Whether purge may schedule deletions and delete tables. If `false`, plans still show what purge would do.
   * Unlike every other key, `false` at any level overrides `true` at all other levels, so `false` in
   * `Defaults` prevents all deletions.
   */
  Enabled?: boolean;
  /** Waiting period in hours: the minimum time between scheduling a deletion and deleting the table. */
  WaitingPeriodHours?: number | string;
  /**
   * Maximum number of tables that one run deletes, oldest first. Default: twice as many as expire in a day,
   * or in a longer waiting period, but at least 50. The limit applies to the whole environment. Under Tables,
   * the key has no effect.
   */
  MaxPerRun?: number | string;
  /**
   * Maximum number of tables that one run deletes in one group, oldest first. Default: twice as many as
   * expire in a day, or in a longer waiting period, but at least 30.
   */
  MaxPerGroup?: number | string;
  /**
   * A shorter PurgeRotation takes effect when an operator runs `turntable confirm`, or this many hours after
   * SNS accepted the notice of it. A longer one takes effect at once.
   */
  NoticeHours?: number | string;
  /**
   * Maximum percentage of tables, in the fleet and in each group, that a shorter PurgeRotation can make due
   * without a confirmation. If it makes more due, purge holds their deletion after NoticeHours too, and the
   * run fails until you run `turntable confirm`. Tables that are still draining count. Tables that were due
   * before the change do not count. MaxShare applies to the whole environment. Under Tables, the key has no
   * effect.
   */
  MaxShare?: number | string;
  /**
   * Purge holds the deletion of a table that was read or written within this many hours. Only traffic after
   * the end of its retention counts. 0 disables the check, for example if a backup job reads every table
   * daily.
   */
  TrafficHours?: number | string;
  /**
   * Whether purge creates a backup of a table before it deletes the table. After the waiting period, one run
   * requests the backup. A later run deletes the table once the backup is AVAILABLE. AWS charges for backups
   * per GB-month, and Turntable never deletes a backup. To bring a table back, run `turntable restore`.
   */
  FinalBackup?: boolean;
  Archive?: Archive;
}

/**
 * Where purge exports a table before it deletes the table. After the waiting period, one run starts the
 * export to S3. A later run deletes the table once the export is COMPLETED and its manifest has the items of
 * the table. AWS charges for exports per GB, and Turntable never deletes one. The spec needs
 * PointInTimeRecoverySpecification, because DynamoDB exports from continuous backups. Each table has its own
 * folder: `<Prefix>/<table>/AWSDynamoDB/<export>/`. To bring a table back, run `turntable restore --from
 * archive`. See [the recipe](recipes/archive.md). Without a Bucket, purge exports nothing.
 */
export interface Archive {
  /**
   * Whether purge exports tables. Set it to `false` for specs whose tables are not worth an archive. If you
   * keep the Bucket, `turntable archive list` and `turntable restore --from archive` still find earlier
   * exports.
   */
  Enabled?: boolean;
  /** Name of the bucket, in the account and region of the tables. */
  Bucket?: string;
  /**
   * What the keys of all exports start with, such as `archive` or `dynamodb/archive`. Default: the keys start
   * with the name of the table.
   */
  Prefix?: string;
  /** Format of the items: DynamoDB JSON, one item per line, or Amazon Ion. */
  Format?: 'DYNAMODB_JSON' | 'ION';
}

/**
 * How provisioned throughput follows demand. Turntable does not scale on-demand tables, unless `Billing` is
 * `auto`.
 */
export interface Scaling {
  Method?: Method;
  /**
   * Who chooses the billing mode. With `provisioned`, tables have the billing mode of their spec, and
   * `status` and `plan` recommend on-demand if it would be cheaper. With `auto`, rotate creates tables
   * on-demand, and Method `predictive` switches them by the demand of about the last three days. It chooses
   * on-demand if provisioned throughput would throttle more than 0.5% of demand or cost more, and provisioned
   * if that is clearly cheaper.
   */
  Billing?: 'provisioned' | 'auto';
  BurstReliance?: BurstReliance;
  TargetUtilization?: TargetUtilization;
  Step?: Step;
  /**
   * URL that must return a 2xx status within 3 seconds before Turntable lowers capacity, so that a decrease
   * does not make an incident worse. A run requests the URL once, and only if it would lower something.
   * Turntable does not follow redirects, and sends no request to a loopback, link-local or metadata address.
   */
  HealthUrl?: string;
  /**
   * Whether the host of `HealthUrl` may have a private address, such as 10.0.0.5, for a health page inside
   * your network. Default: false.
   */
  AllowPrivateHealthUrl?: boolean;
  /** Bounds of the table's read capacity. */
  Read?: Range;
  /** Bounds of the table's write capacity. */
  Write?: Range;
  /** Scaling settings that differ by global secondary index. Each key is an IndexName. */
  Indexes?: {
    [k: string]: IndexScaling;
  };
}

/**
 * Thresholds of Method `step`. It evaluates the last five minutes and changes throughput at most every five
 * minutes. After throttled requests, it raises throughput immediately.
 */
export interface Step {
  /** Throughput is raised if its utilization is above this percentage. */
  RaiseAbove?: number | string;
  /**
   * Percentage by which throughput is raised. The base is the provisioned throughput, or the consumed
   * throughput if that is higher.
   */
  RaiseBy?: number | string;
  /** Throughput is lowered if its utilization is below this percentage. Must be less than RaiseAbove. */
  LowerBelow?: number | string;
  /**
   * Percentage of the provisioned throughput by which it is lowered, but never below the consumed throughput.
   */
  LowerBy?: number | string;
}

/**
 * Bounds on capacity units. They apply when Turntable creates, warms up or scales a table or index. Turntable
 * derives a missing bound from the spec. If a derived bound contradicts a bound that you set, yours applies.
 */
export interface Range {
  /**
   * Minimum capacity units. Default: OutdatedTableProvisionedThroughput of the spec, or 1 without it. If the
   * spec provisions less than Min, tables are created and warmed up with Min. After its period ends, a table
   * may still have its OutdatedTableProvisionedThroughput.
   */
  Min?: number | string;
  /**
   * Maximum capacity units. Default: ten times the ProvisionedThroughput of the spec, to limit the cost of a
   * mistake. The default never exceeds 40,000, DynamoDB's own quota for a table, unless the spec provisions
   * more. If the spec provisions more than Max, Max applies whenever a table is created, warmed up or
   * lowered.
   */
  Max?: number | string;
  /**
   * Whether throttled requests are accepted, for a ceiling that you set on purpose. Runs still report and
   * count them, but do not fail because of them. Default: false.
   */
  AcceptThrottling?: boolean;
}

/**
 * Scaling of one global secondary index. If no level sets a key for the index, the value of its table
 * applies. The exceptions are Read and Write, which the index does not inherit.
 */
export interface IndexScaling {
  Method?: Method;
  BurstReliance?: BurstReliance;
  TargetUtilization?: TargetUtilization;
  Step?: Step;
  /** Bounds of the index's read capacity. */
  Read?: Range;
  /** Bounds of the index's write capacity. */
  Write?: Range;
}

/**
 * When a run fails because a current or upcoming table cannot serve what is asked of it. Before that, the run
 * reports the table as held.
 */
export interface FailAfter {
  /**
   * A run fails after this many minutes with throttled requests if Turntable cannot raise the capacity, for
   * example because of `Max` or a quota. `AcceptThrottling` exempts reads or writes.
   */
  ThrottledMinutes?: number | string;
  /**
   * A run fails if a table cannot be used or changed for this many minutes, for example because it stays
   * UPDATING, or if its changes do not reach a consumer.
   */
  UnusableMinutes?: number | string;
}

/**
 * Limits of restore drills, which a stack has with `RestoreDrills` in `deployment.json`. Once a month, a
 * drill restores the newest backup or export of each group into a scratch table, compares it, and deletes it.
 * A drill that would exceed a limit is skipped, and the history and a notice say so.
 */
export interface RestoreDrill {
  /** Whether groups are drilled in a stack with `RestoreDrills`. `turntable drill` works without it too. */
  Enabled?: boolean;
  /** Maximum size of a backup or an export, in GB, that a drill restores. */
  MaxGB?: number | string;
  /**
   * Maximum cost of all drills of a calendar month, in USD, by the prices of the configuration. The groups
   * that were not drilled for the longest time come first. The limit applies to the whole environment. Under
   * Tables, the key has no effect.
   */
  MaxUSD?: number | string;
}

/** A maintenance window, in UTC. */
export interface Window {
  /**
   * Days on which the window starts. Default: every day.
   *
   * @minItems 1
   */
  Days?: ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[];
  /** Start of the window, for example `22:30`. */
  From: string;
  /**
   * End of the window. If To is before From, the window ends on the next day: `22:30` to `04:00` crosses
   * midnight. `24:00` is the end of the day.
   */
  To: string;
}

/**
 * Which metrics the Lambda functions send to CloudWatch, for the whole environment. Each metric costs money,
 * and `turntable validate` prints how much. docs/metrics.md describes them.
 */
export interface Metrics {
  /** Whether the functions send metrics. Without them, alarms that need them have no data. */
  Enabled?: boolean;
  /**
   * What metrics are also sent for, one by one: `group` for each group, `phase` for tables in each phase,
   * `kind` for each kind of action, and `reason` for each reason of a hold. Without it, logs have these
   * figures.
   */
  By?: ('group' | 'phase' | 'kind' | 'reason')[];
}

/** Settings of one spec: every key of a level except Tables. */
export interface Settings {
  PeriodsAhead?: PeriodsAhead;
  WarmUpHours?: WarmUpHours;
  DrainMinutes?: DrainMinutes;
  Purge?: Purge;
  Scaling?: Scaling;
  FailAfter?: FailAfter;
  RestoreDrill?: RestoreDrill;
  /**
   * Windows in which Turntable does not lower capacity, switch the billing mode or table class, or delete
   * tables. Use them, for example, while maintenance stops your traffic. Turntable still creates tables and
   * raises capacity. The list of a later level replaces the list of an earlier one.
   */
  Maintenance?: Window[];
}
