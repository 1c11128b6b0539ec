// Generated from schemas/settings.schema.json by scripts/generate.ts: do not edit, run `npm run generate`.

/** How many coming periods have their tables made already. */
export type PeriodsAhead = number | string;

/**
 * How many hours before its period begins a table stands at its full throughput, where `predictive` does not
 * bring it to what is needed minutes before. One that is made earlier is parked at its outdated throughput
 * until then.
 */
export type WarmUpHours = number | string;

/**
 * How many minutes after its period's end a table keeps its throughput, for late writers, before it steps
 * down. With `predictive` it steps down as soon as its traffic is gone.
 */
export type DrainMinutes = number | string;

/**
 * `predictive` learns demand and rides its short peaks on the burst capacity, as docs/capacity.md explains;
 * `reactive` keeps a share of the throughput in use, up at once and down after 15 quiet minutes;
 * `target-tracking` does what Application Auto Scaling does; `step` raises and lowers by percentages, as
 * dynamic-dynamodb did; `none` leaves throughput where rotate puts it.
 */
export type Method = 'predictive' | 'reactive' | 'target-tracking' | 'step' | 'none';

/**
 * How much of the burst capacity `predictive` may rely on, in percent. With 0 throughput covers every
 * minute's peak by itself, which costs more.
 */
export type BurstReliance = number | string;

/**
 * How much of the provisioned throughput should be in use, in percent, for `reactive` and `target-tracking`.
 */
export type TargetUtilization = number | string;

/**
 * `settings.json` says how the groups of `tables.json` are kept. It may be absent: everything has a default.
 * Settings cascade through four levels, and a later level wins key by key, inside nested objects too (only
 * `Purge.Enabled: false` wins at any level): first `Defaults`, then `Defaults.Tables.<TableName>`, then
 * `Environments.<name>`, then `Environments.<name>.Tables.<TableName>`. What no level sets has the default
 * given below. An environment that is not listed gets the defaults.
 */
export interface SettingsFile {
  /** Where the JSON Schema of this file is; editors complete and check the file with it. */
  $schema?: string;
  /** Settings of every environment. */
  Defaults?: Level;
  /** What differs, by name of the environment: letters, digits, `_` and `-`, the first not `-`. */
  Environments?: {
    [k: string]: Level;
  };
}

/** Settings of one level, for all specs and, under Tables, for single ones. */
export interface Level {
  PeriodsAhead?: PeriodsAhead;
  WarmUpHours?: WarmUpHours;
  DrainMinutes?: DrainMinutes;
  Purge?: Purge;
  Scaling?: Scaling;
  /**
   * Windows in which nothing is lowered, switched or deleted, for instance while traffic is off for
   * maintenance. Raises and creations go on. A later level's list replaces an earlier one's.
   */
  Maintenance?: Window[];
  /** What differs, by TableName. */
  Tables?: {
    [k: string]: Settings;
  };
}

/**
 * How tables past their retention are deleted: one run condemns a table, a later one looks again and deletes
 * it.
 */
export interface Purge {
  /**
   * Whether purge may act. While it is `false` nothing is condemned or deleted; plans still show what would
   * go. Unlike every other key, a `false` at any level that applies wins over a `true` at any other: in
   * `Defaults` it stops all deletions.
   */
  Enabled?: boolean;
  /** How many hours pass at least between a table's condemnation and its deletion. */
  WaitingPeriodHours?: number | string;
  /**
   * How many tables one run deletes at most, the oldest first. One cap for the whole environment: under
   * Tables it has no effect.
   */
  MaxPerRun?: number | string;
  /** The same for the tables of one group. A day of hourly tables is within the default. */
  MaxPerGroup?: number | string;
  /**
   * How much of the fleet, and of each group, may be overdue, in percent: due for longer than a daily purge
   * lets any be, which is two days where WaitingPeriodHours is 24 or less, three with FinalBackup. Where a
   * run finds more, and more than 2 tables, it condemns and deletes nothing, or nothing of that group, and
   * fails, for that is what a slip in a retention looks like. Raise it until a true backlog is gone. For the
   * whole environment: under Tables it has no effect.
   */
  MaxShare?: number | string;
  /**
   * A table past its retention that was read or written within so many hours, and since it is due, is held. 0
   * does not look, for tables that something like a backup job reads every day.
   */
  TrafficHours?: number | string;
  /**
   * Whether a table is backed up before it goes: the second look asks for the backup, and a later run that
   * has seen it available deletes the table. Backups are charged by the GB as long as they are kept, and
   * Turntable deletes none. `turntable restore` brings a table back.
   */
  FinalBackup?: boolean;
}

/** How provisioned throughput follows demand. On-demand tables are left alone, unless `Billing` is `auto`. */
export interface Scaling {
  Method?: Method;
  /**
   * `provisioned` follows demand with provisioned throughput, and says in `status` and `plan` where on-demand
   * would be cheaper. `auto` has `predictive` choose: on demand where provisioned throughput would throttle
   * more than 0.5 % or cost more, provisioned where it is clearly better, by about the last three days.
   * Tables are then made on demand.
   */
  Billing?: 'provisioned' | 'auto';
  BurstReliance?: BurstReliance;
  TargetUtilization?: TargetUtilization;
  Step?: Step;
  /**
   * A URL that has to answer 2xx within 3 seconds before anything is lowered, so that no decrease makes an
   * incident worse. It is fetched once in a run, and only if something would be lowered; redirects are not
   * followed.
   */
  HealthUrl?: string;
  /** Bounds of the table's read capacity. */
  Read?: Range;
  /** Bounds of the table's write capacity. */
  Write?: Range;
  /** What differs for global secondary indexes, by IndexName. */
  Indexes?: {
    [k: string]: IndexScaling;
  };
}

/**
 * Thresholds of `step`, which looks at the last five minutes, and every five minutes at most changes
 * something. Throttled requests raise at once.
 */
export interface Step {
  /** Raise where more than this much of the throughput is in use, in percent. */
  RaiseAbove?: number | string;
  /** By how much to raise, in percent of what is provisioned, or of what was consumed where that is more. */
  RaiseBy?: number | string;
  /** Lower where less than this much of the throughput is in use, in percent. Less than RaiseAbove. */
  LowerBelow?: number | string;
  /** By how much to lower, in percent of what is provisioned. Never below what was consumed. */
  LowerBy?: number | string;
}

/**
 * Capacity units that Turntable stays within, when it makes and warms a table as when it scales one. A bound
 * that is not set derives from the spec: ten times what it provisions at most, so that no mistake can cost
 * more, and no more than DynamoDB's own quota of 40,000 for a table unless the spec provisions more; its
 * outdated throughput, or 1 without one, at least. A derived bound gives way to one that is set.
 */
export interface Range {
  /**
   * Lowest capacity units. Otherwise the spec's OutdatedTableProvisionedThroughput, or 1. A table whose spec
   * provisions less is made and warmed with this much; one whose period is over may still stand at its
   * OutdatedTableProvisionedThroughput.
   */
  Min?: number | string;
  /**
   * Highest capacity units. Otherwise ten times the spec's ProvisionedThroughput, at most 40,000. A table
   * whose spec provisions more is made, warmed and stepped down with this much.
   */
  Max?: number | string;
}

/**
 * How one global secondary index is scaled. What is not set here, at any level, is as for its table; bounds
 * are the index's own.
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

/** A maintenance window, in UTC. */
export interface Window {
  /**
   * The days on which it begins; every day without.
   *
   * @minItems 1
   */
  Days?: ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[];
  /** When it begins, such as `22:30`. */
  From: string;
  /**
   * When it ends, on the next day where that is before From: from `22:30` to `04:00` it crosses midnight.
   * `24:00` is the end of the day.
   */
  To: string;
}

/** Settings of one spec: the keys of a level, without Tables. */
export interface Settings {
  PeriodsAhead?: PeriodsAhead;
  WarmUpHours?: WarmUpHours;
  DrainMinutes?: DrainMinutes;
  Purge?: Purge;
  Scaling?: Scaling;
  /**
   * Windows in which nothing is lowered, switched or deleted, for instance while traffic is off for
   * maintenance. Raises and creations go on. A later level's list replaces an earlier one's.
   */
  Maintenance?: Window[];
}
